import { readFileSync } from 'node:fs';

/** Resident memory of a process in MB; 0 where the system does not tell. */
export function residentMb(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Samples the memory of processes once a second. */
export class Memory {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pids: () => readonly (number | undefined)[]) {
    const look = (): void => {
      this.#samples.push(pids().reduce((sum: number, pid) => sum + residentMb(pid), 0));
    };
    this.#timer = setInterval(look, 1_000);
  }

  /** Ends; the highest of each quarter, in MB. */
  stop(): readonly number[] {
    clearInterval(this.#timer);
    const quarter = Math.max(1, Math.ceil(this.#samples.length / 4));
    return [0, 1, 2, 3].map((n) =>
      Math.round(Math.max(0, ...this.#samples.slice(n * quarter, (n + 1) * quarter))),
    );
  }
}
