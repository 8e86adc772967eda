import type { MessageType } from '@yitong/kit';
import type { AwaitedRow } from '../store/rows.ts';
import { lifted } from './versions.ts';

/** Data of awaited messages as their handlers made them, for as long as the row is in memory. */
const values = new WeakMap<AwaitedRow, unknown>();

/** Keeps what a handler sent beside the row that waits for its answer, so that the answer's handler need not decode it. */
export function rememberAsked(row: AwaitedRow, value: unknown): void {
  values.set(row, value);
}

/** The data that an awaited message was sent with. Errors: stored data that no longer fit the schema. */
export function askedData(message: MessageType, row: AwaitedRow): unknown {
  return values.get(row) ?? message.data.parse(lifted(message, row.version, JSON.parse(row.data)));
}
