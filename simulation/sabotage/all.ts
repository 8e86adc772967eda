import { atTheDoor } from './at-the-door.ts';
import { inCommits } from './in-commits.ts';
import { inHandlers } from './in-handlers.ts';
import { inStore } from './in-store.ts';
import type { Sabotage } from './sabotage.ts';

/** Every defect that the simulation can plant. */
export const sabotages: readonly Sabotage[] = [...inCommits, ...inStore, ...inHandlers, ...atTheDoor];

/** The defect of a name. Errors: throws when there is none. */
export function sabotageNamed(name: string): Sabotage {
  const found = sabotages.find((one) => one.name === name);
  if (!found) throw new RangeError(`there is no defect '${name}'`);
  return found;
}
