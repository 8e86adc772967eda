import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type FaultKind, faultKinds, type Wish } from './plan.ts';
import { runCrew } from './run-crew.ts';

/** What `yitong sim` was asked for. */
interface Asked {
  readonly from: number;
  readonly seeds: number;
  readonly wish: Omit<Wish, 'seed'>;
  readonly json: boolean;
  readonly trace: number;
  /** Processes at once. */
  readonly jobs: number;
}

const exit = { clean: 0, failed: 1, usage: 2 } as const;

/** Runs seeds, several at once; exit code 0: all ran clean, 1: something does not hold, 2: the arguments cannot be used. */
async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n→ npx yitong help sim shows how it is used\n`);
    return exit.usage;
  }
  const begun = performance.now();
  const { from, seeds, wish, json, trace } = asked;
  const tasks = Array.from({ length: seeds }, (_, k) => ({ wish: { ...wish, seed: from + k }, trace }));
  let done = 0;
  let failed = 0;
  await runCrew(tasks, asked.jobs, (report) => {
    done += 1;
    if (!report.ok) failed += 1;
    if (json) process.stdout.write(`${report.json}\n`);
    else if (!report.ok) process.stdout.write(`${report.text}\n`);
    progress(done, seeds, failed, begun);
    return true;
  });
  if (!json) process.stdout.write(`${seeds - failed} seeds ran clean, ${failed} failed\n`);
  return failed > 0 ? exit.failed : exit.clean;
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
  jobs: { type: 'string', default: String(availableParallelism()) },
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
    const trace = whole('trace', values.trace, 0, 20_000);
    return { from, seeds, wish, json: values.json, trace, jobs: whole('jobs', values.jobs, 1, 256) };
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
