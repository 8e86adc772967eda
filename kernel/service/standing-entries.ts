import { entryJson } from '../journal/entries.ts';
import { readGone } from '../journal/remnant.ts';
import type { Environment } from '../runtime/environment.ts';
import { entryAt } from '../runtime/open.ts';

/** What still stands on entries of a partition's journal, however old they are. */
export interface Standing {
  readonly partition: number;
  /** Positions of inputs that are held or wait, here or in a partition that they were routed to. */
  readonly held: ReadonlySet<number>;
  /** Their subjects, here: whatever is sent to one waits behind them. */
  readonly blocked: ReadonlySet<string>;
  /** Positions of the puts of timers that are armed. */
  readonly timers: ReadonlySet<number>;
  /** Ids of messages whose answers are awaited. */
  readonly awaited: ReadonlySet<string>;
  /** For each peer that a frame was sent to, the position up to which it has receipted everything. */
  readonly receipted: ReadonlyMap<string, number>;
  /** For each partition of the node, the position up to which it has taken the routes from here. */
  readonly routed: readonly number[];
  /** Whether the put at a position, or one before it of the same record, is not erased. */
  isThere(position: number): Promise<boolean>;
}

/** Reads it from the committed tables; what is added meanwhile stands on newer entries. */
export async function standingIn(env: Environment, partition: number): Promise<Standing> {
  const { partitions } = env.scene;
  const all = Array.from({ length: partitions }, (_, number) => number);
  const tails = await Promise.all(all.map((number) => env.store.tail(number)));
  const held = new Set<number>();
  for (const [number, tail] of tails.entries())
    for (const { at } of tail.held)
      for (const place of await placesOf(env, number, at))
        if (place.partition === partition) held.add(place.at);
  const receipted = new Map<string, number>();
  for (const { last, unreceipted } of tails[partition]?.sent ?? []) {
    const open = unreceipted.filter((row) => row.epoch === last.epoch).map((row) => row.fromAt);
    const upto = Math.min(last.uptoAt, ...open);
    receipted.set(last.peer, Math.min(upto, receipted.get(last.peer) ?? upto));
  }
  return {
    partition,
    held,
    blocked: new Set(tails[partition]?.held.map((row) => row.subject)),
    timers: new Set(await column(env, 'timer', partition, 'at', Number)),
    awaited: new Set(await column(env, 'awaited', partition, 'message', String)),
    receipted,
    routed: tails.map((tail) => tail.journal.routes[partition] ?? 0),
    isThere: (position) => isThere(env, partition, position),
  };
}

/** Where an input lies: a reference leads to the message itself. */
async function placesOf(
  env: Environment,
  partition: number,
  at: number,
): Promise<readonly { readonly partition: number; readonly at: number }[]> {
  const entry = await entryAt(env, partition, at);
  if (entry?.kind !== 'ref') return [{ partition, at }];
  const next = entryJson(entry);
  return [{ partition, at }, ...(await placesOf(env, Number(next['partition']), Number(next['position'])))];
}

async function isThere(env: Environment, partition: number, position: number): Promise<boolean> {
  for (let at = position; at > 0; ) {
    const entry = await entryAt(env, partition, at);
    if (entry?.kind !== 'gone') return true;
    const { remnant } = readGone(entry.bytes);
    at = remnant.was === 'put' ? (remnant.previous ?? 0) : 0;
  }
  return false;
}

async function column<T>(
  env: Environment,
  table: 'timer' | 'awaited',
  partition: number,
  name: string,
  of: (value: unknown) => T,
): Promise<T[]> {
  const values: T[] = [];
  for await (const row of env.reader.table(table, partition)) values.push(of(row[name]));
  return values;
}
