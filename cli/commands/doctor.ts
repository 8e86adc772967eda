import type { Invocation, Run } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkMachine } from '../doctor/machine.ts';
import { checkRegion } from '../doctor/region.ts';
import { dataFolder } from '../region.ts';

/** Looks for what is wrong on this machine and in the region, and says the remedy. */
export const run: Run = async (invocation) => {
  const { options, env, output } = invocation;
  const data = dataFolder(options, env);
  let worst = false;
  for (const checks of [checkMachine(data), checkRegion(invocation, data)]) {
    for await (const finding of checks) {
      worst ||= finding.state === 'bad';
      tell(output, finding);
    }
  }
  output.say(worst ? 'Something is wrong: see the remedies above.' : 'Nothing is wrong.');
  return worst ? 'no' : 'done';
};

function tell(output: Invocation['output'], finding: Finding): void {
  const { paint } = output;
  output.data(finding);
  const sign = { good: paint.good('✓'), odd: paint.warn('!'), bad: paint.bad('✗') }[finding.state];
  output.say(`${sign} ${finding.what}: ${finding.found}`);
  if (finding.remedy !== undefined) output.say(`  ${paint.dim('→')} ${finding.remedy}`);
}
