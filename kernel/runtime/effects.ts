import { hash } from 'node:crypto';
import type { Effect, MessageType, Outcome, RecordType, Refusal, Reply, SystemType } from '@yitong/kit';
import { afterInstant, encode, startOfDay } from '@yitong/kit';
import { type FileRef, filesIn, grantFiles, mayNameFiles, personIn, useFiles } from '../blobs/mentions.ts';
import { canonical } from '../exchange/canonical.ts';
import { type Book, bookHold, bookPost, bookRelease, bookTransfer } from '../ledger/book.ts';
import { type Limited, limitFault } from '../ledger/limits.ts';
import { eachKey } from '../records/cache.ts';
import type { Overlay } from '../records/overlay.ts';
import { majorFor } from '../speech/speech.ts';
import { type Asked, type Draft, type RefusalNote, tell } from './draft.ts';
import { lowered } from './versions.ts';
import { decoded } from './view.ts';

/** What an outcome is turned into rows and messages for. */
export interface Frame {
  readonly system: SystemType;
  readonly book: Book;
  /** Codes of the members in force, as the partition knows them. */
  readonly members: () => readonly string[];
  readonly subject: string;
  readonly nowMs: number;
  readonly cause: string;
  readonly conversation: string | undefined;
  /** The message that is answered, when the handler is a message's. */
  readonly asked: Asked | undefined;
  /** Whether the message may still be refused: an answer, or a wait that is over, may not. */
  readonly mayRefuse: boolean;
  readonly limited: Limited;
  readonly overlay: Overlay;
}

/** Most effects of one message, and most of them that send (K18). */
const effectsMax = 1_000;
const sendsMax = 100;

/** Writes a handler's outcome into the draft. Errors (broken invariants): too many effects, no or two replies, foreign subject. */
export function applyOutcome(outcome: Outcome<string, string, unknown>, frame: Frame, draft: Draft): void {
  const list = Array.isArray(outcome) ? outcome : [outcome as Effect | Reply<unknown> | Refusal];
  const effects = list.filter(
    (one): one is Effect | Reply<unknown> | Refusal => one !== false && one !== undefined,
  );
  checkCounts(effects, frame.asked);
  // Everything is asked for before anything is encoded: a message that lacks something is handled again.
  for (const effect of effects) ask(effect, frame);
  frame.overlay.stopIfMissed();
  for (const effect of effects) apply(effect, frame, draft);
  draft.refusal ??= overdrawn(frame, draft);
}

function overdrawn({ limited, overlay, mayRefuse }: Frame, draft: Draft): RefusalNote | undefined {
  const fault = limitFault(draft, limited, overlay);
  if (!fault || mayRefuse) return fault;
  throw new Error(`${fault.code}: ${fault.facts['account']} lacks ${fault.facts['short']} fen`);
}

function checkCounts(effects: readonly { readonly effect: string }[], asked: Asked | undefined): void {
  if (effects.length > effectsMax) throw new Error(`more than ${effectsMax} effects`);
  let [sends, replies] = [0, 0];
  for (const { effect } of effects) {
    if (effect === 'send') sends++;
    else if (effect === 'reply' || effect === 'refuse') replies++;
  }
  if (sends > sendsMax) throw new Error(`more than ${sendsMax} messages sent`);
  if (asked?.message.reply !== undefined && replies !== 1)
    throw new Error(`${asked.message.type}: exactly one reply or refusal is due`);
}

function ask(effect: Effect | Reply<unknown> | Refusal, frame: Frame): void {
  const { overlay, subject, book, asked } = frame;
  const leaves = effect.effect === 'send' && (effect.to ?? book.here) !== book.here;
  if (leaves || ('record' in effect && effect.record.copies)) overlay.ask(frame.members);
  const major = (message: MessageType, peer: string) => () => majorFor(message, peer, book.here, overlay);
  if (effect.effect === 'send') overlay.ask(major(effect.message, effect.to ?? book.here));
  if (effect.effect === 'reply' && asked) overlay.ask(major(asked.message, asked.from));
  if (effect.effect === 'put')
    overlay.askRecord(effect.record.type, subject, eachKey(effect.record, effect.value));
  if (effect.effect === 'remove' && mayNameFiles(effect.record.schema))
    overlay.askRecord(effect.record.type, subject, effect.key ?? '');
  if (effect.effect !== 'transfer' && effect.effect !== 'hold') return;
  for (const { debit, credit } of effect.entries) {
    overlay.askBalance(debit.id);
    overlay.askBalance(credit.id);
  }
}

function apply(effect: Effect | Reply<unknown> | Refusal, frame: Frame, draft: Draft): void {
  const { overlay, book } = frame;
  switch (effect.effect) {
    case 'put':
      return write(effect.record, effect.value, frame, draft);
    case 'remove':
      return takeAway(effect.record, effect.key ?? '', frame, draft);
    case 'send':
      return sendTo(effect.message, effect.data, effect.to ?? book.here, frame, draft);
    case 'later':
      return arm(effect, frame, draft);
    case 'transfer':
      return bookTransfer(book, effect, overlay, draft);
    case 'hold':
      return bookHold(book, effect, overlay, draft);
    case 'post':
      return bookPost(book, effect, overlay, draft);
    case 'release':
      return bookRelease(book, effect, overlay, draft);
    case 'reply':
      return answer(effect.data, frame, draft);
    case 'refuse':
      draft.refusal = refusalOf(effect);
  }
}

function write(record: RecordType, value: unknown, frame: Frame, draft: Draft): void {
  ownSubject(record, frame);
  const body = canonical(encode(record.schema, value));
  const id = eachKey(record, value);
  const { subject } = frame;
  nameFiles(record, id, value, frame, draft);
  draft.writings.push({ record, subject, id, owner: '', body, value, schema: record.version, home: true });
  if (record.copies) spread(record, id, body, frame, draft);
}

function takeAway(record: RecordType, id: string, frame: Frame, draft: Draft): void {
  ownSubject(record, frame);
  const { subject } = frame;
  const gone = { body: null, value: undefined };
  nameFiles(record, id, undefined, frame, draft);
  draft.writings.push({ record, subject, id, owner: '', schema: record.version, home: true, ...gone });
  if (record.copies) spread(record, id, null, frame, draft);
}

/** Which files a record names now and named before decides how long they are kept. */
function nameFiles(record: RecordType, id: string, value: unknown, frame: Frame, draft: Draft): void {
  if (record.system === 'blob' || !mayNameFiles(record.schema)) return;
  const { overlay, subject, nowMs, book } = frame;
  const state = overlay.record(record.type, subject, id);
  const before = state === null ? [] : filesIn(record.schema, decoded(record, state));
  const naming = { record, subject, id, before, now: filesIn(record.schema, value) };
  useFiles(naming, nowMs, book.here, draft);
}

/** A copied record goes to every other member, and to the other partitions of this one by way of the copy handler there. */
function spread(record: RecordType, id: string, body: string | null, frame: Frame, draft: Draft): void {
  const data = {
    type: record.type,
    id,
    schema: record.version,
    body: body === null ? null : JSON.parse(body),
  };
  for (const to of frame.members())
    tell(draft, {
      to,
      type: 'kernel/copy',
      version: 1,
      subject: frame.subject,
      data,
      purpose: 'copy',
      urgent: false,
      awaited: false,
      conversation: undefined,
    });
}

function sendTo(message: MessageType, data: unknown, to: string, frame: Frame, draft: Draft): void {
  if (to !== frame.book.here && message.purpose === undefined)
    throw new Error(`${message.type} has no purpose to leave the member`);
  if (to !== frame.book.here && !frame.members().includes(to))
    throw new Error(`${message.type}: '${to}' is no member of the region`);
  const subject = `${message.about.kind}:${message.keyOf(data)}`;
  const version = majorFor(message, to, frame.book.here, frame.overlay);
  passFiles(filesIn(message.data, data), { to, subject, purpose: message.purpose }, frame, draft);
  tell(draft, {
    to,
    type: message.type,
    version,
    subject,
    data: lowered(message, version, encode(message.data, data)),
    // What the answer's handler sees must not hang on whether the row is in memory.
    ...(version === message.version ? { value: data } : {}),
    purpose: message.purpose,
    urgent: message.urgent,
    awaited: message.reply !== undefined,
    conversation: frame.conversation,
    ...(message.patience && message.waiting ? { patience: message.patience } : {}),
  });
}

/** What names files leaves for another member, which may fetch them. */
function passFiles(
  files: readonly FileRef[],
  way: { readonly to: string; readonly subject: string; readonly purpose: string | undefined },
  { book, subject }: Frame,
  draft: Draft,
): void {
  if (files.length === 0 || way.to === book.here) return;
  const person = personIn(way.subject) ?? personIn(subject);
  grantFiles(files, { member: way.to, person, purpose: way.purpose ?? 'internal' }, book.here, draft);
}

function arm(effect: Extract<Effect, { effect: 'later' }>, frame: Frame, draft: Draft): void {
  const { message, when } = effect;
  const subject = `${message.about.kind}:${message.keyOf(effect.data)}`;
  if (subject !== frame.subject) throw new Error(`${message.type}: a timer is a message to oneself`);
  const due = typeof when === 'string' ? startOfDay(when) : afterInstant(frame.nowMs, when);
  const data = canonical(encode(message.data, effect.data));
  const name = `${message.type}:${hash('sha256', data, 'hex').slice(0, 16)}`;
  const { type, version } = message;
  draft.timers.push({ subject, name, due, type, version, data, cause: frame.cause });
}

function answer(data: unknown, frame: Frame, draft: Draft): void {
  const { asked } = frame;
  if (asked?.message.reply === undefined) throw new Error('a reply to a message that declares none');
  if (asked.replyTo === undefined) return;
  const { purpose } = asked.message;
  const files = filesIn(asked.message.reply, data);
  passFiles(files, { to: asked.from, subject: asked.replyTo, purpose }, frame, draft);
  tell(draft, {
    to: asked.from,
    type: `${asked.message.type}/reply`,
    version: majorFor(asked.message, asked.from, frame.book.here, frame.overlay),
    subject: asked.replyTo,
    data: encode(asked.message.reply, data),
    value: data,
    purpose: asked.message.purpose,
    urgent: asked.message.urgent,
    awaited: false,
    causation: asked.id,
    conversation: asked.conversation,
  });
}

/** A refusal as it is stored: amounts as decimal texts. */
function refusalOf(effect: Refusal): RefusalNote {
  const facts = Object.fromEntries(
    Object.entries(effect.facts).map(([name, fact]) => [
      name,
      typeof fact === 'bigint' ? String(fact) : fact,
    ]),
  );
  return { code: effect.code, facts, ...(effect.at === undefined ? {} : { at: effect.at }) };
}

/** The message by which the asker learns of a refusal (K18). */
export function refusalTo(asked: Asked, note: RefusalNote, draft: Draft): void {
  if (asked.replyTo === undefined) return;
  tell(draft, {
    to: asked.from,
    type: 'kernel/refused',
    version: 1,
    subject: asked.replyTo,
    data: { code: note.code, facts: note.facts, ...(note.at === undefined ? {} : { at: note.at }) },
    purpose: asked.message.purpose,
    urgent: false, // a type keeps to one lane (K3), and refusals are of one type
    awaited: false,
    causation: asked.id,
    conversation: asked.conversation,
  });
}

function ownSubject(record: RecordType, frame: Frame): void {
  if (!frame.subject.startsWith(`${record.about.kind}:`))
    throw new Error(`${record.type} is not about the handler's subject`);
}
