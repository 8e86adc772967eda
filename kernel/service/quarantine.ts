import { problem } from '@yitong/kit';
import type { Actor, CommandAnswer } from '../api.ts';
import { entryJson } from '../journal/entries.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Item } from '../runtime/handle.ts';
import { entryAt, itemOf, parseOwn } from '../runtime/open.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { HeldRow } from '../store/rows.ts';
import type { Counter } from './counter.ts';

/** What an operator decides about a held message. */
export interface Release {
  readonly actor: Actor;
  /** `partition.position` */
  readonly position: string;
  readonly how: 'run' | 'refuse';
  readonly reason: string;
}

/**
 * Releases a held message: it and all that wait behind it of its subject run again in order, in one batch (K19). So does the first that
 * waits when nothing held stands before it any more.
 */
export async function release(
  env: Environment,
  writers: readonly PartitionWriter[],
  counter: Counter,
  { actor, position, how, reason }: Release,
): Promise<CommandAnswer> {
  const [partition = -1, at = -1] = position.split('.').map(Number);
  const writer = writers[partition];
  const row = writer?.state?.held.get(at);
  if (!writer || !row || (row.kind !== 'held' && standing(writer, row.subject)[0] !== row)) return notHeld();
  const { subject } = row;
  const items = await itemsOf(env, writer, subject);
  for (const one of standing(writer, subject)) {
    const item = items.get(one.at);
    if (!item) continue;
    writer.push('releases', {
      input: { kind: 'release', item, position: one.at, refuse: one.at === at && how === 'refuse' },
      messages: 1,
      bytes: item.bytes.length,
      urgent: true,
      dropped: () => undefined,
    });
  }
  const data = { position, how, reason: reason.slice(0, 500) };
  const wish = { type: 'kernel/release', id: freshId(env), subject, data, actor };
  const { answer } = await counter.submit(itemFor(env, wish, data), false);
  // A batch that was under way may have put one more behind them, and nothing held is left to release it by.
  const [left] = standing(writer, subject);
  if (left?.kind !== 'waiting') return answer;
  return release(env, writers, counter, { actor, position: `${partition}.${left.at}`, how: 'run', reason });
}

/** All held and waiting inputs of a subject, in order. */
function standing(writer: PartitionWriter, subject: string): HeldRow[] {
  const rows = [...(writer.state?.held.values() ?? [])].filter((one) => one.subject === subject);
  return rows.sort((a, b) => a.at - b.at);
}

/** What stands of a subject, by position; what comes while it is read waits too, and is read as well. */
async function itemsOf(
  env: Environment,
  writer: PartitionWriter,
  subject: string,
): Promise<ReadonlyMap<number, Item>> {
  const items = new Map<number, Item>();
  for (;;) {
    const missing = standing(writer, subject).filter(({ at }) => !items.has(at));
    if (missing.length === 0) return items;
    await Promise.all(
      missing.map(async ({ at }) => items.set(at, await heldItem(env, writer.partition, at))),
    );
  }
}

/** The held message's bytes lie in the journal; a released one that was held again is a reference to them. */
export async function heldItem(env: Environment, partition: number, position: number): Promise<Item> {
  const entry = await entryAt(env, partition, position);
  if (!entry) throw new Error('the held message is not in the journal');
  if (entry.kind === 'ref') {
    const { partition: where, position: there } = entryJson(entry);
    return heldItem(env, Number(where), Number(there));
  }
  return itemOf(env, entry.bytes, parseOwn(entry.bytes).source.slice('yitong:'.length));
}

function notHeld(): CommandAnswer {
  const why = problem({
    code: 'not-held',
    status: 404,
    title: 'Nothing is held at this position',
    remedy: 'See the list of held messages.',
  });
  return { state: 'invalid', problem: why };
}
