import { NodeBusy } from '@yitong/kernel';
import { StoreAway } from '../store/line.ts';

/** Why nothing can be done just now and when to ask again, for an error that says so: the node is busy or stops, the database is away. */
export function awayOf(
  error: unknown,
): { readonly detail: string; readonly retryAfterMs: number } | undefined {
  if (error instanceof NodeBusy) return { detail: error.message, retryAfterMs: error.retryAfterMs };
  if (error instanceof StoreAway) return { detail: 'the database does not answer', retryAfterMs: 1_000 };
  return undefined;
}
