/** Milliseconds between two looks whether the node answers again. */
const tryMs = 3_000;

let waiting = 0;
const listeners = new Set<() => void>();

function count(by: 1 | -1): void {
  waiting += by;
  for (const listener of listeners) listener();
}

/** How many commands of this window wait for the node to answer. */
export const waitingNow = (): number => waiting;

/** Calls back whenever that changes; gives how to leave. */
export function watchWaiting(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Runs what is asked of the node, and again once the node answers where it did not: the same wish under the same id, so that sent twice it is done once. */
export async function queued<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    count(1);
    try {
      while (!(await isBack())) await new Promise((resolve) => setTimeout(resolve, tryMs));
    } finally {
      count(-1);
    }
  }
}

/** Whether the node answers. */
export async function isBack(): Promise<boolean> {
  try {
    return (await fetch('/health', { cache: 'no-store' })).ok;
  } catch {
    return false; // Still away: the next try comes by itself.
  }
}
