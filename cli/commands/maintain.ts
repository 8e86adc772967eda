import { readNodeConfig } from '../../node/config.ts';
import { type Check, rebuildNode, replayNode, verifyNode } from '../../node/maintenance.ts';
import type { Invocation, Run } from '../command.ts';
import { progress, whole } from '../progress.ts';
import { dataFolder, type LocalMember, localMembers, memberAt } from '../region.ts';

const checks = { verify: verifyNode, rebuild: rebuildNode, replay: replayNode } as const;

/** Checks of whole nodes by name: each reads the nodes' databases itself, whether the nodes run or not, and changes nothing. */
export const runs: Readonly<Record<keyof typeof checks, Run>> = {
  verify: (invocation) => eachNode(invocation, 'verify'),
  rebuild: (invocation) => eachNode(invocation, 'rebuild'),
  replay: (invocation) => eachNode(invocation, 'replay'),
};

async function eachNode(invocation: Invocation, name: keyof typeof checks): ReturnType<Run> {
  const { output, stop } = invocation;
  const bars = await progress(output);
  const results: { readonly member: LocalMember; readonly check: Check }[] = [];
  const unit = name === 'verify' ? 'batches and frames' : 'batches';
  for (const member of wanted(invocation)) {
    const bar = bars.bar(`${name} ${member.code}`, 1, 'steps');
    const told = (done: number, total: number) =>
      bar.update(total === 0 ? 1 : Math.min(1, done / total), `${whole(done)} of ${whole(total)} ${unit}`);
    const check = await checks[name](readNodeConfig(member.config), { progress: told, signal: stop });
    bar.stop();
    results.push({ member, check });
    if (stop.aborted) break;
  }
  bars.stop();
  for (const { member, check } of results) tell(output, name, member, check);
  if (stop.aborted) return 'interrupted';
  const findings = results.reduce((sum, { check }) => sum + check.findings.length, 0);
  output.say(name === 'verify' ? `${findings} findings` : `difference ${findings}`);
  return findings === 0 ? 'done' : 'no';
}

function wanted({ options, env }: Invocation): readonly LocalMember[] {
  const members = localMembers(dataFolder(options, env));
  const at = options.text('at');
  return at === undefined ? members : [memberAt(members, at)];
}

function tell(
  output: Invocation['output'],
  name: string,
  { code, zh }: LocalMember,
  { counts, findings }: Check,
): void {
  output.data({ member: code, check: name, ok: findings.length === 0, counts, findings });
  const sign = findings.length === 0 ? output.paint.good('✓') : output.paint.bad('✗');
  const sizes = Object.entries(counts).map(([what, count]) => `${whole(count)} ${what}`);
  output.say(`${sign} ${code} ${zh}: ${sizes.join(', ')}`);
  for (const { at, code: what, detail } of findings.slice(0, 100))
    output.say(`    ${at}: ${what}, ${detail}`);
  if (findings.length > 100)
    output.say(`    … and ${whole(findings.length - 100)} more; --json has them all`);
}
