import { partitionOf, streamOf, unpackEntries } from '@yitong/kernel';
import type { Tables } from '../disk.ts';
import type { Finding } from '../finding.ts';
import type { Member } from '../member.ts';

/** A message that a partition's journal sends elsewhere. */
interface Sending {
  readonly at: number;
  readonly to: string;
  readonly type: string;
  readonly subject: string;
}

const positions = 2 ** 20;

/**
 * Nothing is on its way any more: each message for a peer is in a frame, each frame stored by its receiver and its receipt stored here,
 * no message refused, each message for another partition of the node taken. That all of it is right in itself `verify` has seen.
 */
export function checkStreams(
  members: readonly Member[],
  streams: number,
  isUrgent: (type: string) => boolean,
): Finding[] {
  return members.flatMap((from) =>
    from.disk.tables.partitions.flatMap((tables, partition) => {
      const at = `${from.code} ${partition}`;
      const sendings = sendingsOf(tables);
      const details = [
        ...unframed(tables, sendings.out, streams, isUrgent),
        ...unreceipted(tables, from.code, members),
        ...untaken(from, partition, sendings.route),
      ];
      return details.map((detail) => ({ rule: 'delivery', at, detail }));
    }),
  );
}

function sendingsOf(tables: Tables): Readonly<Record<'out' | 'route', readonly Sending[]>> {
  const found = { out: [] as Sending[], route: [] as Sending[] };
  for (const [seq, rows] of tables.bodies)
    if ((tables.journal[seq]?.peers.length ?? 0) > 0)
      for (const { kind, index, bytes } of rows.flatMap((row) => unpackEntries(row.body)))
        if (kind === 'out' || kind === 'route') {
          const { to, type, subject } = JSON.parse(Buffer.from(bytes).toString('utf8'));
          found[kind].push({ at: seq * positions + index, to, type, subject });
        }
  return found;
}

function unframed(
  tables: Tables,
  outs: readonly Sending[],
  streams: number,
  isUrgent: (type: string) => boolean,
): string[] {
  const framed = new Map<string, number>();
  for (const { peer, stream, uptoAt } of tables.sent.values())
    framed.set(`${peer} ${stream}`, Math.max(uptoAt, framed.get(`${peer} ${stream}`) ?? 0));
  return outs.flatMap(({ at, to, type, subject }) => {
    const stream = streamOf(isUrgent(type) ? 'urgent' : 'main', subject, streams);
    return at <= (framed.get(`${to} ${stream}`) ?? 0) ? [] : [`${type} to ${to} at ${at} is in no frame`];
  });
}

function unreceipted(tables: Tables, from: string, members: readonly Member[]): string[] {
  const inForce = new Map<string, number>();
  for (const { peer, stream, epoch } of tables.sent.values())
    inForce.set(`${peer} ${stream}`, Math.max(epoch, inForce.get(`${peer} ${stream}`) ?? 0));
  return [...tables.sent.values()].flatMap((frame) => {
    const { peer, stream, epoch, seq, link } = frame;
    const name = `frame ${seq} of ${stream} to ${peer}`;
    const there = members
      .find((member) => member.code === peer)
      ?.disk.tables.partitions.flatMap(
        (one) => one.received.get(`${from}\n${stream}\n${epoch}\n${seq}`) ?? [],
      )
      .at(0);
    // Void when a key was revoked: `verify` sees that the next epoch goes on behind the last frame received.
    if (!there && epoch < (inForce.get(`${peer} ${stream}`) ?? 0)) return [];
    if (!there) return [`${name} was not received`];
    if (Buffer.compare(there.link, link) !== 0) return [`${name} was received with other content`];
    if (there.refusals !== '') return [`${name}: messages were refused: ${there.refusals}`];
    return tables.receipts.has(`${peer}\n${stream}\n${epoch}\n${seq}`)
      ? []
      : [`${name} has no stored receipt`];
  });
}

function untaken({ disk }: Member, partition: number, routes: readonly Sending[]): string[] {
  const { partitions } = disk.tables;
  return routes.flatMap(({ at, type, subject }) => {
    const target = partitionOf(subject, partitions.length);
    const cursor = partitions[target]?.journal.at(-1)?.routes[partition] ?? 0;
    return at <= cursor ? [] : [`${type} at ${at} was not taken by partition ${target}`];
  });
}
