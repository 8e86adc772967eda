import type { Rule, SystemType } from '@yitong/kit';
import { usage } from './failure.ts';

/** All systems of this checkout, by name. Loaded when first needed: their code tables are large. */
export async function loadSystems(): Promise<ReadonlyMap<string, SystemType>> {
  const { systems } = await import('@yitong/systems');
  return new Map(systems.map((system) => [system.name, system]));
}

/** One system by its name. Errors: usage, with the names there are. */
export async function systemNamed(name: string): Promise<SystemType> {
  const systems = await loadSystems();
  const system = systems.get(name);
  if (system !== undefined) return system;
  throw usage(`There is no system '${name}'.`, `The systems are: ${[...systems.keys()].join(', ')}.`);
}

/** A declared thing by `<system>/<name>`. Errors: usage, with the names there are. */
export async function declared<T>(
  what: string,
  path: string,
  of: (system: SystemType) => ReadonlyMap<string, T>,
): Promise<{ readonly system: SystemType; readonly name: string; readonly found: T }> {
  const [first = '', name = '', ...rest] = path.split('/');
  const system = await systemNamed(first);
  const found = rest.length === 0 ? of(system).get(name) : undefined;
  if (found !== undefined) return { system, name, found };
  const names = [...of(system).keys()].map((one) => `${system.name}/${one}`);
  const known = names.length === 0 ? `${system.name} has none.` : `There are: ${names.join(', ')}.`;
  throw usage(`There is no ${what} '${path}'.`, known);
}

/** A rule by `<system>/<rule>`. */
export async function ruleNamed(path: string): Promise<Rule> {
  return (await declared('rule', path, (system) => system.rules)).found;
}
