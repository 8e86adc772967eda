import type { Wish } from './plan.ts';
import type { Crew } from './run-crew.ts';

/** Where a planted defect was caught; `seed` undefined: nowhere. */
export interface Caught {
  readonly name: string;
  readonly seed: number | undefined;
  /** The rule that did not hold. */
  readonly rule: string;
}

/** Runs one seed after another with each defect until something does not hold; `told` hears of each as it is caught, last of those missed. */
export async function hunt(
  crew: Crew,
  names: readonly string[],
  { seeds, wishOf }: { readonly seeds: number; readonly wishOf: (k: number) => Wish },
  told: (caught: Caught) => void,
): Promise<void> {
  const free = new Set(names);
  for (let k = 0; k < seeds && free.size > 0; k += 1) {
    const tasks = [...free].map((sabotage) => ({ wish: { ...wishOf(k), sabotage }, trace: 0 }));
    await crew.run(tasks, ({ sabotage: name, seed, findings: [finding] }) => {
      if (finding && name !== undefined && free.delete(name)) told({ name, seed, rule: finding.rule });
      return true;
    });
  }
  for (const name of free) told({ name, seed: undefined, rule: '' });
}
