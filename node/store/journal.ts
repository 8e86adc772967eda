import type { BodyRow, JournalBatch, JournalRow, Store } from '@yitong/kernel';
import { bytes } from './columns.ts';
import type { Line } from './line.ts';
import type { Raw } from './table.ts';
import { journalBody } from './tables.ts';

/** Batches that have routes for other partitions of the node. */
export const hasRoutes = `'' = any(peers)`;

/** Columns of `journal j` for `journalRow`. */
export const journalSelect = 'seq, epoch, now, count, root, prev, link, head, routes, peers';

/** A batch's row as the driver gives it. */
export function journalRow(raw: Raw): JournalRow {
  return {
    seq: Number(raw['seq']),
    epoch: Number(raw['epoch']),
    now: Number(raw['now']),
    count: Number(raw['count']),
    root: bytes.read(raw['root']),
    prev: bytes.read(raw['prev']),
    link: bytes.read(raw['link']),
    head: bytes.read(raw['head']),
    routes: list(raw['routes']).map(Number),
    peers: list(raw['peers']).map(String),
  };
}

/** Batches from `seq` upwards with their bodies; the genesis row is none. */
export async function readJournal(
  line: Line,
  partition: number,
  seq: number,
  limit: number,
  peer: string | undefined,
): ReturnType<Store['read']> {
  const [name, forPeer, values] = narrowed(peer);
  const rows = await line.ask({
    name,
    text: `select ${journalSelect} from journal j where partition = $1::int and seq >= $2::bigint ${forPeer}
      order by seq limit $3::int`,
    values: [partition, Math.max(seq, 1), limit, ...values],
  });
  const batches = rows.map(journalRow);
  if (batches.length === 0) return [];
  const bodies = await line.ask({
    name: 'read_bodies',
    text: `select ${journalBody.select('t')} from journal_body t where partition = $1::int and seq = any($2::bigint[])
      order by seq, class`,
    values: [partition, batches.map((row) => row.seq)],
  });
  return withBodies(batches, bodies.map(journalBody.row));
}

/** What narrows a reading to a peer. Routes within the node have an index of their own, which only these very words meet. */
function narrowed(
  peer: string | undefined,
): readonly [name: string, where: string, values: readonly string[]] {
  if (peer === undefined) return ['read', '', []];
  return peer === ''
    ? ['read_routes', `and ${hasRoutes}`, []]
    : ['read_peer', 'and $4::text = any(peers)', [peer]];
}

function withBodies(rows: readonly JournalRow[], bodies: readonly BodyRow[]): JournalBatch[] {
  const bySeq = new Map<number, BodyRow[]>();
  for (const body of bodies) bySeq.set(body.seq, [...(bySeq.get(body.seq) ?? []), body]);
  return rows.map((row) => ({ row, bodies: bySeq.get(row.seq) ?? [] }));
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error('the driver gave no array');
}
