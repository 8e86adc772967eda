import type { MessageType, Outcome, SystemType, View, z } from '@yitong/kit';
import { decode, legalDay } from '@yitong/kit';
import { accessOf } from '../access/access.ts';
import { answerOutcome } from '../access/answer.ts';
import { forgetOutcome } from '../access/forget.ts';
import type { Seen } from '../api.ts';
import { expectFiles, filesIn, personIn } from '../blobs/mentions.ts';
import type { Message } from '../exchange/message.ts';
import { schemaMajor } from '../exchange/message.ts';
import type { Limited } from '../ledger/limits.ts';
import { directoryOutcome, membersIn } from '../membership/membership.ts';
import type { Overlay } from '../records/overlay.ts';
import type { AwaitedRow } from '../store/rows.ts';
import { askedData } from './asked.ts';
import { copyOutcome, shareOutcome } from './copies.ts';
import { type Asked, type Draft, emptyDraft, type RefusalNote } from './draft.ts';
import { applyOutcome, type Frame, refusalTo } from './effects.ts';
import type { Registry, Route } from './registry.ts';
import { changed } from './seen.ts';
import { lifted } from './versions.ts';
import { type Context, HandlerView, type Place } from './view.ts';

/** A message at its subject, checked and decoded, from wherever it came. */
export interface Item {
  readonly message: Message;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly route: Route;
  /** The data decoded through their schema; of a kernel type, the JSON itself. */
  readonly value: unknown;
  readonly from: string;
  /** Why it is held unrun: it ended the process before, or its schema is newer than this node's. */
  readonly hold?: string;
  readonly actor?: { readonly id: string; readonly roles: readonly string[]; readonly person?: string };
  /** Of a command: the version of a record on which its giver relied. */
  readonly seen?: Seen;
}

/** What is the same for every message of a partition's batch. */
export interface Scene {
  readonly place: Place;
  readonly registry: Registry;
  readonly overlay: Overlay;
  readonly partition: number;
  readonly partitions: number;
  readonly nowMs: number;
  /** Names of mirrored accounts by system. */
  readonly mirrored: ReadonlyMap<string, ReadonlySet<string>>;
  readonly limited: Limited;
}

/** How one run ended. `missed`: run it again once the misses are loaded. `held`: the handler threw, with its reason. */
export type Handled =
  | { readonly end: 'drafted'; readonly draft: Draft }
  | { readonly end: 'missed' }
  | { readonly end: 'held'; readonly reason: string };

/** Runs the handler of a message over the overlay; nothing is changed by it. */
export function handle(item: Item, scene: Scene): Handled {
  const { overlay } = scene;
  overlay.begin();
  let draft: Draft | undefined;
  let reason = '';
  try {
    draft = emptyDraft();
    run(item, scene, draft);
    touch(item, scene, draft);
  } catch (error) {
    draft = undefined;
    reason = reasonOf(error);
  }
  if (overlay.missed) {
    overlay.askAsBefore(item.message.type, item.message.subject);
    return { end: 'missed' };
  }
  return draft ? { end: 'drafted', draft } : { end: 'held', reason };
}

function run(item: Item, scene: Scene, draft: Draft): void {
  const { route } = item;
  switch (route.is) {
    case 'command': {
      draft.refusal = changed(item, scene);
      if (draft.refusal) return;
      const frame = frameOf(route.system, item, scene, undefined);
      return conclude(route.command.handle(item.value, viewOf(route.system, item, scene)), frame, draft);
    }
    case 'message':
      return runMessage(route.system, route.message, item, scene, draft);
    case 'reply':
    case 'refused':
      return runAnswer(item, scene, draft);
    case 'patience':
      return runPatience(item, scene, draft);
    case 'copy':
      return copyOutcome(item, scene, draft);
    case 'read':
    case 'shown':
      return accessOf(item, scene, draft);
    case 'directory':
      return directoryOutcome(item, scene, draft);
    case 'share':
      return shareOutcome(item, scene, draft);
    case 'question':
      return answerOutcome(item, scene, draft, (system) => viewOf(system, item, scene));
    case 'forget':
      return forgetOutcome(item, scene, draft, (system) => frameOf(system, item, scene, undefined));
    case 'release':
      return;
  }
}

function runMessage(system: SystemType, message: MessageType, item: Item, scene: Scene, draft: Draft): void {
  const asked: Asked = {
    message,
    id: item.message.id,
    from: item.from,
    replyTo: item.message.replyto,
    conversation: item.message.conversation,
  };
  const frame = frameOf(system, item, scene, asked);
  conclude(message.handle(item.value, viewOf(system, item, scene)), frame, draft);
  if (!draft.refusal) expectFrom(item, message.data, scene, draft);
  if (draft.refusal) refusalTo(asked, draft.refusal, draft);
}

/** Files that a peer's message names are fetched from that peer. */
function expectFrom({ from, message, value }: Item, schema: z.ZodType, scene: Scene, draft: Draft): void {
  const { here } = scene.place;
  if (from === here) return;
  const person = personIn(message.subject);
  expectFiles(filesIn(schema, value), { member: from, person, purpose: message.purpose }, here, draft);
}

/** Asks for all that writing the draft will need, so that it is a miss here or in memory. */
function touch(item: Item, scene: Scene, draft: Draft): void {
  const { overlay } = scene;
  if (draft.refusal && item.route.is !== 'refused') return;
  for (const one of draft.writings) overlay.askRecord(one.record.type, one.subject, one.id, one.owner);
  for (const list of [draft.bookings, draft.holds])
    for (const { debit, credit } of list) {
      overlay.askBalance(debit);
      overlay.askBalance(credit);
    }
  if (item.route.is === 'reply' || item.route.is === 'refused' || item.route.is === 'patience') {
    const conversation = conversationOf(item, scene);
    if (conversation !== undefined) overlay.conversation(conversation);
  }
}

/** The command whose conversation an item belongs to at this subject. */
export function conversationOf(item: Item, scene: Scene): string | undefined {
  if (item.route.is === 'command') return item.message.id;
  const awaited =
    item.route.is === 'patience'
      ? scene.overlay.awaits(String(item.message.data['message']))
      : awaitedBy(item, scene);
  return awaited?.conversation || undefined;
}

/** An outcome in the draft; a refusal wipes whatever stood beside it. */
function conclude(outcome: Outcome<string, string, unknown>, frame: Frame, draft: Draft): void {
  applyOutcome(outcome, frame, draft);
}

/** A reply or a refusal comes back to the subject that sent the message; one that nobody awaits is done without effect. */
function runAnswer(item: Item, scene: Scene, draft: Draft): void {
  const awaited = awaitedBy(item, scene);
  if (!awaited) return;
  const declared = scene.registry.message(awaited.type);
  if (!declared) throw new Error(`${awaited.type} is no longer declared`);
  // A peer cannot hold the asker back by an answer to something else: the right one is still awaited.
  if (item.route.is === 'reply' && item.message.type !== `${awaited.type}/reply`) return;
  draft.answered.push(awaited.message);
  const { system, message } = declared;
  if (message.patience && message.waiting)
    draft.timersGone.push({ subject: awaited.subject, name: `kernel/patience:${awaited.message}` });
  const view = viewOf(system, item, scene);
  const data = askedData(message, awaited);
  const frame = talkFrame(system, item, scene, awaited);
  if (item.route.is === 'reply') {
    conclude(message.replied?.(item.value, view, data) ?? [], frame, draft);
    if (message.reply) expectFrom(item, message.reply, scene, draft);
    return;
  }
  const why = refusalNote(item.value);
  conclude(message.refused?.(why, view, data) ?? [], frame, draft);
}

function runPatience(item: Item, scene: Scene, draft: Draft): void {
  const awaited = scene.overlay.awaits(String(item.message.data['message']));
  if (!awaited || awaited.subject !== item.message.subject) return;
  const declared = scene.registry.message(awaited.type);
  if (!declared?.message.waiting) return;
  const { system, message } = declared;
  const data = askedData(message, awaited);
  const frame = talkFrame(system, item, scene, awaited);
  conclude(message.waiting?.(viewOf(system, item, scene), data) ?? [], frame, draft);
}

/** The awaited message that this one answers: of this subject, asked of the member that answers now. */
function awaitedBy(item: Item, scene: Scene): AwaitedRow | undefined {
  const cause = item.message.causationid;
  if (cause === undefined) return undefined;
  const row = scene.overlay.awaits(cause);
  if (row?.subject !== item.message.subject) return undefined;
  return row.peer === item.from ? row : undefined;
}

/** Refusal as told by `kernel/refused`. */
export function refusalNote(value: unknown): RefusalNote {
  const { code, at, facts } = Object(value);
  const note = { code: String(code), facts: Object(facts) };
  return typeof at === 'string' ? { ...note, at } : note;
}

function viewOf(system: SystemType, item: Item, scene: Scene): View {
  const context: Context = {
    system,
    subject: item.message.subject,
    from: item.from,
    id: item.message.id,
    nowMs: scene.nowMs,
    ...(item.actor ? { actor: item.actor } : {}),
  };
  return new HandlerView(scene.place, context, scene.overlay, () => membersIn(scene));
}

const none: ReadonlySet<string> = new Set();

function frameOf(system: SystemType, item: Item, scene: Scene, asked: Asked | undefined): Frame {
  const { subject } = item.message;
  const conversation = item.route.is === 'command' ? item.message.id : item.message.conversation;
  return {
    system,
    book: {
      here: scene.place.here,
      system: system.name,
      subject,
      period: legalDay(scene.nowMs).slice(0, 7),
      cause: item.message.id,
      mirrored: scene.mirrored.get(system.name) ?? none,
    },
    members: () => membersIn(scene),
    subject,
    nowMs: scene.nowMs,
    cause: item.message.id,
    conversation,
    asked,
    mayRefuse: item.route.is === 'command' || item.route.is === 'message',
    limited: scene.limited,
    overlay: scene.overlay,
  };
}

function talkFrame(system: SystemType, item: Item, scene: Scene, awaited: AwaitedRow): Frame {
  return {
    ...frameOf(system, item, scene, undefined),
    conversation: awaited.conversation || undefined,
  };
}

/** Reason of a held message, without data of it: the error's name, message and first own frame. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a handler threw something that is no error';
  return `${error.name}: ${error.message}`.slice(0, 500);
}

/** Decodes data of a route's type. Older majors are lifted first; a newer one is for the caller to hold. */
export function decodeData(
  route: Route,
  message: Message,
): { ok: true; value: unknown } | { ok: false; error: unknown } {
  if (route.is !== 'command' && route.is !== 'message' && route.is !== 'reply')
    return { ok: true, value: message.data };
  const schema =
    route.is === 'command'
      ? route.command.input
      : route.is === 'message'
        ? route.message.data
        : route.message.reply;
  if (!schema) return { ok: true, value: message.data };
  let data: unknown = message.data;
  try {
    if (route.is === 'message') data = lifted(route.message, schemaMajor(message.dataschema), data);
  } catch (error) {
    return { ok: false, error };
  }
  const parsed = decode(schema, data);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: parsed.error };
}
