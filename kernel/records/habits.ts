import type { Miss } from '../store/store.ts';

/** One thing that a message needed of its own subject: all records of a type, or the only one. */
export interface Habit {
  readonly record: string;
  readonly all: boolean;
}

/**
 * What messages of each type were found to need of their own subject. A handler stops at the first thing that is not in memory;
 * the rest is loaded with it, as it was needed the last time. A guess: it decides what is loaded together, never what happens.
 */
export class Habits {
  readonly #known = new Map<string, Map<string, Habit>>();

  /** Notes what a message of this type lacked. */
  learn(type: string, subject: string, misses: readonly Miss[]): void {
    const own = this.#known.get(type) ?? new Map<string, Habit>();
    for (const miss of misses) {
      const fits = miss.table === 'records' || (miss.table === 'record' && miss.id === '');
      if (!fits || miss.subject !== subject) continue;
      const habit = { record: miss.type, all: miss.table === 'records' };
      own.set(`${habit.record} ${habit.all}`, habit);
    }
    if (own.size > 0) this.#known.set(type, own);
  }

  of(type: string): Iterable<Habit> {
    return this.#known.get(type)?.values() ?? [];
  }
}
