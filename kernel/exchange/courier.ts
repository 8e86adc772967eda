import { count, type Environment } from '../runtime/environment.ts';
import { frameBytes } from '../runtime/open.ts';
import { type OpenFrame, streamKey } from '../runtime/state.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { PeerAnswer } from '../seams.ts';
import { fromUtf8 } from './bytes.ts';
import { memberOf } from './directory.ts';
import { readBatchHead } from './head.ts';
import { instantMs } from './instant.ts';
import type { OwnFrames } from './own-frames.ts';
import { codeIn } from './problem-answer.ts';
import { decodeAnswer, verifyReceipt, verifyRefusal } from './receipt.ts';
import type { FetchDirectory } from './receiver.ts';

/** A peer's waiting frames are woken at most so often. */
const wakeMs = 5_000;
/** The first pause of a frame whose predecessor may arrive any moment; it doubles, for the predecessor may stand still for people. */
const soonMs = 25;
/** A peer that stays busy is asked after its own pause, then more and more rarely, at last so often; its next receipt wakes all. */
const busyMaxMs = 10_000;

/** What the operator sees of a peer. */
export interface PeerNotes {
  reachable: boolean;
  /** When it was first tried in vain since it last answered, ms since 1970; undefined while it is reachable. */
  awaySince: number | undefined;
  lastReceipt: number | undefined;
  skewMs: number | undefined;
  readonly alarms: Map<string, { readonly code: string; readonly detail: string }>;
}

/**
 * What follows from an answer. `soon`: a frame before it is still on its way. `probe`: it needs people at the peer, and is asked for
 * rarely until they have mended it. `stop`: a fork, which no repetition heals. A number: the peer asked for this pause.
 */
type Next = 'done' | 'stop' | 'again' | 'soon' | 'probe' | number;

/** Brings frames to peers until each has a receipt: the same bytes again after every doubt, never given up (B5). */
export class Courier {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly notes = new Map<string, PeerNotes>();
  readonly #underWay = new Set<string>();
  /** Frames that wait for their next try, by peer, and when each peer's were woken last. */
  readonly #asleep = new Map<string, Set<() => void>>();
  readonly #woken = new Map<string, number>();
  readonly #fetch: FetchDirectory;
  readonly #own: Pick<OwnFrames, 'hear'>;
  #stopped = false;

  constructor(
    env: Environment,
    writers: readonly PartitionWriter[],
    fetch: FetchDirectory,
    own: Pick<OwnFrames, 'hear'>,
  ) {
    this.#env = env;
    this.#own = own;
    this.#writers = writers;
    this.#fetch = fetch;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** The peer lives: what waits for it is tried at once, at most every few seconds. */
  wake(peer: string): void {
    const asleep = this.#asleep.get(peer);
    if (!asleep || asleep.size === 0) return;
    const now = this.#env.clock.monotonic();
    if (now < (this.#woken.get(peer) ?? 0) + wakeMs) return;
    this.#woken.set(peer, now);
    for (const wake of [...asleep]) wake();
  }

  note(peer: string): PeerNotes {
    const found = this.notes.get(peer) ?? {
      reachable: true,
      awaySince: undefined,
      lastReceipt: undefined,
      skewMs: undefined,
      alarms: new Map(),
    };
    this.notes.set(peer, found);
    return found;
  }

  /** Delivers a frame; resolves when it has a receipt or its stream stands still for people. At most once at a time. */
  async deliver(partition: number, open: OpenFrame): Promise<void> {
    const { peer, stream, epoch, seq } = open.row;
    const key = `${peer} ${stream} ${epoch} ${seq}`;
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    try {
      for (let attempt = 0, early = 0; !this.#stopped && this.#isDue(partition, open); ) {
        const next = await this.#attempt(partition, open);
        if (next === 'done' || next === 'stop') return;
        if (next === 'soon') early += 1;
        else attempt += 1;
        await this.#asleepFor(peer, this.#pause(next, early, attempt));
      }
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** A frame whose epoch was closed is void; one for a member that left waits until it is one again. */
  #isDue(partition: number, { row }: OpenFrame): boolean {
    if (memberOf(this.#env.directory, row.peer) === undefined) return false;
    const { state } = this.#writers[partition] ?? {};
    // Another process may hold the partition, and bring what waits in it; whoever takes it again brings it anew.
    if (!state) return false;
    const stream = state.streams.get(streamKey(row.peer, row.stream));
    return (
      !stream || stream.unreceipted.some((one) => one.row.seq === row.seq && one.row.epoch === row.epoch)
    );
  }

  #asleepFor(peer: string, ms: number): Promise<void> {
    const asleep = this.#asleep.get(peer) ?? new Set();
    this.#asleep.set(peer, asleep);
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        asleep.delete(done);
        resolve();
      };
      const stop = this.#env.clock.after(ms, done);
      asleep.add(done);
    });
  }

  async #attempt(partition: number, open: OpenFrame): Promise<Next> {
    const { row } = open;
    const heard = await this.#heard(partition, open);
    if (heard !== 'known') return heard;
    const oldest = this.#oldest(partition, open);
    const answer = await this.#sent(partition, open).catch((error: unknown) => {
      this.#env.log.warn('frame not brought', { peer: row.peer, seq: row.seq, error: String(error) });
      return undefined;
    });
    this.#reached(row.peer, answer !== undefined);
    count(this.#env, 'frames_sent');
    return this.#judge(partition, open, oldest, answer);
  }

  #reached(peer: string, isReachable: boolean): void {
    const note = this.note(peer);
    note.awaySince = isReachable ? undefined : (note.awaySince ?? this.#env.clock.now());
    note.reachable = isReachable;
  }

  /** Nothing leaves on a stream before its receiver has said what it holds of it. */
  async #heard(partition: number, { row }: OpenFrame): Promise<'known' | 'again' | number> {
    return this.#own.hear(partition, row.peer, row.stream).catch((error: unknown) => {
      this.#env.log.warn('stream not asked about', { peer: row.peer, error: String(error) });
      this.#reached(row.peer, false);
      return 'again';
    });
  }

  async #sent(partition: number, open: OpenFrame): Promise<PeerAnswer> {
    const bytes = open.frame ?? (await frameBytes(this.#env, partition, open.row));
    return await this.#env.peers.batch(open.row.peer, bytes);
  }

  /** The oldest frame of the stream that has no receipt yet; 0 while that is not known. */
  #oldest(partition: number, { row }: OpenFrame): number {
    const stream = this.#writers[partition]?.state?.streams.get(streamKey(row.peer, row.stream));
    return stream?.unreceipted[0]?.row.seq ?? 0;
  }

  async #judge(
    partition: number,
    open: OpenFrame,
    oldest: number,
    answer: PeerAnswer | undefined,
  ): Promise<Next> {
    if (!answer) return 'again';
    if (answer.status === 429 || answer.status === 503) return answer.retryAfterMs ?? 1_000;
    if (answer.status === 200) return this.#receipt(partition, open, answer.body);
    if (answer.status === 409) return this.#conflict(open, oldest, answer.body);
    const isUnknown = answer.status === 401 || answer.status === 403;
    if (isUnknown && (await this.#refreshed(open.row.peer))) return 'soon';
    const code = codeIn(answer.body);
    if (answer.status === 401 || answer.status === 403 || answer.status === 413 || answer.status === 422) {
      this.#alarm(open, code, `the peer refused the frame with ${answer.status}`);
      return isUnknown ? 'again' : 'probe';
    }
    return 'again';
  }

  /** Whether the peer has a newer directory than we had: then the same bytes may be judged otherwise. */
  #refreshed(peer: string): Promise<boolean> {
    return this.#fetch(peer, this.#env.directory.version + 1);
  }

  async #receipt(partition: number, open: OpenFrame, body: Uint8Array): Promise<Next> {
    const { row } = open;
    const context = this.#context(open);
    const answer = decodeAnswer(body);
    const verified = answer && context && verifyReceipt(answer, context);
    if (
      verified?.ok === false &&
      verified.directory !== undefined &&
      (await this.#fetch(row.peer, verified.directory))
    )
      return 'soon';
    if (!answer || !verified?.ok) {
      this.#alarm(open, 'bad-receipt', verified && !verified.ok ? verified.detail : 'not a receipt');
      return 'again';
    }
    const { peer, stream, epoch, seq } = row;
    const note = this.note(peer);
    note.lastReceipt = this.#env.clock.now();
    note.skewMs = (instantMs(verified.receipt.time) ?? note.lastReceipt) - note.lastReceipt;
    note.alarms.delete(stream);
    const refusals = fromUtf8(answer.refusals) ?? '';
    if (verified.refusals.length > 0)
      this.#env.log.warn('messages refused by peer', { peer, stream, seq, count: verified.refusals.length });
    const receipt = { peer, stream, epoch, seq, receipt: answer.text, signature: answer.signature, refusals };
    this.#writers[partition]?.receipted(receipt);
    this.wake(peer);
    return 'done';
  }

  /** `oldest`: the stream's oldest frame without a receipt when this one left; receipts that came since say nothing about the answer. */
  async #conflict(open: OpenFrame, oldest: number, body: Uint8Array): Promise<Next> {
    const context = this.#context(open);
    const answer = decodeAnswer(body);
    const verified = answer && context && verifyRefusal(answer, context);
    if (verified?.ok === false && verified.directory !== undefined)
      return (await this.#fetch(open.row.peer, verified.directory)) ? 'soon' : 'again';
    if (!verified?.ok) return 'again';
    const { code } = verified.refusal;
    // The peer's directory has closed this epoch: ours will, and then the frame is void.
    if (code === 'epoch') return (await this.#refreshed(open.row.peer)) ? 'soon' : 'again';
    if (code !== 'gap') {
      this.#alarm(open, code, `the peer holds another head for batch ${open.row.seq}`);
      return 'stop';
    }
    const expected = Number(Reflect.get(Object(verified.detail), 'expected'));
    if (expected < oldest) {
      this.#alarm(
        open,
        'gap',
        `the peer expects batch ${expected}, which it has receipted: its data are older than its receipts`,
      );
      return 'probe';
    }
    return 'soon';
  }

  #context(open: OpenFrame) {
    const read = readBatchHead(open.row.head);
    if (!read.ok) return undefined;
    const { directory, clock, suites } = this.#env;
    return { head: read.value, link: open.row.link, directory, nowMs: clock.now(), suites };
  }

  #alarm(open: OpenFrame, code: string, detail: string): void {
    const { peer, stream, seq } = open.row;
    const { alarms } = this.note(peer);
    const known = alarms.get(stream);
    alarms.set(stream, { code, detail });
    if (known?.code === code && known.detail === detail) return;
    this.#env.log.error('stream needs a person', { peer, stream, seq, code, detail });
  }

  #pause(next: Exclude<Next, 'done' | 'stop'>, early: number, attempt: number): number {
    if (typeof next === 'number')
      return Math.max(next, Math.min(busyMaxMs, next * 2 ** Math.min(attempt - 1, 20)));
    const { backOffMaxMs } = this.#env.limits;
    if (next === 'soon') return Math.min(backOffMaxMs, soonMs * 2 ** Math.min(early, 20));
    return this.#backOff(next === 'probe' ? Number.POSITIVE_INFINITY : attempt);
  }

  /** 1 s × 2ⁿ, jitter ± 50 %, ceiling 5 min. */
  #backOff(attempt: number): number {
    const { backOffMs, backOffMaxMs } = this.#env.limits;
    const full = Math.min(backOffMaxMs, backOffMs * 2 ** Math.min(attempt - 1, 20));
    return full * (0.5 + this.#env.chance.unit());
  }
}
