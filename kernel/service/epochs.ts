import type { PeerNotes } from '../exchange/courier.ts';
import { epochOf, memberOf } from '../exchange/directory.ts';
import { readBatchHead } from '../exchange/head.ts';
import type { OwnFrames } from '../exchange/own-frames.ts';
import { verifyReceipt } from '../exchange/receipt.ts';
import type { FetchDirectory } from '../exchange/receiver.ts';
import { type HeldFrame, readHeldFrames } from '../exchange/stream-answer.ts';
import type { Environment } from '../runtime/environment.ts';
import { beginEpoch } from '../runtime/epoch-step.ts';
import { type OutStream, streamKey } from '../runtime/state.ts';
import type { PartitionWriter } from '../runtime/writer.ts';

/** Longest pause between two tries to learn where a stream's next epoch begins. */
const pauseMaxMs = 60_000;

/**
 * Brings this member's streams into the epoch that the directory names (B8): after a revocation, a restore or a new beginning each
 * goes on behind the last frame that its receiver holds, which is the receiver's word, fetched with its receipts.
 */
export class Epochs {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly #note: (peer: string) => PeerNotes;
  readonly #fetch: FetchDirectory;
  readonly #own: OwnFrames;
  readonly #underWay = new Set<string>();
  #stopped = false;

  constructor(
    env: Environment,
    writers: readonly PartitionWriter[],
    note: (peer: string) => PeerNotes,
    fetch: FetchDirectory,
    own: OwnFrames,
  ) {
    this.#env = env;
    this.#writers = writers;
    this.#note = note;
    this.#fetch = fetch;
    this.#own = own;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Begins with every stream that is not in its epoch yet. */
  look(): void {
    const epoch = this.#epoch;
    for (const writer of this.#writers)
      for (const stream of writer.state?.streams.values() ?? [])
        if (stream.epoch !== epoch) this.#follow(writer, streamKey(stream.peer, stream.stream));
  }

  get #epoch(): number {
    return epochOf(this.#env.directory, this.#env.scene.here);
  }

  #follow(writer: PartitionWriter, key: string): void {
    const name = `${writer.partition} ${key}`;
    if (this.#underWay.has(name)) return;
    this.#underWay.add(name);
    void this.#untilThere(writer, key).finally(() => this.#underWay.delete(name));
  }

  async #untilThere(writer: PartitionWriter, key: string): Promise<void> {
    for (let pauseMs = 250; !this.#stopped; pauseMs = Math.min(pauseMs * 2, pauseMaxMs)) {
      const stream = writer.state?.streams.get(key);
      if (!stream || stream.epoch === this.#epoch) return writer.kick();
      if (memberOf(this.#env.directory, stream.peer) === undefined) return;
      const isThere = await this.#step(writer, stream).catch((error: unknown) => {
        this.#env.log.warn('epoch not begun', { peer: stream.peer, error: String(error) });
        return false;
      });
      if (isThere) continue;
      await new Promise<void>((resolve) => this.#env.clock.after(pauseMs, resolve));
    }
  }

  async #step(writer: PartitionWriter, stream: OutStream): Promise<boolean> {
    const { peer, stream: name } = stream;
    // A frame that is not known here may be of a database newer than this one (K54).
    if ((await this.#own.hear(writer.partition, peer, name)) !== 'known') return false;
    const seq = (stream.unreceipted[0]?.row.seq ?? stream.seq + 1) - 1;
    const answer = await this.#env.peers.ask(peer, `streams/${name}/after/${this.#epoch}/${seq}`);
    // The receiver is at another epoch: mostly its directory is the newer one.
    if (answer.status === 409) return this.#fetch(peer, this.#env.directory.version + 1);
    if (answer.status !== 200) return false;
    const frames = readHeldFrames(answer.body);
    if (!frames) return false;
    for (const frame of frames) if (!this.#receipt(writer, stream, frame)) return false;
    return beginEpoch(this.#env, writer, stream, this.#epoch);
  }

  /** The receiver holds this frame: its receipt is ours. False when it is none of ours, or not signed as it must be. */
  #receipt(writer: PartitionWriter, stream: OutStream, frame: HeldFrame): boolean {
    const open = stream.unreceipted.find(({ row }) => row.seq === frame.seq && row.epoch === frame.epoch);
    if (!open) {
      if (frame.seq <= stream.seq) return true; // its receipt came meanwhile
      return this.#alarm(stream, 'lost-frames', `it holds batch ${frame.seq}, which is not known here`);
    }
    const head = readBatchHead(open.row.head);
    if (!head.ok) throw new Error('a stored head cannot be read');
    const { directory, clock, suites } = this.#env;
    const context = { head: head.value, link: open.row.link, directory, nowMs: clock.now(), suites };
    const verified = verifyReceipt(frame.answer, context);
    if (!verified.ok) return this.#alarm(stream, 'bad-receipt', verified.detail);
    const { peer, stream: name, epoch, seq } = open.row;
    const { text: receipt, signature } = frame.answer;
    const refusals = Buffer.from(frame.answer.refusals).toString('utf8');
    writer.receipted({ peer, stream: name, epoch, seq, receipt, signature, refusals });
    return true;
  }

  #alarm(stream: OutStream, code: string, detail: string): false {
    const { peer, stream: name } = stream;
    this.#note(peer).alarms.set(name, { code, detail: `the epoch of this stream cannot begin: ${detail}` });
    this.#env.log.error('stream needs a person', { peer, stream: name, code, detail });
    return false;
  }
}
