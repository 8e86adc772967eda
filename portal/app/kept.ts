import { emptyQueue } from '../api/queue.ts';

/** What this window keeps for somebody, by the beginning of its keys. */
export const draftKey = (key: string): string => `yitong draft ${key}`;

let isForgotten = false;

/** Whether its person signed out: nothing is kept for them any more, not even by a page that is being left. */
export const isPersonGone = (): boolean => isForgotten;

/** Whoever signed out leaves nothing in this window: no draft, and nothing that waits to be sent. */
export function forgetPerson(): void {
  isForgotten = true;
  emptyQueue();
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(draftKey(''))) sessionStorage.removeItem(key);
}
