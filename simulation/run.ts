import type { SystemType } from '@yitong/kit';
import type { Wish } from './plan.ts';
import { type Outcome, simulate } from './simulate.ts';

/** Runs one seed. Promises that are ready run to their end between two events: Node empties that queue before anything else. */
export function runSeed(wish: Wish, systems: readonly SystemType[]): Promise<Outcome> {
  return simulate(wish, systems, () => new Promise((resolve) => setImmediate(resolve)));
}
