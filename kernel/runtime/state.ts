import type { Cache } from '../records/cache.ts';
import type { HeldRow, SentRow } from '../store/rows.ts';

/** A message that waits for a frame. */
export interface PendingOut {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  /** Since when it waits, by the monotonic clock of this process. */
  readonly since: number;
}

/** A signed frame without a receipt: its bytes are in memory, or made again from the journal. */
export interface OpenFrame {
  readonly row: SentRow;
  readonly frame: Uint8Array | undefined;
  /** Since when its first message waits. */
  readonly since: number;
}

/** One stream to a peer: where it stands, and what lies between its cursor and now. */
export interface OutStream {
  readonly peer: string;
  readonly stream: string;
  epoch: number;
  seq: number;
  link: Uint8Array;
  /** Number of the next message. */
  next: number;
  /** Position of the last framed message. */
  framed: number;
  readonly pending: PendingOut[];
  readonly unreceipted: OpenFrame[];
  /** When this process had its last receipt, and when the peer last came back from a silence; by the monotonic clock, in ms. */
  readonly pace: { receipted: number | undefined; returned: number };
}

/** All that a partition's writer knows besides its tables. Changed only after COMMIT. */
export interface PartitionState {
  readonly partition: number;
  epoch: number;
  seq: number;
  link: Uint8Array;
  now: number;
  /** For each partition of the node, the position up to which its routes were taken. */
  routes: number[];
  readonly cache: Cache;
  readonly streams: Map<string, OutStream>;
  /** Held and waiting inputs by position. */
  readonly held: Map<number, HeldRow>;
  nextDue: number | undefined;
}

/** Key of a stream among a partition's. */
export const streamKey = (peer: string, stream: string): string => `${peer} ${stream}`;
