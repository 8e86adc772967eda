import type { Stored } from './region.ts';
import { bill } from './samples.ts';

/** One bad request at a node's HTTP door, and what must come of it. */
export interface DoorRow {
  readonly name: string;
  readonly at?: string;
  /** Account that asks; `` nobody, another text the token itself. */
  readonly as?: string;
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly status: number;
  /** Last part of the problem's type. */
  readonly code: string;
  /** JSON pointer and code of the first fault named. */
  readonly field?: readonly [pointer: string, code: string];
  /** What the place of care, the insured place and the third member store of it; nothing when absent. */
  readonly care?: Partial<Stored>;
  readonly insured?: Partial<Stored>;
  readonly third?: Partial<Stored>;
}

/** A bill with something changed, as a body. */
export const changed = (id: string, change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(bill(id, change));
