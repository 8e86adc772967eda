import type { BatchHead } from '../exchange/head.ts';
import type { ReceiptRow } from '../store/rows.ts';
import type { Item } from './handle.ts';

/** A message of a frame as the receiver checked it: fit to handle, or refused with a code. `leaf`: by the frame's own suite. */
export type FrameMessage =
  | { readonly ok: true; readonly item: Item; readonly leaf: Uint8Array }
  | {
      readonly ok: false;
      readonly code: string;
      readonly at: string;
      readonly id: string;
      readonly leaf: Uint8Array;
    };

/** A frame that passed checks 1 to 9, with its messages after checks 10 to 13. */
export interface CheckedFrame {
  readonly peer: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly first: number;
  readonly batch: BatchHead;
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly link: Uint8Array;
  readonly messages: readonly FrameMessage[];
  /** The signed receipt, once the batch that holds the frame is durable. */
  readonly done: (receipt: Uint8Array) => void;
}

/** What a batch is made of. */
export type Input =
  | { readonly kind: 'command'; readonly item: Item }
  | { readonly kind: 'timer'; readonly item: Item; readonly subject: string; readonly name: string }
  | { readonly kind: 'route'; readonly item: Item; readonly partition: number; readonly position: number }
  | { readonly kind: 'release'; readonly item: Item; readonly position: number; readonly refuse: boolean }
  | { readonly kind: 'frame'; readonly frame: CheckedFrame }
  /** Of a batch that is run again: known before, or refused at the door. */
  | {
      readonly kind: 'skipped';
      readonly skip: 'dup' | 'bad';
      readonly leaf: Uint8Array;
      readonly code: string | undefined;
    }
  | { readonly kind: 'receipt'; readonly row: ReceiptRow };

/** One input message of a batch and what became of it. */
export interface Slot {
  readonly index: number;
  /** Index of the input that it came of; its own, of an input. */
  readonly root: number;
  readonly origin: 'command' | 'timer' | 'route' | 'release' | 'frame' | 'local';
  readonly item: Item | undefined;
  readonly leaf: Uint8Array;
  /** Depth of local causes, at most 64. */
  readonly depth: number;
  readonly input: Input | undefined;
  /** Set for what is not handled: known before, or refused at the door. */
  readonly skip?: 'dup' | 'bad';
  readonly code?: string;
}
