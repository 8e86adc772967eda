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

/** Releases a held message: it and all that wait behind it of its subject run again in order, in one batch (K19). */
export async function release(
  env: Environment,
  writers: readonly PartitionWriter[],
  counter: Counter,
  { actor, position, how, reason }: Release,
): Promise<CommandAnswer> {
  const [partition = -1, at = -1] = position.split('.').map(Number);
  const writer = writers[partition];
  const row = writer?.state?.held.get(at);
  if (!writer || row?.kind !== 'held') return notHeld();
  const rows = standing(writer, row.subject);
  const items = await Promise.all(rows.map((one) => heldItem(env, partition, one.at)));
  for (const [k, item] of items.entries()) {
    const where = rows[k]?.at ?? at;
    writer.push('releases', {
      input: { kind: 'release', item, position: where, refuse: where === at && how === 'refuse' },
      messages: 1,
      bytes: item.bytes.length,
      urgent: true,
      dropped: () => undefined,
    });
  }
  const data = { position, how, reason: reason.slice(0, 500) };
  const wish = { type: 'kernel/release', id: freshId(env), subject: row.subject, data, actor };
  return (await counter.submit(itemFor(env, wish, data), false)).answer;
}

/** All held and waiting inputs of a subject, in order. */
function standing(writer: PartitionWriter, subject: string): HeldRow[] {
  const rows = [...(writer.state?.held.values() ?? [])].filter((one) => one.subject === subject);
  return rows.sort((a, b) => a.at - b.at);
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
