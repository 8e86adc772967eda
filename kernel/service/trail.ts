import { instantOf } from '@yitong/kit';
import type { Trail, TrailMessage } from '../api.ts';
import type { Message } from '../exchange/message.ts';
import { doneBy, entryJson, type PackedEntry } from '../journal/entries.ts';
import { sentHere } from '../journal/proofs.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf, positionOf } from '../runtime/ids.ts';
import { entriesIn, entryAt, parseOwn } from '../runtime/open.ts';
import { madeIn, placeText } from '../runtime/outcomes.ts';
import type { JournalBatch } from '../store/store.ts';

/** A message that was handled at a place of the journal: its batch, its outcome, and the entries of what it did. */
export interface HandledAt {
  readonly partition: number;
  readonly batch: JournalBatch['row'];
  readonly outcome: Readonly<Record<string, unknown>>;
  /** Place of the message itself. */
  readonly position: number;
  /** Undefined where its body was erased. */
  readonly cause: Message | undefined;
  readonly own: readonly PackedEntry[];
}

/** The message handled at a place (`partition.position`), its own or that of a record that it wrote; undefined when there is none. */
export async function handledAt(env: Environment, at: string): Promise<HandledAt | undefined> {
  const [partition = -1, position = -1] = at.split('.').map(Number);
  if (!(partition >= 0 && partition < env.scene.partitions && position > 0)) return undefined;
  const { seq, index } = placeOf(position);
  const [batch] = await env.store.read(partition, seq, 1);
  if (batch?.row.seq !== seq) return undefined;
  const entries = entriesIn(batch);
  const did = didOf(entries, index);
  if (did === undefined) return undefined;
  const outcome = entryJson(did);
  const input = entries.find((entry) => entry.index === outcome['did']);
  return {
    partition,
    batch: batch.row,
    outcome,
    position: positionOf(seq, Number(outcome['did'])),
    cause: input && (await messageIn(env, input)),
    own: doneBy(entries, entries.indexOf(did)),
  };
}

/**
 * What stands behind a place in the journal (`partition.position`): the message that was handled there, what it booked, wrote and sent.
 * The place is that of the message itself, as postings have it, or of a record that it wrote. Undefined when there is none.
 */
export async function trailOf(env: Environment, at: string): Promise<Trail | undefined> {
  const found = await handledAt(env, at);
  if (found === undefined) return undefined;
  const { partition, batch, outcome, cause, own } = found;
  const sent = own.filter(({ kind }) => kind === 'out' || kind === 'route');
  return {
    at: `${partition}.${at.split('.')[1]}`,
    time: instantOf(batch.now),
    batch: batch.seq,
    partition,
    outcome: String(outcome['outcome']),
    cause: cause && noteOf(cause),
    bookings: listIn(outcome['book']).map(bookingOf),
    made: own.flatMap(madeIn),
    sent: sent.map(({ bytes }) => noteOf(parseOwn(bytes))),
  };
}

/**
 * Where a message was taken (`partition.position`), by its id or by its command's; one that left from here, where the message was taken that it came of:
 * another partition may only have passed it on.
 */
export async function whereIs(env: Environment, id: string): Promise<string | undefined> {
  const taken = await takenAt(env, id);
  if (taken !== undefined) return taken;
  const sent = await sentHere(env, id);
  if (sent === undefined) return undefined;
  const cause = sent.cause === undefined ? undefined : await takenAt(env, sent.cause);
  return cause ?? placeText(sent.partition, sent.at);
}

async function takenAt(env: Environment, id: string): Promise<string | undefined> {
  const members = [env.scene.here, ...env.directory.members.map(({ code }) => code)];
  const sources = [...new Set(members)].map((code) => ({ source: `yitong:${code}`, id }));
  const [taken] = await env.store.seen(undefined, sources);
  return taken && placeText(taken.partition, taken.at);
}

/** The outcome of the message at an index, or of the one that wrote the entry there. */
function didOf(entries: readonly PackedEntry[], index: number): PackedEntry | undefined {
  const outcomes = entries.filter(({ kind }) => kind === 'did');
  const own = outcomes.find((entry) => entryJson(entry)['did'] === index);
  return own ?? outcomes.filter((entry) => entry.index <= index).at(-1);
}

/** A message that came by way of another partition of this node lies where it was written; erased ones are gone. */
async function messageIn(env: Environment, entry: PackedEntry): Promise<Message | undefined> {
  if (entry.kind === 'in' || entry.kind === 'out' || entry.kind === 'route') return parseOwn(entry.bytes);
  if (entry.kind !== 'ref') return undefined;
  const { partition, position } = entryJson(entry);
  const there = await entryAt(env, Number(partition), Number(position));
  return there && messageIn(env, there);
}

function noteOf(message: Message): TrailMessage {
  const { id, type, subject, source, to, time, causationid, conversation } = message;
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
