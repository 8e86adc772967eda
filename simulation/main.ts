import { parseArgs } from 'node:util';
import { systems } from '@yitong/systems';
import { type FaultKind, faultKinds, type Wish } from './plan.ts';
import { failure, replay } from './report.ts';
import { runSeed } from './run.ts';
import type { Outcome } from './simulate.ts';

/** What `yitong sim` was asked for. */
interface Asked {
  readonly from: number;
  readonly seeds: number;
  readonly wish: Omit<Wish, 'seed'>;
  readonly json: boolean;
  readonly trace: number;
}

const exit = { clean: 0, failed: 1, usage: 2 } as const;

/** Runs seeds one after another; exit code 0: all ran clean, 1: something does not hold, 2: the arguments cannot be used. */
async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n→ npx yitong help sim shows how it is used\n`);
    return exit.usage;
  }
  const begun = performance.now();
  let failed = 0;
  for (let k = 0; k < asked.seeds; k += 1) {
    const outcome = await runSeed({ ...asked.wish, seed: asked.from + k }, systems);
    if (outcome.findings.length > 0) failed += 1;
    tell(outcome, asked);
    progress(k + 1, asked.seeds, failed, begun);
  }
  if (!asked.json) process.stdout.write(`${asked.seeds - failed} seeds ran clean, ${failed} failed\n`);
  return failed > 0 ? exit.failed : exit.clean;
}

function tell(outcome: Outcome, { json, trace }: Asked): void {
  const { plan, findings, traceHash, world, clients } = outcome;
  if (json) {
    const { seed } = plan.wish;
    const faults = Object.fromEntries([...world.counts].sort());
    const line = {
      seed,
      ok: findings.length === 0,
      traceHash,
      happened: world.happened,
      commands: clients.history.length,
    };
    process.stdout.write(
      `${JSON.stringify({ ...line, kinds: [...plan.kinds], faults, findings, again: replay(plan.wish) })}\n`,
    );
  } else if (findings.length > 0) process.stdout.write(`${failure(outcome, trace)}\n`);
}

function progress(done: number, of: number, failed: number, begun: number): void {
  const { stderr } = process;
  const isLast = done === of;
  if (!stderr.isTTY && !isLast && done % 100 !== 0) return;
  const perSecond = (done / ((performance.now() - begun) / 1_000)).toFixed(1);
  const text = `${done} of ${of} seeds, ${failed} failed, ${perSecond} a second`;
  stderr.write(stderr.isTTY ? `\r${text} ${isLast ? '\n' : ''}` : `${text}\n`);
}

const options = {
  seeds: { type: 'string', default: '20' },
  from: { type: 'string', default: '1' },
  members: { type: 'string', default: '4' },
  bills: { type: 'string', default: '50' },
  without: { type: 'string', default: '' },
  trace: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
} as const;

function read(args: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const without = values.without.split(',').filter((kind) => kind !== '');
    const unknown = without.find((kind) => !isKind(kind));
    if (unknown !== undefined) return `There is no fault '${unknown}'; there are: ${faultKinds.join(', ')}.`;
    const members = whole('members', values.members, 2, 41);
    const wish = {
      members,
      bills: whole('bills', values.bills, 1, 100_000),
      without: without.filter(isKind),
    };
    const seeds = whole('seeds', values.seeds, 1, 10_000_000);
    const from = whole('from', values.from, 0, 2 ** 31);
    return { from, seeds, wish, json: values.json, trace: whole('trace', values.trace, 0, 20_000) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const kinds: ReadonlySet<string> = new Set(faultKinds);
const isKind = (text: string): text is FaultKind => kinds.has(text);

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`--${name} takes a whole number from ${least} to ${most}.`);
}

process.exitCode = await main(process.argv.slice(2));
