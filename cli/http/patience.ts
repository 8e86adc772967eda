import { setTimeout as pause } from 'node:timers/promises';

/** An attempt that is worth repeating, and how long the other side asks to wait. */
export interface Again {
  readonly again: string;
  readonly waitMs?: number;
}

/** How long to keep trying, and who hears about it. */
export interface Patience {
  /** Milliseconds without any success after which it is given up. */
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  /** Told once for each wait: why, and how long. */
  waiting?(why: string, ms: number): void;
}

/** Repeats an attempt with growing pauses until it succeeds; gives back the last `Again` when patience is at its end. */
export async function persist<T extends object>(
  attempt: () => Promise<T | Again>,
  patience: Patience,
): Promise<T | Again> {
  const until = performance.now() + patience.ms;
  for (let turn = 0; ; turn++) {
    const result = await attempt();
    if (!('again' in result)) return result;
    const ms = Math.max(result.waitMs ?? 0, Math.min(200 * 2 ** turn, 5_000) * (0.75 + Math.random() / 2));
    if (performance.now() + ms > until || patience.signal?.aborted) return result;
    patience.waiting?.(result.again, ms);
    await pause(ms, undefined, patience.signal === undefined ? {} : { signal: patience.signal }).catch(
      () => undefined,
    );
  }
}

/** Milliseconds of a Retry-After header: seconds, or a date. */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, Math.min(ms, 60_000)) : undefined;
}
