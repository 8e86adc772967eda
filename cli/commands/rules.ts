import type { Run } from '../command.ts';
import { loadSystems, systemNamed } from '../systems.ts';

/** Lists the rules that `decide` can run. */
export const run: Run = async ({ args, output }) => {
  const [name] = args;
  const systems = name === undefined ? [...(await loadSystems()).values()] : [await systemNamed(name)];
  const rules = systems.flatMap((system) =>
    [...system.rules].map(([rule, { about }]) => ({ rule: `${system.name}/${rule}`, about })),
  );
  for (const rule of rules) output.data(rule);
  for (const { rule, about } of rules) {
    output.say(output.paint.strong(rule));
    output.say(`    ${about}`);
  }
  return 'done';
};
