import type { FrameAnswer } from '../api.ts';
import type { Environment } from '../runtime/environment.ts';
import { streamKey } from '../runtime/state.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import { epochOf } from './directory.ts';
import type { DirectoryChain } from './directory-chain.ts';
import { problemAnswer } from './problem-answer.ts';
import type { FetchDirectory, Receiver } from './receiver.ts';
import { signedText } from './signed-directory.ts';
import { storedReceipt } from './stored-receipt.ts';
import { type HeldFrame, heldFramesMax, writeHeldFrames } from './stream-answer.ts';

/** What a desk answers from. */
export interface DeskParts {
  readonly env: Environment;
  readonly writers: readonly PartitionWriter[];
  readonly receiver: Pick<Receiver, 'isUnderWay'>;
  readonly chain: () => DirectoryChain;
  readonly fetch: FetchDirectory;
}

/** Answers what peers ask beside frames: versions of the directory, and what is held of a stream. */
export class Desk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** `what` is the address below `/exchange/v1/`. */
  async answer(peer: string, what: string): Promise<FrameAnswer> {
    const version = /^directory\/([1-9][0-9]{0,14})$/.exec(what)?.[1];
    if (version !== undefined) return this.#directory(Number(version));
    const place = /^streams\/((?:main|urgent)\.[0-9]{1,5})\/after\/([1-9][0-9]{0,9})\/([0-9]{1,15})$/.exec(
      what,
    );
    if (place) return this.#stream(peer, place[1] ?? '', Number(place[2]), Number(place[3]));
    return problemAnswer(404, 'not-found', 'there is no such address');
  }

  #directory(version: number): FrameAnswer {
    const signed = this.#parts.chain().at(version);
    if (!signed) return problemAnswer(404, 'unknown-version', 'this member has no such version');
    return json(Buffer.from(JSON.stringify(signedText(signed))));
  }

  /**
   * The asker's frames that are durable here behind `seq`, with their receipts: where its next epoch begins. `epoch` is that of the
   * asker's directory: only once it is closed here too can nothing of the one before come any more.
   */
  async #stream(peer: string, stream: string, epoch: number, seq: number): Promise<FrameAnswer> {
    const { env, writers, receiver, fetch } = this.#parts;
    const next = env.directory.version + 1;
    if (epochOf(env.directory, peer) < epoch) await fetch(peer, next);
    if (epochOf(env.directory, peer) !== epoch)
      return problemAnswer(409, 'epoch', 'another epoch in my directory');
    const partition = Number(stream.slice(stream.indexOf('.') + 1)) % env.scene.partitions;
    const writer = writers[partition];
    if (!writer?.state) return problemAnswer(503, 'busy', 'no writer for this stream now');
    if (receiver.isUnderWay(peer, stream)) return problemAnswer(503, 'busy', 'a frame is under way');
    const tail = writer.received.get(streamKey(peer, stream));
    const frames: HeldFrame[] = [];
    for (let at = seq + 1; at <= (tail?.seq ?? 0) && frames.length < heldFramesMax; at += 1)
      frames.push(...(await this.#held({ partition, peer, stream }, at, tail?.epoch ?? 1)));
    return json(writeHeldFrames(frames));
  }

  /** The frame of a number: one, of whichever epoch. */
  async #held(
    of: { readonly partition: number; readonly peer: string; readonly stream: string },
    seq: number,
    newest: number,
  ): Promise<readonly HeldFrame[]> {
    const { env } = this.#parts;
    for (let epoch = newest; epoch >= 1; epoch -= 1) {
      const row = await env.store.received(of.partition, of.peer, of.stream, epoch, seq);
      if (row)
        return [{ epoch, seq, head: row.head, signature: row.signature, answer: storedReceipt(env, row) }];
    }
    return [];
  }
}

function json(body: Uint8Array): FrameAnswer {
  return { status: 200, type: 'application/json', body };
}
