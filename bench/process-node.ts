import { readFileSync } from 'node:fs';
import { partitionOf } from '@yitong/kernel';
import { type SiblingDoor, siblingDoor } from '@yitong/node';
import type { Address } from './database.ts';
import { drive, forSeconds } from './drive.ts';
import { openLoneNode } from './lone-node.ts';
import { inputOf, note, subjectOf } from './notes.ts';

/** First word of the command line of such a process. */
export const asProcess = 'as-process';

/** How a process of the bench's node is started. */
export interface ProcessSetting {
  readonly connection: Address;
  /** Which one it is of how many, and where each listens; the only one when absent. */
  readonly share?: { readonly number: number; readonly ports: readonly number[] };
  readonly tls: { readonly tlsKey: string; readonly tlsCertificate: string };
}

/** Work for a process: for how long, how many commands wait at a time, and whether only those of its own partitions are given. */
export interface ProcessTask {
  readonly seconds: number;
  readonly underWay: number;
  readonly own: boolean;
}

const partitions = 4;

/** One process of the bench's node: does each task that it is told by its parent, and tells how many commands ended. */
export async function runAsProcess([text = '{}']: readonly string[]): Promise<void> {
  const { connection, share, tls } = JSON.parse(text) as ProcessSetting;
  const pair = { key: readFileSync(tls.tlsKey, 'utf8'), cert: readFileSync(tls.tlsCertificate, 'utf8') };
  const door = siblingDoor({ tls: pair, keys: () => [], warn: () => undefined });
  const more = share === undefined ? {} : shareOf(share, door);
  let commits = 0;
  const { node, close } = await openLoneNode(connection, () => void commits++, more);
  if (share) await door.listen('127.0.0.1', share.ports[share.number - 1] ?? 0, node);
  const tell = (message: object): void => void process.send?.(message);
  const isOwn = (n: number): boolean =>
    share === undefined || partitionOf(subjectOf(n), partitions) % share.ports.length === share.number - 1;
  process.on('message', ({ seconds, underWay, own }: ProcessTask) => {
    commits = 0;
    let next = 0;
    const work = () => {
      while (own && !isOwn(next)) next += 1;
      return [{ type: note.type, input: inputOf(next++) }];
    };
    void drive(node, { underWay, until: forSeconds(seconds), work }).then((count) =>
      tell({ count, commits }),
    );
  });
  process.once('disconnect', () => {
    void close().then(() => process.exit());
  });
  await untilReady(() => {
    const held = node.status().partitions.filter(({ epoch }) => epoch > 0).length;
    return node.status().ready && held === partitions / (share?.ports.length ?? 1);
  });
  tell({ count: 0, commits: 0 });
}

function shareOf({ number, ports }: NonNullable<ProcessSetting['share']>, way: SiblingDoor) {
  const address = `127.0.0.1:${ports[number - 1]}`;
  return { share: { number, of: ports.length, address, way }, holder: address };
}

async function untilReady(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 100));
}
