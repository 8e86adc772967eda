import { sameBytes } from '../exchange/bytes.ts';
import type { ReceiptRow } from '../store/rows.ts';
import { applied, type WriterEvents } from './applied.ts';
import { type Assembled, Assembly } from './assemble.ts';
import { notePace, sendersTo } from './congestion.ts';
import { culpritsOf } from './culprits.ts';
import { dueTimers, timersMax } from './due.ts';
import { count, type Environment } from './environment.ts';
import { hasFreeSlot, signingEpoch } from './frames.ts';
import type { Input } from './input.ts';
import { LookUp } from './look-up.ts';
import { type InTail, openPartition } from './open.ts';
import { Plan } from './plan.ts';
import { Queue, type Waiting } from './queue.ts';
import { runPlan } from './run-plan.ts';
import { type PartitionState, streamKey } from './state.ts';

/** What a commit is made of: what was taken, when, what of it was seen before, and what is to be held with the reason. */
interface Batch {
  readonly state: PartitionState;
  readonly inputs: readonly Input[];
  readonly taken: readonly Waiting[];
  readonly nowMs: number;
  /** Leaf (hex) by `source id`. */
  readonly seen: ReadonlyMap<string, string>;
  /** Reason by `source id`. */
  readonly holds: ReadonlyMap<string, string>;
}

/** A batch laid out, with the plan that it came of. */
interface Planned extends Assembled {
  readonly plan: Plan;
}

/** The one writer of a partition: takes what waits, plans, commits, and only then lets anything leave. */
export class PartitionWriter {
  readonly partition: number;
  readonly #env: Environment;
  readonly #events: WriterEvents;
  readonly #queue = new Queue();
  readonly #lookUp: LookUp;
  readonly received = new Map<string, InTail>();
  #state: PartitionState | undefined;
  #running = false;
  #stopping = false;
  #idle: (() => void)[] = [];
  /** What is to be done between two batches; told false when there will be none here. */
  #steps: ((isHere: boolean) => void)[] = [];
  /** What the batch under way took: told if it cannot be written. */
  #taken: readonly Waiting[] = [];
  #timer: (() => void) | undefined;

  constructor(env: Environment, partition: number, events: WriterEvents) {
    this.#env = env;
    this.partition = partition;
    this.#events = events;
    this.#lookUp = new LookUp(env);
  }

  get state(): PartitionState | undefined {
    return this.#state;
  }
  get queued(): number {
    return this.#queue.length;
  }
  /** How long the first local command that waits has waited, in ms: who comes now waits longer. */
  get waitedMs(): number {
    return this.#env.clock.monotonic() - (this.since('local') ?? this.#env.clock.monotonic());
  }
  /** Since when the first waits that came from a peer, or, `local`, from a counter here; by the monotonic clock. */
  since(lane: string): number | undefined {
    return this.#queue.since(lane);
  }
  get writing(): boolean {
    return this.#running;
  }

  /** Reads where the partition stands; unreceipted frames go out again. */
  async open(epoch: number): Promise<void> {
    const { received, ...state } = await openPartition(this.#env, this.partition, epoch);
    this.received.clear();
    for (const [key, tail] of received) this.received.set(key, tail);
    this.#state = state;
    for (const stream of state.streams.values())
      if (stream.unreceipted.length > 0) this.#events.frames(this.partition, stream, [...stream.unreceipted]);
    this.#arm();
    this.kick();
  }

  /** Takes nothing more; resolves when the batch under way is done. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#timer?.();
    this.#step(false);
    this.#queue.drop('the node is stopping');
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#state = undefined;
  }

  push(lane: string, waiting: Waiting): void {
    if (this.#stopping || !this.#state) return waiting.dropped('the partition has no writer here now');
    this.#queue.push(lane, waiting);
    this.kick();
  }

  /** A peer's receipt frees the frame's slot at once; the row is stored with the next batch. */
  receipted(row: ReceiptRow): void {
    const stream = this.#state?.streams.get(streamKey(row.peer, row.stream));
    if (!stream) return;
    const at = stream.unreceipted.findIndex((one) => one.row.seq === row.seq && one.row.epoch === row.epoch);
    if (at < 0) return;
    notePace(stream, this.#env.clock.monotonic());
    stream.unreceipted.splice(at, 1);
    const waiting = {
      input: { kind: 'receipt', row } as const,
      messages: 0,
      bytes: 0,
      urgent: false,
      dropped: () => undefined,
    };
    this.#queue.push('receipts', waiting);
    if (stream.pending.length > 0) return this.kick();
    this.#env.clock.after(this.#env.limits.receiptMs, () => this.kick());
  }

  /** Lets go of what is in memory only to be quick, unless a batch is under way. */
  rest(): void {
    if (!this.#running) this.#state?.cache.clear();
  }

  /** The lease is another's; a batch under way finds that out by its fence. */
  fenced(): void {
    if (!this.#running && this.#state) this.#lose();
  }

  /** Changes the state while no batch is under way; false, and not done, when the partition is let go before. */
  between(step: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#steps.push((isHere) => {
        try {
          resolve(isHere && step());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      if (this.#state && !this.#stopping) this.kick();
      else this.#step(false);
    });
  }

  /** Lets the partition go between two batches, for another process to take: what waits is told to come again. */
  async letGo(): Promise<void> {
    await this.between(() => {
      this.#lose();
      return true;
    });
  }

  #step(isHere: boolean): void {
    for (const step of this.#steps.splice(0)) step(isHere && this.#state !== undefined);
  }

  kick(): void {
    if (this.#running || !this.#state || this.#stopping) return;
    this.#running = true;
    void this.#loop();
  }

  async #loop(): Promise<void> {
    try {
      while (this.#state && !this.#stopping && (await this.#batch(this.#state)))
        await this.#env.point('afterBatch');
    } catch (error) {
      this.#env.log.error('writer failed', { partition: this.partition, error: String(error) });
      this.#lose();
    } finally {
      this.#running = false;
      for (const resolve of this.#idle.splice(0)) resolve();
      this.#arm();
      // What came while the last batch found nothing had no effect on a loop that still ran.
      if (this.#queue.length > 0 || this.#steps.length > 0) this.kick();
    }
  }

  /** One batch; false when nothing waits. */
  async #batch(state: PartitionState): Promise<boolean> {
    this.#step(true);
    if (this.#state !== state) return false;
    const nowMs = Math.max(this.#env.clock.now(), state.now);
    const timers = await dueTimers(this.#env, state, nowMs);
    const congested = this.#events.congested();
    const all = timers.length >= timersMax ? [] : this.#queue.take();
    this.#taken = all;
    const turnedAway = await sendersTo(congested, this.#env, state, all, nowMs);
    for (const one of turnedAway)
      one.dropped(`what is on its way to or from ${[...congested].join(', ')} waits too long`);
    const taken = all.filter((one) => !turnedAway.has(one));
    this.#taken = taken;
    const streamEpoch = signingEpoch(this.#env);
    const freed = [...state.streams.values()].some(
      (stream) => stream.pending.length > 0 && hasFreeSlot(stream, streamEpoch),
    );
    if (taken.length === 0 && timers.length === 0 && !freed) return false;
    const inputs: Input[] = [...timers, ...taken.map((one) => one.input)];
    const seen = await this.#lookUp.of(taken);
    await this.#write({ state, inputs, taken, nowMs, seen, holds: new Map() });
    this.#taken = [];
    return true;
  }

  async #write(batch: Batch): Promise<void> {
    const assembled = await this.#assembled(batch);
    await this.#env.point('beforeCommit');
    await this.#commit(batch, assembled);
  }

  async #assembled({ state, inputs, nowMs, seen, holds }: Batch): Promise<Planned> {
    const plan = new Plan(this.#env.scene, state, inputs, nowMs, seen, holds);
    await runPlan(plan, this.#env);
    const { suite, key, directory, clock } = this.#env;
    const streamEpoch = signingEpoch(this.#env);
    const [wallMs, sinceMs] = [clock.now(), clock.monotonic()];
    const signing = { suite, key, directory: directory.version, wallMs, sinceMs, streamEpoch };
    return { plan, ...new Assembly(plan, this.#env.scene).build(inputs, signing) };
  }

  async #commit(batch: Batch, assembled: Planned): Promise<void> {
    const { state } = batch;
    const { plan } = assembled;
    for (;;) {
      const result = await this.#env.store.commit(assembled.commit);
      await this.#env.point('afterCommit');
      count(this.#env, `commit_${result.result}`);
      if (result.result === 'done') return applied(this.#env, this.#events, plan, assembled);
      if (result.result === 'duplicate') return this.#again(batch);
      if (result.result === 'refused') return this.#culprits(batch, plan.handled, result.code);
      if (result.result === 'fenced' || result.result === 'unknown') {
        // A commit whose answer got lost may have come through, and then fences its own repetition.
        const tail = await this.#env.store.tail(state.partition).catch(() => undefined);
        const { seq, link } = assembled.commit.journal;
        if (tail?.journal.seq === seq && sameBytes(tail.journal.link, link))
          return applied(this.#env, this.#events, plan, assembled);
        if (result.result === 'fenced' || (tail && tail.journal.seq !== state.seq)) return this.#lose();
      }
      await new Promise<void>((resolve) =>
        this.#env.clock.after(result.result === 'full' ? 1_000 : 50, resolve),
      );
      if (this.#stopping) return this.#lose();
    }
  }

  /** An id was accepted before: look all of them up and run the batch again (K11). */
  async #again(batch: Batch): Promise<void> {
    this.#lookUp.met();
    await this.#write({ ...batch, seen: await this.#lookUp.of(batch.taken) });
  }

  /** The data of some messages are at fault: these alone are held, with the database's reason (K20). */
  async #culprits(batch: Batch, handled: readonly string[], code: string): Promise<void> {
    const reason = `the database refused it: ${code}`;
    const holding = (keys: Iterable<string>): Batch => {
      const holds = new Map([...batch.holds, ...[...keys].map((key) => [key, reason] as const)]);
      return { ...batch, holds };
    };
    const culprits = await culpritsOf(handled, async (held) => {
      const { commit } = await this.#assembled(holding(held));
      count(this.#env, 'commits_tried');
      const { result } = await this.#env.store.probe(commit);
      if (result === 'done' || result === 'refused') return result === 'refused';
      throw new Error(`a batch without its culprit could not be tried: ${result}`);
    });
    if (!culprits || this.#state !== batch.state) return this.#lose();
    await this.#write(holding(culprits));
  }

  /** The partition is another's now, or its state here is in doubt: all is dropped, and read anew once the lease is taken again. */
  #lose(): void {
    this.#state = undefined;
    for (const one of this.#taken) one.dropped('the batch could not be written here');
    this.#taken = [];
    this.#queue.drop('the partition has no writer here now');
    this.#step(false);
    this.received.clear();
    this.#events.lost(this.partition);
  }

  #arm(): void {
    this.#timer?.();
    this.#timer = undefined;
    const due = this.#state?.nextDue;
    if (due === undefined || this.#stopping || this.#env.clock.jumped() !== undefined) return;
    const wait = Math.min(Math.max(0, due - this.#env.clock.now()), 3_600_000);
    this.#timer = this.#env.clock.after(wait, () => this.kick());
  }
}
