import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { hunt } from './hunt.ts';
import { type FaultKind, faultKinds, planOf, type Wish } from './plan.ts';
import { replay, type SeedReport } from './report.ts';
import { Crew } from './run-crew.ts';
import { sabotageNamed, sabotages } from './sabotage/all.ts';
import { shrink } from './shrink.ts';

/** What `yitong sim` was asked for. */
interface Asked {
  readonly from: number;
  readonly seeds: number;
  readonly wish: Omit<Wish, 'seed'>;
  /** Only seeds that bring all of these. */
  readonly bring: readonly FaultKind[];
  readonly json: boolean;
  readonly trace: number;
  /** Processes at once. */
  readonly jobs: number;
  /** Defects to plant, one at a time. */
  readonly sabotage: readonly string[];
  /** Whether the first failing seed is reduced. */
  readonly shrink: boolean;
}

const exit = { clean: 0, failed: 1, usage: 2 } as const;

/** Runs seeds, several at once; exit code 0: all ran clean, 1: something does not hold, 2: the arguments cannot be used. */
async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n→ npx yitong help sim shows how it is used\n`);
    return exit.usage;
  }
  const crew = new Crew(asked.jobs);
  try {
    return (await (asked.sabotage.length > 0 ? seek(crew, asked) : runAll(crew, asked)))
      ? exit.clean
      : exit.failed;
  } finally {
    crew.stop();
  }
}

/** One run for each seed; whether all were clean. */
async function runAll(crew: Crew, asked: Asked): Promise<boolean> {
  const { seeds, wish, json, trace } = asked;
  const begun = performance.now();
  const tasks = wishesOf(asked).map((one) => ({ wish: one, trace }));
  let done = 0;
  let failed = 0;
  const broken: SeedReport[] = [];
  const faults = new Map<string, number>();
  await crew.run(tasks, (report) => {
    done += 1;
    if (!report.ok) failed += 1;
    if (!report.ok) broken.push(report);
    for (const [name, times] of Object.entries(report.faults))
      faults.set(name, (faults.get(name) ?? 0) + times);
    if (json) process.stdout.write(`${report.json}\n`);
    else if (!report.ok) process.stdout.write(`${report.text}\n`);
    progress(done, seeds, failed, begun);
    return true;
  });
  const [first] = broken;
  if (first && asked.shrink) await tellSmaller(crew, { ...wish, seed: first.seed }, first);
  if (!json)
    process.stdout.write(
      `what came about: ${[...faults]
        .sort()
        .map(([name, times]) => `${name} ${times}`)
        .join(', ')}\n`,
    );
  if (!json) process.stdout.write(`${seeds - failed} seeds ran clean, ${failed} failed\n`);
  return failed === 0;
}

function wishesOf({ from, seeds, wish, bring }: Asked): readonly Wish[] {
  const wishes: Wish[] = [];
  for (let seed = from; wishes.length < seeds; seed += 1) {
    const { kinds } = planOf({ ...wish, seed });
    if (bring.every((kind) => kinds.has(kind))) wishes.push({ ...wish, seed });
  }
  return wishes;
}

/** The smallest run that breaks the rule which the seed broke first. */
async function tellSmaller(crew: Crew, wish: Wish, { findings: [finding] }: SeedReport): Promise<void> {
  if (!finding) return;
  const least = await shrink(crew, wish, finding.rule);
  process.stdout.write(`seed ${wish.seed}, as small as it still breaks ${finding.rule}: ${replay(least)}\n`);
}

/** Seeds with each planted defect until it is caught; whether all were. */
async function seek(crew: Crew, { from, seeds, wish, json, sabotage }: Asked): Promise<boolean> {
  let missed = 0;
  const wishOf = (k: number): Wish => ({ ...wish, seed: from + k });
  await hunt(crew, sabotage, { seeds, wishOf }, (caught) => {
    if (caught.seed === undefined) missed += 1;
    const text =
      caught.seed === undefined ? `missed ${caught.name}` : `caught ${caught.name} seed ${caught.seed}`;
    process.stdout.write(`${json ? JSON.stringify(caught) : text}\n`);
  });
  return missed === 0;
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
  seeds: { type: 'string' },
  from: { type: 'string', default: '1' },
  members: { type: 'string', default: '4' },
  bills: { type: 'string', default: '50' },
  without: { type: 'string', default: '' },
  with: { type: 'string', default: '' },
  trace: { type: 'string', default: '0' },
  sabotage: { type: 'string' },
  shrink: { type: 'boolean', default: false },
  jobs: { type: 'string', default: String(availableParallelism()) },
  json: { type: 'boolean', default: false },
} as const;

function read(args: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const without = kindsIn(values.without);
    const bring = kindsIn(values.with);
    const both = bring.find((kind) => without.includes(kind));
    if (both !== undefined) return `--with and --without both name '${both}': no seed has it and has it not.`;
    const members = whole('members', values.members, 2, 41);
    const wish = {
      members,
      bills: whole('bills', values.bills, 1, 100_000),
      without,
    };
    const sabotage = defects(values.sabotage);
    const seeds = whole('seeds', values.seeds ?? (sabotage.length > 0 ? '200' : '20'), 1, 10_000_000);
    const from = whole('from', values.from, 0, 2 ** 31);
    const trace = whole('trace', values.trace, 0, 20_000);
    return {
      from,
      seeds,
      wish,
      bring,
      json: values.json,
      shrink: values.shrink,
      trace,
      sabotage,
      jobs: whole('jobs', values.jobs, 1, 256),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Names of the defects asked for; `all` stands for each. Errors: throws when there is none of a name. */
function defects(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text === 'all'
    ? sabotages.map(({ name }) => name)
    : text.split(',').map((name) => sabotageNamed(name).name);
}

const kinds: ReadonlySet<string> = new Set(faultKinds);
const isKind = (text: string): text is FaultKind => kinds.has(text);

/** Kinds of fault, with commas between. Errors: throws for a word that is none. */
function kindsIn(text: string): readonly FaultKind[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      if (isKind(word)) return word;
      throw new RangeError(`There is no fault '${word}'; there are: ${faultKinds.join(', ')}.`);
    });
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`--${name} takes a whole number from ${least} to ${most}.`);
}

process.exitCode = await main(process.argv.slice(2));
