/** Time as a node sees it. The simulation gives every node an offset, a drift and jumps. */
export interface Clock {
  /** Milliseconds since 1970, wall clock. */
  now(): number;
  /** Milliseconds that never fall. */
  monotonic(): number;
  /** Runs once after a delay; returns what takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** All that is random: ids at the door, jitter. */
export interface Chance {
  bytes(count: number): Uint8Array;
  /** 0 ≤ x < 1 */
  unit(): number;
}

/** What a peer answered: an HTTP status, its body and how long it asks to wait. */
export interface PeerAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfterMs?: number;
}

/** The way to other members: a frame, a directory step. Throws when nothing came back. */
export interface Peers {
  batch(member: string, frame: Uint8Array): Promise<PeerAnswer>;
  /** `what`: `directory/<version>`, `streams/<stream>/after/<epoch>/<seq>`, `books/<month>/after/<transfer>`, `checkpoints/…`; `questions` and `checkpoints` have a body. */
  ask(member: string, what: string, body?: Uint8Array): Promise<PeerAnswer>;
  /** Bytes of a file from one on (exchange protocol B10); throws when nothing came back, and in mid-way when the rest does not come. A way without it fetches no files. */
  blob?(member: string, sha256: string, from: number): Promise<BlobAnswer>;
}

/** What is given of a file: status 200, its whole size and its bytes from the one asked for on; or a status and why. */
export interface BlobAnswer {
  readonly status: number;
  readonly code?: string;
  readonly size?: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Sees from outside which message's handler runs, so that one that never ends is known after it ended the process (K20). */
export interface Watch {
  /** `key`: the message's source and id. */
  enter(key: string): void;
  leave(): void;
  /** Keys of messages whose handler did not end in an earlier process. */
  readonly hung: ReadonlySet<string>;
}

/** A named place between two writes, where a simulation may crash or yield. Production's does nothing. */
export type Point = (name: string) => void | Promise<void>;

/** The way to other processes of the same node, by the address in their leases; throws when nothing came back within the time. */
export interface SiblingWay {
  /** `asked` and the answer are plain data: text, numbers, bytes, lists and objects of them. */
  call(address: string, what: string, asked: readonly unknown[], withinMs: number): Promise<unknown>;
}
