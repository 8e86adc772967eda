import { instantOf, legalDay } from '@yitong/kit';
import { toHex } from '../exchange/bytes.ts';
import { canonical } from '../exchange/canonical.ts';
import { link, writeJournalHead } from '../exchange/head.ts';
import { type MessageRefusal, type SignedAnswer, sealReceipt } from '../exchange/receipt.ts';
import type { SigningKey, Suite } from '../exchange/suite.ts';
import { uuidTimeMs } from '../exchange/uuid.ts';
import { type Entry, type EntryKind, entryBytes, packEntries } from '../journal/entries.ts';
import { leafHash, merkleRoot } from '../journal/merkle.ts';
import {
  classOf,
  conversationText,
  didText,
  heldGoneText,
  heldText,
  recordText,
  timerGoneText,
  timerText,
} from '../journal/outcome.ts';
import { legs } from '../ledger/book.ts';
import type { RecordState } from '../records/cache.ts';
import type { AwaitedRow, HeldRow, ReceivedRow, RetentionClass, SeenRow, TimerRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';
import { framesOf, type NewFrame, type OutPlace, streamNameOf } from './frames.ts';
import { positionOf } from './ids.ts';
import type { CheckedFrame, Input, Slot } from './input.ts';
import type { Finished, NodeScene, Plan } from './plan.ts';

/** With what a batch is signed and how it is dated. */
export interface Signing {
  readonly suite: Suite;
  readonly key: SigningKey;
  readonly directory: number;
  readonly wallMs: number;
  /** Epoch of this member's streams in the directory. */
  readonly streamEpoch: number;
}

/** A batch ready to be written, and what it means for the writer once it is. */
export interface Assembled {
  readonly commit: Commit;
  readonly frames: readonly NewFrame[];
  readonly answers: readonly { readonly frame: CheckedFrame; readonly answer: SignedAnswer }[];
  readonly places: readonly OutPlace[];
  readonly held: { readonly put: readonly HeldRow[]; readonly gone: readonly number[] };
  /** Messages for other partitions of this node: index of the entry and the finished input that sent it. */
  readonly routes: readonly { readonly at: number; readonly finished: Finished; readonly k: number }[];
}

/** Messages are kept as long as the law lets a settlement be disputed; what an input did, for ever. */
const messageClass: RetentionClass = '15y';

/** Lays a finished plan out as one commit: entries, root, link, rows, frames and receipts. */
export class Assembly {
  readonly #plan: Plan;
  readonly #node: NodeScene;
  readonly #signing: Signing;
  readonly #entries: Entry[] = [];
  readonly #timersPut = new Map<string, TimerRow>();
  readonly #timersGone = new Map<string, { subject: string; name: string }>();
  readonly #held = new Map<number, HeldRow>();
  readonly #heldGone: number[] = [];
  readonly #awaitedPut = new Map<string, AwaitedRow>();
  readonly #awaitedGone = new Set<string>();
  readonly #places: OutPlace[] = [];
  readonly #routes: Assembled['routes'][number][] = [];

  constructor(plan: Plan, node: NodeScene, signing: Signing) {
    this.#plan = plan;
    this.#node = node;
    this.#signing = signing;
  }

  build(inputs: readonly Input[]): Assembled {
    for (const slot of this.#plan.slots) this.#input(slot);
    for (const finished of this.#plan.finished) this.#outcome(finished);
    const frames = framesOf(this.#plan.state, this.#places, this.#node, this.#signing);
    const answers = inputs.flatMap((input) => (input.kind === 'frame' ? [this.#receipt(input.frame)] : []));
    const held = { put: [...this.#held.values()], gone: this.#heldGone };
    const commit = this.#commit(inputs, frames, answers);
    return { commit, frames, answers, places: this.#places, held, routes: this.#routes };
  }

  /** Entries of inputs come first, so that a frame's messages stand together. */
  #input(slot: Slot): void {
    if (slot.skip === 'dup' || slot.skip === 'bad')
      return void this.#add(slot.skip, 'ever', slot.leaf, slot.leaf);
    const { item, input } = slot;
    if (!item) throw new Error('an input without a message is refused at the door');
    if (input?.kind !== 'route' && input?.kind !== 'release')
      return void this.#add('in', messageClass, item.bytes, item.leaf);
    const partition = input.kind === 'route' ? input.partition : this.#plan.state.partition;
    this.#text('ref', 'ever', canonical({ leaf: toHex(item.leaf), partition, position: input.position }));
  }

  #outcome(finished: Finished): void {
    const { slot, outcome, draft, merged, code } = finished;
    const didAt = this.#add('did', 'ever', new Uint8Array(), new Uint8Array());
    for (const one of merged?.written ?? []) this.#record(one.state, one.previous?.row.at ?? 0);
    for (const timer of merged?.timers ?? []) this.#timer(timer);
    for (const gone of draft.timersGone) this.#timerGone(gone);
    if (slot.input?.kind === 'timer') this.#timerGone(slot.input);
    for (const id of draft.answered) this.#answered(id);
    const awaits = this.#messages(finished);
    if (merged?.conversation) this.#text('put', '1y', conversationText(merged.conversation));
    const released = this.#standing(finished);
    const did = {
      index: slot.index,
      outcome,
      bookings: draft.bookings,
      holds: draft.holds,
      awaits,
      answered: draft.answered,
    };
    const more = { ...(code === undefined ? {} : { code }), ...(released === undefined ? {} : { released }) };
    const bytes = entryBytes(didText({ ...did, ...more }));
    const leaf = leafHash(this.#signing.suite, bytes);
    this.#entries[didAt] = { index: didAt, kind: 'did', class: 'ever', bytes, leaf };
  }

  /** Entries of the messages that an input sent; the indexes of those that are to be answered here. */
  #messages(finished: Finished): number[] {
    const { slot, merged } = finished;
    const awaits = (merged?.localAwaited ?? []).map((one) => this.#localAwaited(one, slot));
    for (const one of merged?.outs ?? []) {
      const index = this.#add('out', messageClass, one.bytes, one.leaf);
      if (one.awaited) this.#await(one.awaited, index, awaits);
      this.#places.push({
        outgoing: one,
        at: this.#at(index),
        stream: streamNameOf(one, this.#node.streams),
      });
    }
    for (const [k, one] of (merged?.routes ?? []).entries()) {
      const index = this.#add('route', messageClass, one.bytes, one.leaf);
      if (one.awaited) this.#await(one.awaited, index, awaits);
      this.#routes.push({ at: this.#at(index), finished, k });
    }
    return awaits;
  }

  /** A held or waiting input is noted for people; one that was released is no longer. */
  #standing({ slot, outcome, reason }: Finished): number | undefined {
    if (outcome === 'held' || outcome === 'waiting') this.#hold(slot, outcome, reason ?? '');
    if (slot.input?.kind !== 'release') return undefined;
    this.#heldGone.push(slot.input.position);
    this.#text('put', '1y', heldGoneText(slot.input.position));
    return slot.input.position;
  }

  #record(state: RecordState, previous: number): void {
    const record = this.#node.registry.record(state.row.type);
    const keep = record ? classOf(record.keep) : 'ever';
    const index = this.#text('put', keep, recordText(state.row, previous));
    state.row = { ...state.row, at: this.#at(index) };
  }

  #timer(timer: Omit<TimerRow, 'at'>): void {
    const index = this.#text('put', '1y', timerText(timer));
    const key = `${timer.subject}\n${timer.name}`;
    this.#timersPut.set(key, { ...timer, at: this.#at(index) });
    this.#timersGone.delete(key);
  }

  #timerGone({ subject, name }: { subject: string; name: string }): void {
    const key = `${subject}\n${name}`;
    this.#text('put', '1y', timerGoneText({ subject, name }));
    this.#timersPut.delete(key);
    this.#timersGone.set(key, { subject, name });
  }

  #await(row: AwaitedRow, index: number, awaits: number[]): void {
    awaits.push(index);
    this.#awaitedPut.set(row.message, { ...row, at: this.#at(index) });
  }

  /** A message handled in this very batch lies among the inputs; its row is put with that entry's position. */
  #localAwaited(row: AwaitedRow, cause: Slot): number {
    const slot = this.#plan.slots.find(
      (one) => one.index > cause.index && one.item?.message.id === row.message,
    );
    const index = slot?.index ?? cause.index;
    if (!this.#awaitedGone.has(row.message))
      this.#awaitedPut.set(row.message, { ...row, at: this.#at(index) });
    return index;
  }

  #answered(message: string): void {
    this.#awaitedPut.delete(message);
    this.#awaitedGone.add(message);
  }

  #hold(slot: Slot, kind: 'held' | 'waiting', reason: string): void {
    const at = this.#at(slot.index);
    const clean = reason.replaceAll(/[^\P{Cc}\t\n]/gu, ' ');
    const row: HeldRow = {
      at,
      subject: slot.item?.message.subject ?? '',
      reason: clean,
      kind,
      since: this.#plan.scene.nowMs,
    };
    this.#held.set(at, row);
    this.#text('put', '1y', heldText(row));
  }

  #receipt(frame: CheckedFrame): Assembled['answers'][number] {
    const slots = this.#plan.slots.filter(
      (slot) => slot.input?.kind === 'frame' && slot.input.frame === frame,
    );
    const refusals = slots.flatMap((slot, index): MessageRefusal[] => {
      if (slot.skip !== 'bad') return [];
      const message = frame.messages[index];
      const id = message?.ok === false ? message.id || null : (slot.item?.message.id ?? null);
      return [{ at: message?.ok === false ? message.at : '/id', code: slot.code ?? 'refused', id, index }];
    });
    const { suite, key, directory, wallMs } = this.#signing;
    const by = { suite, key, time: instantOf(wallMs), directory };
    const answer = sealReceipt({ head: frame.batch, link: frame.link, refusals }, by);
    return { frame, answer };
  }

  #commit(inputs: readonly Input[], frames: readonly NewFrame[], answers: Assembled['answers']): Commit {
    const { state, overlay, finished, scene } = this.#plan;
    this.#stamp();
    const peers = [
      ...new Set(this.#places.map((one) => one.outgoing.message.to)),
      ...(this.#routes.length > 0 ? [''] : []),
    ];
    return {
      partition: state.partition,
      journal: this.#journal(inputs, peers),
      bodies: this.#bodies(legalDay(scene.nowMs).slice(0, 7)),
      seen: this.#seen(),
      received: answers.map(({ frame, answer }) => this.#received(frame, answer)),
      sent: frames.map((frame) => frame.row),
      receipts: inputs.flatMap((input) => (input.kind === 'receipt' ? [input.row] : [])),
      records: [...overlay.records.values()].map((one) => one.row),
      postings: finished.flatMap(({ slot, draft }) =>
        draft.bookings.flatMap((one) => legs(one, this.#at(slot.index))),
      ),
      balances: [...overlay.balances.values()],
      holds: [...overlay.holds.values()].flat(),
      timers: { put: [...this.#timersPut.values()], gone: [...this.#timersGone.values()] },
      held: { put: [...this.#held.values()], gone: this.#heldGone },
      conversations: [...overlay.conversations.values()],
      awaited: { put: [...this.#awaitedPut.values()], gone: [...this.#awaitedGone] },
    };
  }

  /** Balances, holds and conversations carry the position of the batch that last changed them. */
  #stamp(): void {
    const { overlay } = this.#plan;
    const at = this.#at(0);
    for (const [key, row] of overlay.balances) overlay.balances.set(key, { ...row, at });
    for (const [key, row] of overlay.conversations) overlay.conversations.set(key, { ...row, at });
    for (const [key, rows] of overlay.holds)
      overlay.holds.set(
        key,
        rows.map((row) => (row.at === 0 ? { ...row, at } : row)),
      );
  }

  #journal(inputs: readonly Input[], peers: readonly string[]): Commit['journal'] {
    const { state, seq, scene } = this.#plan;
    const { suite, key, wallMs } = this.#signing;
    const routes = [...state.routes];
    for (const input of inputs)
      if (input.kind === 'route')
        routes[input.partition] = Math.max(routes[input.partition] ?? 0, input.position);
    const root = merkleRoot(
      suite,
      this.#entries.map((entry) => entry.leaf),
    );
    const count = this.#entries.length;
    const head = writeJournalHead({
      region: this.#node.region,
      suite: suite.name,
      from: this.#node.here,
      partition: state.partition,
      epoch: state.epoch,
      seq,
      prev: toHex(state.link),
      root: toHex(root),
      count,
      now: instantOf(scene.nowMs),
      time: instantOf(wallMs),
      key: key.id,
    });
    return {
      seq,
      epoch: state.epoch,
      now: scene.nowMs,
      count,
      root,
      prev: state.link,
      link: link(suite, head),
      head,
      routes,
      peers,
    };
  }

  #bodies(month: string): Commit['bodies'] {
    return [...grouped(this.#entries)].map(([name, entries]) => ({
      month,
      seq: this.#plan.seq,
      class: name,
      body: packEntries(entries),
    }));
  }

  #seen(): SeenRow[] {
    return this.#plan.slots.flatMap((slot): SeenRow[] => {
      if (slot.skip || !slot.item || (slot.origin !== 'command' && slot.origin !== 'frame')) return [];
      const { id, source } = slot.item.message;
      const month = legalDay(uuidTimeMs(id) ?? 0).slice(0, 7);
      return [{ month, source, id, leaf: slot.leaf, at: this.#at(slot.index) }];
    });
  }

  #received(frame: CheckedFrame, answer: SignedAnswer): ReceivedRow {
    const { peer, stream, epoch, seq, head, signature, link: frameLink, first, messages } = frame;
    const slot = this.#plan.slots.find((one) => one.input?.kind === 'frame' && one.input.frame === frame);
    return {
      peer,
      stream,
      epoch,
      seq,
      head,
      signature,
      link: frameLink,
      next: first + messages.length,
      at: this.#at(slot?.index ?? 0),
      receipt: answer.text,
      receiptSignature: answer.signature,
      refusals: Buffer.from(answer.refusals).toString('utf8'),
    };
  }

  #at(index: number): number {
    return positionOf(this.#plan.seq, index);
  }

  #text(kind: EntryKind, keep: RetentionClass, text: string): number {
    const bytes = entryBytes(text);
    return this.#add(kind, keep, bytes, leafHash(this.#signing.suite, bytes));
  }

  #add(kind: EntryKind, keep: RetentionClass, bytes: Uint8Array, leaf: Uint8Array): number {
    const index = this.#entries.length;
    this.#entries.push({ index, kind, class: keep, bytes, leaf });
    return index;
  }
}

function grouped(entries: readonly Entry[]): Map<RetentionClass, Entry[]> {
  const groups = new Map<RetentionClass, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.class);
    if (group) group.push(entry);
    else groups.set(entry.class, [entry]);
  }
  return groups;
}
