import { setTimeout as pause } from 'node:timers/promises';

/** Begins each piece of work at its moment, `rate` a second, whatever becomes of those before; `due` is that moment, to time it from. */
export async function openLoop<T, R>(
  items: readonly T[],
  rate: number,
  work: (item: T, due: number) => Promise<R>,
): Promise<readonly R[]> {
  const begun = performance.now();
  const all = items.map(async (item, n) => {
    const due = begun + (n * 1000) / rate;
    await pause(Math.max(0, due - performance.now()));
    return work(item, due);
  });
  return Promise.all(all);
}
