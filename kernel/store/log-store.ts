import type { CheckpointRow, CosignatureRow, SegmentRow, WitnessedRow } from './rows.ts';

/** The node's log tree with its signed states, and what members witness of each other's (K29, exchange protocol B9). */
export interface LogStore {
  segments(): Promise<{
    readonly segments: readonly SegmentRow[];
    readonly checkpoint: CheckpointRow | undefined;
  }>;
  /** Appends leaves to the log tree and its signed checkpoint; refuses (false) when `segments` do not follow the newest. */
  checkpoint(epoch: number, segments: readonly SegmentRow[], checkpoint: CheckpointRow): Promise<boolean>;
  /** Heads of the batches from `first` to `last`; fewer when the journal ends before. */
  heads(partition: number, first: number, last: number): Promise<readonly Uint8Array[]>;
  /** The newest checkpoint of this node that at least `count` members cosigned, and their cosignatures. */
  cosigned(count: number): Promise<
    | {
        readonly checkpoint: CheckpointRow;
        readonly cosignatures: readonly CosignatureRow[];
      }
    | undefined
  >;
  /** Keeps cosignatures of this node's checkpoints; one that is there already stays. */
  cosign(rows: readonly CosignatureRow[]): Promise<void>;
  /** What this node witnessed of other members' logs. */
  witnessed(): Promise<readonly WitnessedRow[]>;
  /**
   * Compares and stores: the row takes the place of that of `before` leaves (0: there was none) in one transaction; false when another
   * is there by now.
   */
  witness(row: WitnessedRow, before: number): Promise<boolean>;
}
