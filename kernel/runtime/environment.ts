import { fileBytesMax } from '@yitong/kit';
import type { Directory } from '../exchange/directory.ts';
import type { SigningKey, Suite, Suites } from '../exchange/suite.ts';
import type { Chance, Clock, Peers, Point } from '../seams.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Reader, Store } from '../store/store.ts';
import type { NodeScene } from './plan.ts';

/** Everything a node's loops stand on; the simulation gives its own of each. */
export interface Environment {
  readonly scene: NodeScene;
  readonly store: Store;
  readonly reader: Reader;
  readonly blobs: BlobStore | undefined;
  readonly clock: Clock & { jumped(): number | undefined };
  readonly chance: Chance;
  readonly peers: Peers;
  readonly suite: Suite;
  readonly suites: Suites;
  /** The one that signs now. */
  readonly key: SigningKey;
  /** Whether the directory lets that key sign: without one nothing is sent, and nothing taken. */
  readonly canSign: boolean;
  /** Why the database must be an older one than this node has worked on: then it stands still. */
  outdated: string | undefined;
  /** Signs checkpoints: an Ed25519 key whose use is `journal`, whatever suite the member's batches have. */
  readonly journalKey: SigningKey | undefined;
  readonly point: Point;
  directory: Directory;
  readonly limits: Limits;
  readonly counters: Map<string, number>;
  readonly log: Log;
}

/** What an operator reads; never data of a person. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** What a node allows itself: counts, milliseconds. */
export interface Limits {
  /** Messages that may wait for one partition's writer before new ones are asked to come later. */
  readonly queue: number;
  /** How long local commands may wait for it before new ones are asked to come later. */
  readonly queueMs: number;
  /** How long what goes to a peer, or came from it, may wait before commands that would send it more are asked to come later. */
  readonly streamMs: number;
  /** Bytes of records and what belongs to them, kept in memory by all partitions together (an estimate). */
  readonly cache: number;
  /** First pause before a frame is sent again, and the longest. */
  readonly backOffMs: number;
  readonly backOffMaxMs: number;
  /** How long a signed early frame waits for the one before it. */
  readonly parkMs: number;
  /** How long receipts may wait for other work before an empty batch stores them. */
  readonly receiptMs: number;
  /** How often a peer is asked for a newer directory. */
  readonly directoryMs: number;
  /** How often the journals' state is signed. */
  readonly checkpointMs: number;
  /** A member that has been away for as long since the start is not heard before a checkpoint is shown. */
  readonly hearingMs: number;
  /** How often the journal is looked through for what is over its term. */
  readonly retentionMs: number;
  /** How often leases are renewed (shorter than they last); a partition without one is asked for twice as often. */
  readonly beatMs: number;
  /** Largest file, bytes. */
  readonly blobBytes: number;
  /** Questions that a member, and one asker of it, may put within 24 hours. */
  readonly questions: { readonly ofMember: number; readonly ofAsker: number };
}

/** Limits of a node that is told none. */
export const defaultLimits: Limits = {
  queue: 20_000,
  queueMs: 2_000,
  // A settlement passes four such waits.
  streamMs: 1_000,
  cache: 512 * 1024 * 1024,
  backOffMs: 1_000,
  backOffMaxMs: 300_000,
  parkMs: 2_000,
  receiptMs: 50,
  directoryMs: 30_000,
  checkpointMs: 600_000,
  hearingMs: 86_400_000,
  retentionMs: 3_600_000,
  beatMs: 1_000,
  blobBytes: fileBytesMax,
  // A counter that asks about each of its patients stays far below: one every half minute of a day is 2,880.
  questions: { ofMember: 500_000, ofAsker: 3_000 },
};

/** Adds to a counter of `/metrics`. */
export function count(environment: Pick<Environment, 'counters'>, name: string, by = 1): void {
  environment.counters.set(name, (environment.counters.get(name) ?? 0) + by);
}
