import type { CommandAnswer, FrameAnswer } from '../api.ts';
import { fromUtf8 } from '../exchange/bytes.ts';
import { decodeFrame } from '../exchange/frame.ts';
import { problemAnswer } from '../exchange/problem-answer.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import { busyAnswer } from './counter.ts';
import type { Release } from './quarantine.ts';
import type { SiblingDesk, Siblings } from './siblings.ts';

/** What passing on needs: where partitions are held, and what this process answers itself. */
export interface PassingParts {
  readonly env: Environment;
  readonly writers: readonly PartitionWriter[];
  readonly siblings: Siblings;
  readonly desk: SiblingDesk;
}

/** Two members are asked for their cosignatures, each with a second try. */
const cosigningMs = 30_000;

/** What comes to whichever process of the node, answered by the holder of the partition that it concerns (K8). */
export class PassingOn {
  readonly #parts: PassingParts;

  constructor(parts: PassingParts) {
    this.#parts = parts;
  }

  frame(peer: string, frame: Uint8Array): Promise<FrameAnswer> {
    const { desk, siblings } = this.#parts;
    const at = this.#elsewhere(this.#frameAt(frame));
    if (at === undefined) return desk.frame(peer, frame);
    return siblings.ask(at, 0, 'frame', peer, frame).catch(busy);
  }

  ask(peer: string, what: string, body: Uint8Array | undefined): Promise<FrameAnswer> {
    const { desk, siblings } = this.#parts;
    const at = this.#elsewhere(this.#askedAt(what));
    if (at === undefined) return desk.ask(peer, what, body);
    return siblings.ask(at, 0, 'ask', peer, what, body).catch(busy);
  }

  release(wish: Release): Promise<CommandAnswer> {
    const { desk, siblings } = this.#parts;
    const at = this.#elsewhere(Number(wish.position.split('.')[0]));
    if (at === undefined) return desk.release(wish);
    return siblings.ask(at, 0, 'release', wish).catch((error: unknown) => busyAnswer(String(error)));
  }

  /** The log tree lies in partition 0. Errors: its holder’s, or none is known. */
  checkpoint(): Promise<string> {
    const { desk, siblings } = this.#parts;
    const at = this.#elsewhere(0);
    return at === undefined ? desk.checkpoint() : siblings.ask(at, cosigningMs, 'checkpoint');
  }

  /** The partition, if it has no writer here and other processes might. */
  #elsewhere(partition: number | undefined): number | undefined {
    const { siblings, writers } = this.#parts;
    const writer = partition === undefined ? undefined : writers[partition];
    return siblings.are && writer && !writer.state ? writer.partition : undefined;
  }

  /** By the stream that the head names; nothing is believed of it, its holder checks it all. */
  #frameAt(bytes: Uint8Array): number | undefined {
    const head = decodeFrame(bytes)?.head;
    const stream = /\nstream [a-z]+\.([0-9]{1,5})\n/.exec((head && fromUtf8(head)) ?? '')?.[1];
    return stream === undefined ? undefined : Number(stream) % this.#parts.env.scene.partitions;
  }

  /** What one process alone must answer, for it counts or compares in memory, is for the holder of partition 0. */
  #askedAt(what: string): number | undefined {
    if (what === 'questions' || what === 'checkpoints') return 0;
    const stream = /^streams\/[a-z]+\.([0-9]{1,5})\//.exec(what)?.[1];
    return stream === undefined ? undefined : Number(stream) % this.#parts.env.scene.partitions;
  }
}

function busy(error: unknown): FrameAnswer {
  return problemAnswer(503, 'busy', String(error));
}
