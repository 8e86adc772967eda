import { toHex } from '../exchange/bytes.ts';
import type { Deflate } from '../exchange/deflate.ts';
import type { Suite } from '../exchange/suite.ts';
import type { Did } from '../journal/outcome.ts';
import type { Limited } from '../ledger/limits.ts';
import { Overlay } from '../records/overlay.ts';
import type { Watch } from '../seams.ts';
import type { RecordRow } from '../store/rows.ts';
import type { Miss } from '../store/store.ts';
import { type Asked, type Draft, emptyDraft } from './draft.ts';

import { refusalTo } from './effects.ts';
import { handle, type Item, type Scene } from './handle.ts';
import { positionOf } from './ids.ts';
import type { Input, Slot } from './input.ts';
import type { Laws } from './law.ts';
import { type Merged, Merger } from './merge.ts';
import type { Registry } from './registry.ts';
import type { PartitionState } from './state.ts';

/** What is the same for all of a node's partitions. */
export interface NodeScene {
  readonly here: string;
  readonly region: string;
  readonly members: readonly string[];
  readonly partitions: number;
  readonly streams: number;
  readonly watch: Watch;
  readonly deflate: Deflate;
  /** The node's own: leaves of its journal and links are hashed with it. */
  readonly suite: Suite;
  readonly registry: Registry;
  readonly laws: Laws;
  readonly mirrored: ReadonlyMap<string, ReadonlySet<string>>;
  readonly limited: Limited;
}

/** How an input ended: `did` as journaled, and what readers and waiters are told. */
export interface Finished {
  readonly slot: Slot;
  readonly outcome: Did['outcome'];
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly draft: Draft;
  readonly merged: Merged | undefined;
  readonly shown: RecordRow | undefined;
}

/** Rounds of loading that one generation of a batch may need before what still misses is held. */
const roundsMax = 16;
const depthMax = 64;
const didNotEnd = 'its handler did not end, and the process with it';

/**
 * One batch: runs its messages over an overlay, one generation after another: the inputs, the messages these sent to subjects of
 * this partition, what those sent. `run` gives back what must be loaded first; when nothing is missing all are finished. A subject
 * whose message missed is run again from that message on; the others go on (K17). A generation ends in the order of its indexes,
 * so that what the journal says does not hang on what was in memory, and a replay finds it again (K25).
 */
export class Plan {
  readonly slots: Slot[] = [];
  readonly finished: Finished[] = [];
  readonly overlay: Overlay;
  readonly scene: Scene;
  readonly state: PartitionState;
  readonly seq: number;
  readonly #merger: Merger;
  readonly #node: NodeScene;
  readonly #done = new Set<number>();
  readonly #blocked = new Map<string, number>();
  readonly #seen: ReadonlyMap<string, string>;
  readonly #holds: ReadonlyMap<string, string>;
  readonly #ids = new Map<string, string>();
  #rounds = 0;
  /** Where the generation under way begins, and how its messages ended. */
  #first = 0;
  #ended: Finished[] = [];

  /** `seen`: leaf (hex) by `source id` of ids that are known to have been accepted before; `holds`: why, of messages to be held. */
  constructor(
    node: NodeScene,
    state: PartitionState,
    inputs: readonly Input[],
    nowMs: number,
    seen: ReadonlyMap<string, string>,
    holds: ReadonlyMap<string, string> = new Map(),
  ) {
    this.state = state;
    this.seq = state.seq + 1;
    this.overlay = new Overlay(state.cache);
    this.#seen = seen;
    this.#holds = holds;
    const { here, region, members, laws, registry, mirrored, limited, partitions } = node;
    const place = { here, region, members, laws };
    const { partition } = state;
    this.scene = { place, registry, overlay: this.overlay, partition, partitions, nowMs, mirrored, limited };
    this.#merger = new Merger(this.scene, node, this.seq);
    this.#node = node;
    for (const row of state.held.values()) this.#block(row.subject, 1);
    for (const input of inputs) this.#admit(input);
  }

  /** Runs what is not yet finished; the misses to load before the next call, none when all is done. */
  run(): readonly Miss[] {
    this.#rounds += 1;
    while (this.#first < this.slots.length) {
      const stalled = new Set<string>();
      for (const slot of this.slots.slice(this.#first))
        if (!this.#done.has(slot.index)) this.#attempt(slot, stalled);
      const misses = [...this.overlay.misses.values()];
      this.overlay.misses.clear();
      if (misses.length > 0) return misses;
      this.#endGeneration();
    }
    return [];
  }

  /** All messages of the generation have ended: they are told in order, and those that they sent here are the next one. */
  #endGeneration(): void {
    const ended = this.#ended.sort((a, b) => a.slot.index - b.slot.index);
    this.#ended = [];
    this.#first = this.slots.length;
    this.#rounds = 1;
    for (const one of ended) {
      this.finished.push(one);
      for (const local of one.merged?.local ?? []) this.#addLocal(one.slot, local);
    }
  }

  #attempt(slot: Slot, stalled: Set<string>): void {
    const { item } = slot;
    if (!item || slot.skip) return this.#finish(slot, slot.skip ?? 'bad', slot.code, emptyDraft());
    const { subject, to } = item.message;
    // Routed here for a peer: it goes on into its stream and is handled there.
    if (to !== this.scene.place.here) return this.#finish(slot, 'done', undefined, emptyDraft());
    if (this.#waits(slot, subject))
      return this.#finish(slot, 'waiting', undefined, emptyDraft(), 'waits behind a held message');
    const key = `${item.message.source} ${item.message.id}`;
    const hold = item.hold ?? this.#holds.get(key);
    if (hold !== undefined) return this.#hold(slot, subject, hold);
    if (slot.input?.kind === 'release' && slot.input.refuse) return this.#refuse(slot, item);
    const { watch } = this.#node;
    if (watch.hung.has(key) && slot.origin !== 'release') return this.#hold(slot, subject, didNotEnd);
    watch.enter(key);
    const handled = handle(item, this.scene);
    watch.leave();
    if (handled.end === 'missed') {
      if (this.#rounds >= roundsMax) this.#hold(slot, subject, 'needs more than 16 rounds of loading');
      else stalled.add(subject);
    } else if (stalled.has(subject)) return;
    else if (handled.end === 'held') this.#hold(slot, subject, handled.reason);
    else if (handled.draft.refusal && item.route.is !== 'refused') this.#refused(slot, handled.draft);
    else this.#finish(slot, 'done', undefined, handled.draft);
  }

  /** Readings do not wait; all else waits behind a held message of its subject. */
  #waits(slot: Slot, subject: string): boolean {
    const is = slot.item?.route.is;
    return (
      is !== 'read' &&
      is !== 'shown' &&
      is !== 'release' &&
      is !== 'question' &&
      (this.#blocked.get(subject) ?? 0) > 0
    );
  }

  #hold(slot: Slot, subject: string, reason: string): void {
    this.#block(subject, 1);
    this.#finish(slot, 'held', undefined, emptyDraft(), reason);
  }

  /** A refusal has no effects but the message that tells the asker. */
  #refused(slot: Slot, draft: Draft): void {
    const told = {
      ...emptyDraft(),
      sendings: draft.sendings.filter((one) => one.type === 'kernel/refused'),
      refusal: draft.refusal,
    };
    this.#finish(slot, 'refused', draft.refusal?.code, told);
  }

  /** An operator refuses a held message: nothing happens, and its sender learns it. */
  #refuse(slot: Slot, item: Item): void {
    const draft = emptyDraft();
    draft.refusal = { code: 'kernel/refused-by-operator', facts: {} };
    if (item.route.is === 'message') {
      const { id, replyto, conversation } = item.message;
      const asked: Asked = {
        message: item.route.message,
        id,
        from: item.from,
        replyTo: replyto,
        conversation,
      };
      refusalTo(asked, draft.refusal, draft);
    }
    this.#finish(slot, 'refused', draft.refusal.code, draft);
  }

  #finish(
    slot: Slot,
    outcome: Did['outcome'],
    code: string | undefined,
    draft: Draft,
    reason?: string,
  ): void {
    this.#done.add(slot.index);
    if (outcome === 'waiting') this.#block(slot.item?.message.subject ?? '', 1);
    const merged = slot.item && !slot.skip ? this.#merger.merge(slot, outcome, draft) : undefined;
    this.#ended.push({ slot, outcome, code, reason, draft, merged, shown: draft.shown });
  }

  /** A message to a subject of this partition is handled in the same batch (K4). */
  #addLocal(cause: Slot, item: Item): void {
    const hold = `more than ${depthMax} messages caused one another in one batch`;
    const own = cause.depth >= depthMax ? { ...item, hold } : item;
    const { root, depth } = cause;
    this.#add({ origin: 'local', item: own, leaf: item.leaf, depth: depth + 1, input: undefined, root });
  }

  #add(slot: Omit<Slot, 'index' | 'root'> & { readonly root?: number }): void {
    const index = this.slots.length;
    this.slots.push({ root: index, ...slot, index });
  }

  #admit(input: Input): void {
    if (input.kind === 'receipt') return;
    if (input.kind === 'frame') {
      for (const one of input.frame.messages)
        if (one.ok)
          this.#add({
            ...this.#known(one.item),
            origin: 'frame',
            item: one.item,
            leaf: one.leaf,
            depth: 0,
            input,
          });
        else
          this.#add({
            origin: 'frame',
            item: undefined,
            leaf: one.leaf,
            depth: 0,
            input,
            skip: 'bad',
            code: one.code,
          });
      return;
    }
    if (input.kind === 'skipped') {
      const { leaf, skip, code } = input;
      const why = code === undefined ? {} : { code };
      return this.#add({ origin: 'frame', item: undefined, leaf, depth: 0, input, skip, ...why });
    }
    const { item } = input;
    const common = { origin: input.kind, item, leaf: item.leaf, depth: 0, input };
    if (input.kind === 'release') this.#block(item.message.subject, -1);
    this.#add(input.kind === 'command' ? { ...common, ...this.#known(item) } : common);
  }

  /** An id that was accepted before, or stands earlier in this batch: the same content has no second effect, other is refused. */
  #known(item: Item): { skip?: 'dup' | 'bad'; code?: string } {
    const key = `${item.message.source} ${item.message.id}`;
    const leaf = toHex(item.leaf);
    const before = this.#seen.get(key) ?? this.#ids.get(key);
    this.#ids.set(key, leaf);
    if (before === undefined) return {};
    return before === leaf ? { skip: 'dup' } : { skip: 'bad', code: 'id-reused' };
  }

  #block(subject: string, by: number): void {
    this.#blocked.set(subject, (this.#blocked.get(subject) ?? 0) + by);
  }

  /** Keys (`source id`) of the messages that were handled here, in order. */
  get handled(): readonly string[] {
    const own = this.finished.filter(
      ({ slot, outcome }) =>
        slot.item?.message.to === this.scene.place.here && (outcome === 'done' || outcome === 'refused'),
    );
    return own
      .map(({ slot }) => slot)
      .sort((a, b) => a.index - b.index)
      .map(({ item }) => `${item?.message.source} ${item?.message.id}`);
  }

  /** Position of an input's entry. */
  positionOf(slot: Pick<Slot, 'index'>): number {
    return positionOf(this.seq, slot.index);
  }
}
