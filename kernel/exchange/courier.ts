import { count, type Environment } from '../runtime/environment.ts';
import { frameBytes } from '../runtime/open.ts';
import { type OpenFrame, streamKey } from '../runtime/state.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { PeerAnswer } from '../seams.ts';
import { fromUtf8 } from './bytes.ts';
import { readBatchHead } from './head.ts';
import { instantMs } from './instant.ts';
import { decodeAnswer, verifyReceipt, verifyRefusal } from './receipt.ts';

/** What the operator sees of a peer. */
export interface PeerNotes {
  reachable: boolean;
  lastReceipt: number | undefined;
  skewMs: number | undefined;
  readonly alarms: Map<string, { readonly code: string; readonly detail: string }>;
}

/** Brings frames to peers until each has a receipt: the same bytes again after every doubt, never given up (B5). */
export class Courier {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly notes = new Map<string, PeerNotes>();
  #stopped = false;

  constructor(env: Environment, writers: readonly PartitionWriter[]) {
    this.#env = env;
    this.#writers = writers;
  }

  stop(): void {
    this.#stopped = true;
  }

  note(peer: string): PeerNotes {
    const found = this.notes.get(peer) ?? {
      reachable: true,
      lastReceipt: undefined,
      skewMs: undefined,
      alarms: new Map(),
    };
    this.notes.set(peer, found);
    return found;
  }

  /** Delivers a frame; resolves when it has a receipt or its stream stands still for people. */
  async deliver(partition: number, open: OpenFrame): Promise<void> {
    const { row } = open;
    const bytes = open.frame ?? (await frameBytes(this.#env, partition, row));
    for (let attempt = 0; !this.#stopped; ) {
      const oldest = this.#oldest(partition, open);
      const answer = await this.#env.peers.batch(row.peer, bytes).catch(() => undefined);
      this.note(row.peer).reachable = answer !== undefined;
      count(this.#env, 'frames_sent');
      const next = this.#judge(partition, open, oldest, answer);
      if (next === 'done' || next === 'stop') return;
      attempt = next === 'soon' ? attempt : attempt + 1;
      const pause = typeof next === 'number' ? next : next === 'soon' ? 50 : this.#backOff(attempt);
      await new Promise<void>((resolve) => this.#env.clock.after(pause, resolve));
    }
  }

  /** The oldest frame of the stream that has no receipt yet. */
  #oldest(partition: number, { row }: OpenFrame): number {
    const stream = this.#writers[partition]?.state?.streams.get(streamKey(row.peer, row.stream));
    return stream?.unreceipted[0]?.row.seq ?? 0;
  }

  /** `soon`: a frame before it is still on its way. A number: the peer asked for this pause. */
  #judge(
    partition: number,
    open: OpenFrame,
    oldest: number,
    answer: PeerAnswer | undefined,
  ): 'done' | 'stop' | 'again' | 'soon' | number {
    if (!answer) return 'again';
    if (answer.status === 429 || answer.status === 503) return answer.retryAfterMs ?? 1_000;
    if (answer.status === 200) return this.#receipt(partition, open, answer.body) ? 'done' : 'again';
    if (answer.status === 409) return this.#conflict(open, oldest, answer.body);
    const code = problemCode(answer.body);
    if (answer.status === 401 || answer.status === 403 || answer.status === 413 || answer.status === 422) {
      this.#alarm(open, code, `the peer refused the frame with ${answer.status}`);
      return answer.status === 401 || answer.status === 403 ? 'again' : 'stop';
    }
    return 'again';
  }

  #receipt(partition: number, open: OpenFrame, body: Uint8Array): boolean {
    const { row } = open;
    const context = this.#context(open);
    const answer = decodeAnswer(body);
    const verified = answer && context && verifyReceipt(answer, context);
    if (!answer || !verified?.ok) {
      this.#alarm(open, 'bad-receipt', verified && !verified.ok ? verified.detail : 'not a receipt');
      return false;
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
    return true;
  }

  /** `oldest`: the stream's oldest frame without a receipt when this one left; receipts that came since say nothing about the answer. */
  #conflict(open: OpenFrame, oldest: number, body: Uint8Array): 'stop' | 'soon' | 'again' {
    const context = this.#context(open);
    const answer = decodeAnswer(body);
    const verified = answer && context && verifyRefusal(answer, context);
    if (!verified?.ok) return 'again';
    const { code } = verified.refusal;
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
      return 'stop';
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
    this.note(peer).alarms.set(stream, { code, detail });
    this.#env.log.error('stream needs a person', { peer, stream, seq, code, detail });
  }

  /** 1 s × 2ⁿ, jitter ± 50 %, ceiling 5 min. */
  #backOff(attempt: number): number {
    const { backOffMs, backOffMaxMs } = this.#env.limits;
    const full = Math.min(backOffMaxMs, backOffMs * 2 ** Math.min(attempt - 1, 20));
    return full * (0.5 + this.#env.chance.unit());
  }
}

function problemCode(body: Uint8Array): string {
  try {
    const code: unknown = Reflect.get(Object(JSON.parse(fromUtf8(body) ?? '')), 'code');
    return typeof code === 'string' ? code.slice(0, 80) : 'rejected';
  } catch {
    return 'rejected';
  }
}
