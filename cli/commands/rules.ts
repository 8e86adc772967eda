import type { Run } from '../command.ts';
import { loadSystems, systemNamed } from '../systems.ts';
import { table } from '../table.ts';

/** Lists the rules that `decide` can run. */
export const run: Run = async ({ args, output }) => {
  const [name] = args;
  const systems = name === undefined ? [...(await loadSystems()).values()] : [await systemNamed(name)];
  const rules = systems.flatMap((system) =>
    [...system.rules].map(([rule, { about }]) => ({ rule: `${system.name}/${rule}`, about })),
  );
  for (const rule of rules) output.data(rule);
  const lines = table(
    ['RULE', ''],
    rules.map(({ rule, about }) => [rule, about]),
    output.width,
  );
  for (const line of lines) output.say(line);
  return 'done';
};
