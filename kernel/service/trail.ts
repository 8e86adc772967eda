import { instantOf } from '@yitong/kit';
import type { Trail, TrailMessage } from '../api.ts';
import { doneBy, entryJson, type PackedEntry } from '../journal/entries.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf } from '../runtime/ids.ts';
import { entriesIn, entryAt, parseOwn } from '../runtime/open.ts';
import { madeIn } from '../runtime/outcomes.ts';

/**
 * What stands behind a place in the journal (`partition.position`): the message that was handled there, what it booked, wrote and sent.
 * The place is that of the message itself, as postings have it, or of a record that it wrote. Undefined when there is none.
 */
export async function trailOf(env: Environment, at: string): Promise<Trail | undefined> {
  const [partition = -1, position = -1] = at.split('.').map(Number);
  if (!(partition >= 0 && partition < env.scene.partitions && position > 0)) return undefined;
  const { seq, index } = placeOf(position);
  const [batch] = await env.store.read(partition, seq, 1);
  if (batch?.row.seq !== seq) return undefined;
  const entries = entriesIn(batch);
  const did = didOf(entries, index);
  if (did === undefined) return undefined;
  const outcome = entryJson(did);
  const own = doneBy(entries, entries.indexOf(did));
  const input = entries.find((entry) => entry.index === outcome['did']);
  return {
    at: `${partition}.${position}`,
    time: instantOf(batch.row.now),
    batch: seq,
    partition,
    outcome: String(outcome['outcome']),
    cause: input && (await messageIn(env, input)),
    bookings: listIn(outcome['book']).map(bookingOf),
    made: own.flatMap(madeIn),
    sent: own.filter(({ kind }) => kind === 'out' || kind === 'route').map(({ bytes }) => noteOf(bytes)),
  };
}

/** The outcome of the message at an index, or of the one that wrote the entry there. */
function didOf(entries: readonly PackedEntry[], index: number): PackedEntry | undefined {
  const outcomes = entries.filter(({ kind }) => kind === 'did');
  const own = outcomes.find((entry) => entryJson(entry)['did'] === index);
  return own ?? outcomes.filter((entry) => entry.index <= index).at(-1);
}

/** A message that came by way of another partition of this node lies where it was written; erased ones are gone. */
async function messageIn(env: Environment, entry: PackedEntry): Promise<TrailMessage | undefined> {
  if (entry.kind === 'in' || entry.kind === 'out' || entry.kind === 'route') return noteOf(entry.bytes);
  if (entry.kind !== 'ref') return undefined;
  const { partition, position } = entryJson(entry);
  const there = await entryAt(env, Number(partition), Number(position));
  return there && messageIn(env, there);
}

function noteOf(bytes: Uint8Array): TrailMessage {
  const { id, type, subject, source, to, time, causationid, conversation } = parseOwn(bytes);
  return {
    id,
    type,
    subject,
    from: source.replace(/^yitong:/, ''),
    to,
    time,
    ...(causationid === undefined ? {} : { cause: causationid }),
    ...(conversation === undefined ? {} : { conversation }),
  };
}

function bookingOf(value: unknown): Trail['bookings'][number] {
  const [transfer, debit, credit, fen, kind, period, peer] = listIn(value);
  return {
    transfer: String(transfer),
    debit: String(debit),
    credit: String(credit),
    fen: String(fen),
    kind: String(kind),
    period: String(period),
    peer: typeof peer === 'string' ? peer : null,
  };
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
