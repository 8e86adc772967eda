import type { Command, Fields } from '../api/types.ts';

/** The refusal that a command would meet for what a record says; undefined where nothing is against it, as far as the declaration tells. */
export function closedBy({ closed }: Command, record: string, value: Fields): string | undefined {
  return closed?.record === record ? closed.when[String(value[closed.field])] : undefined;
}
