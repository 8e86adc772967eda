import type { SystemType } from '@yitong/kit';
import { systems } from '@yitong/systems';
import { SetupError } from './postgres/setup-error.ts';

/** The systems that a member runs, by name or all; throws `SetupError` `unknown-system`. */
export function systemsOf(wish: 'all' | readonly string[]): readonly SystemType[] {
  if (wish === 'all') return systems;
  return wish.map((name) => {
    const found = systems.find((system) => system.name === name);
    if (found) return found;
    const remedy = `name systems of this checkout: ${systems.map((system) => system.name).join(', ')}`;
    throw new SetupError({ code: 'unknown-system', reason: `there is no system '${name}'`, remedy });
  });
}
