import type { Environment } from './environment.ts';
import type { Plan } from './plan.ts';

/** Runs a batch to its end, loading what its messages miss between two rounds. Errors: the store's. */
export async function runPlan(plan: Plan, { store }: Pick<Environment, 'store'>): Promise<void> {
  const { cache, partition } = plan.state;
  for (let misses = plan.run(); misses.length > 0; misses = plan.run())
    cache.fill(misses, await store.load(partition, misses));
}
