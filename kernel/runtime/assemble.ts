import { instantOf, legalDay } from '@yitong/kit';
import { toHex } from '../exchange/bytes.ts';
import { canonical } from '../exchange/canonical.ts';
import { link, writeJournalHead } from '../exchange/head.ts';
import type { Message } from '../exchange/message.ts';
import type { SigningKey, Suite } from '../exchange/suite.ts';
import { uuidTimeMs } from '../exchange/uuid.ts';
import type { Entry } from '../journal/entries.ts';
import { classOf, conversationText, didText, recordText } from '../journal/outcome.ts';
import type { RecordState } from '../records/cache.ts';
import type { ConversationRow, RetentionClass, SeenRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';
import { EntryList } from './entry-list.ts';
import { framesOf, type NewFrame, type OutPlace, streamNameOf } from './frames.ts';
import { positionOf } from './ids.ts';
import type { Input, Slot } from './input.ts';
import type { Finished, NodeScene, Plan } from './plan.ts';
import { type Answered, receiptsOf, receivedRow } from './receipts.ts';
import { Standing } from './standing.ts';

/** With what a batch is signed and how it is dated. */
export interface Signing {
  readonly suite: Suite;
  readonly key: SigningKey;
  readonly directory: number;
  readonly wallMs: number;
  /** The monotonic clock, from which on what it makes waits for peers. */
  readonly sinceMs: number;
  /** Epoch of this member's streams in the directory. */
  readonly streamEpoch: number;
}

/** A batch ready to be written, and what it means for the writer once it is. */
export interface Assembled {
  readonly commit: Commit;
  readonly frames: readonly NewFrame[];
  readonly answers: readonly Answered[];
  readonly places: readonly OutPlace[];
  /** Messages for other partitions of this node: index of the entry and the finished input that sent it. */
  readonly routes: readonly { readonly at: number; readonly finished: Finished; readonly k: number }[];
}

/** Lays a finished plan out as one commit: entries, root, link, rows, frames and receipts. */
export class Assembly {
  readonly #plan: Plan;
  readonly #node: NodeScene;
  readonly #entries: EntryList;
  readonly #standing: Standing;
  readonly #places: OutPlace[] = [];
  readonly #routes: Assembled['routes'][number][] = [];

  constructor(plan: Plan, node: NodeScene) {
    this.#plan = plan;
    this.#node = node;
    this.#entries = new EntryList(node.suite);
    this.#standing = new Standing(plan, this.#entries);
  }

  build(inputs: readonly Input[], signing: Signing): Assembled {
    this.entries();
    const frames = framesOf(this.#plan.state, this.#places, this.#node, signing);
    const answers = receiptsOf(this.#plan, inputs, signing);
    const journal = this.#journal(inputs, signing);
    const commit = this.#commit(inputs, journal, frames, answers);
    return { commit, frames, answers, places: this.#places, routes: this.#routes };
  }

  /** What goes into the journal, in order: inputs, and what each did. */
  entries(): readonly Entry[] {
    for (const slot of this.#plan.slots) this.#input(slot);
    for (const finished of this.#plan.finished) this.#outcome(finished);
    return this.#entries.all;
  }

  /** Entries of inputs come first, so that a frame's messages stand together. */
  #input(slot: Slot): void {
    if (slot.skip === 'dup' || slot.skip === 'bad')
      return void this.#entries.add(slot.skip, 'ever', slot.leaf, slot.leaf);
    const { item, input } = slot;
    if (!item) throw new Error('an input without a message is refused at the door');
    if (input?.kind !== 'route' && input?.kind !== 'release')
      return void this.#entries.add('in', this.#keep(item.message), item.bytes, item.leaf);
    const partition = input.kind === 'route' ? input.partition : this.#plan.state.partition;
    const ref = { leaf: toHex(item.leaf), partition, position: input.position };
    this.#entries.text('ref', 'ever', canonical(ref));
  }

  #outcome(finished: Finished): void {
    const { slot, outcome, draft, merged, code } = finished;
    const did = this.#entries.reserve('did', 'ever');
    for (const one of merged?.written ?? []) this.#record(one.state, one.previous?.row.at ?? 0);
    for (const timer of merged?.timers ?? []) this.#standing.timer(timer);
    for (const gone of draft.timersGone) this.#standing.timerGone(gone);
    if (slot.input?.kind === 'timer') this.#standing.timerGone(slot.input);
    for (const id of draft.answered) this.#standing.answered(id);
    const awaits = this.#messages(finished);
    for (const one of merged?.conversations ?? [])
      this.#entries.text('put', conversationClass(one), conversationText(one));
    const released = this.#standing.input(finished);
    const { bookings, holds, answered } = draft;
    const what = { index: slot.index, outcome, bookings, holds, awaits, answered };
    const more = { ...(code === undefined ? {} : { code }), ...(released === undefined ? {} : { released }) };
    did.fill(didText({ ...what, ...more, ...toldOf(finished) }));
  }

  /** Entries of the messages that an input sent; the indexes of those that are to be answered here. */
  #messages(finished: Finished): number[] {
    const { slot, merged } = finished;
    const awaits = (merged?.localAwaited ?? []).map((one) => this.#standing.localAwaited(one, slot));
    for (const one of merged?.outs ?? []) {
      const index = this.#entries.add('out', this.#keep(one.message), one.bytes, one.leaf);
      if (one.awaited) {
        awaits.push(index);
        this.#standing.await(one.awaited, index);
      }
      const stream = streamNameOf(one, this.#node.streams);
      this.#places.push({ outgoing: one, at: this.#at(index), stream });
    }
    for (const [k, one] of (merged?.routes ?? []).entries()) {
      const index = this.#entries.add('route', this.#keep(one.message), one.bytes, one.leaf);
      if (one.awaited) {
        awaits.push(index);
        this.#standing.await(one.awaited, index);
      }
      this.#routes.push({ at: this.#at(index), finished, k });
    }
    return awaits;
  }

  /** What an input did is kept for ever, the message itself as long as its system's longest-kept record. */
  #keep({ type }: Message): RetentionClass {
    return this.#node.registry.keep(type);
  }

  #record(state: RecordState, previous: number): void {
    const record = this.#node.registry.record(state.row.type);
    const keep = record ? classOf(record.keep) : 'ever';
    // That something was taken away names its subject: it is told no longer than it must be.
    const index = this.#entries.text(
      'put',
      state.row.body === null ? '1y' : keep,
      recordText(state.row, previous),
    );
    state.row = { ...state.row, at: this.#at(index) };
  }

  #commit(
    inputs: readonly Input[],
    journal: Commit['journal'],
    frames: readonly NewFrame[],
    answers: readonly Answered[],
  ): Commit {
    const { state, overlay, scene, seq } = this.#plan;
    this.#stamp();
    return {
      partition: state.partition,
      journal,
      bodies: this.#entries.bodies(legalDay(scene.nowMs).slice(0, 7), seq, this.#node.deflate),
      seen: this.#seen(),
      received: answers.map((one) => receivedRow(this.#plan, one)),
      sent: frames.map((frame) => frame.row),
      receipts: inputs.flatMap((input) => (input.kind === 'receipt' ? [input.row] : [])),
      records: [...overlay.records.values()].map((one) => one.row),
      postings: [...overlay.transfers.values()].flat(),
      balances: [...overlay.balances.values()],
      holds: [...overlay.holds.values()].flat(),
      conversations: [...overlay.conversations.values()],
      ...this.#standing.rows(),
    };
  }

  /** Balances, holds and conversations carry the position of the batch that last changed them. */
  #stamp(): void {
    const { overlay } = this.#plan;
    const at = this.#at(0);
    for (const row of overlay.balances.values()) row.at = at;
    for (const [key, row] of overlay.conversations) overlay.conversations.set(key, { ...row, at });
    for (const [key, rows] of overlay.holds)
      overlay.holds.set(
        key,
        rows.map((row) => (row.at === 0 ? { ...row, at } : row)),
      );
  }

  #journal(inputs: readonly Input[], { suite, key, wallMs }: Signing): Commit['journal'] {
    const { state, seq, scene } = this.#plan;
    const root = this.#entries.root();
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
      routes: this.#cursors(inputs),
      peers: this.#peers(),
    };
  }

  /** For each partition of the node, the position up to which its routes are taken with this batch. */
  #cursors(inputs: readonly Input[]): readonly number[] {
    const routes = [...this.#plan.state.routes];
    for (const input of inputs)
      if (input.kind === 'route')
        routes[input.partition] = Math.max(routes[input.partition] ?? 0, input.position);
    return routes;
  }

  /** Members that the batch has messages for; '' stands for other partitions of this node. */
  #peers(): readonly string[] {
    const peers = new Set(this.#places.map((one) => one.outgoing.message.to));
    return [...peers, ...(this.#routes.length > 0 ? [''] : [])];
  }

  #seen(): SeenRow[] {
    return this.#plan.slots.flatMap((slot): SeenRow[] => {
      if (slot.skip || !slot.item || (slot.origin !== 'command' && slot.origin !== 'frame')) return [];
      const { id, source } = slot.item.message;
      const month = legalDay(uuidTimeMs(id) ?? 0).slice(0, 7);
      return [{ month, source, id, leaf: slot.item.leaf, at: this.#at(slot.index) }];
    });
  }

  #at(index: number): number {
    return positionOf(this.#plan.seq, index);
  }
}

/** A conversation that ended and names nobody (any more) stays: its id alone says nothing. */
function conversationClass({ state, made, problem }: ConversationRow): RetentionClass {
  return state !== 'open' && made.length === 0 && problem === '' ? 'ever' : '1y';
}

/** What a refused command is told besides the code; a peer's message is told so by a message of its own. */
function toldOf({ outcome, slot, draft: { refusal } }: Finished): { readonly told?: string } {
  if (outcome !== 'refused' || slot.item?.route.is !== 'command' || refusal === undefined) return {};
  const { at, facts } = refusal;
  return { told: JSON.stringify({ ...(at === undefined ? {} : { at }), facts }) };
}
