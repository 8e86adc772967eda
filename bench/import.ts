import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pace } from './kernel.ts';
import { limitOf, meter, type Spent } from './machine.ts';
import { type BenchRegion, type BillInput, care, withRegion } from './region.ts';
import { medians, quantile, type Result } from './report.ts';
import { settleAll } from './settlement.ts';

const role = 'medical-settlement/cashier';
/** Bills of a file for each second of a round; with `--full` it has as many as the goal names. */
const perSecond = 2_000;
const fullCount = 100_000;
/** How often the command's memory is looked at, in ms. */
const lookMs = 250;

/** `yitong import` of a file of bills as a process of its own, from its start to its last result, against the same door without it. */
export function benchImport(pace: Pace): Promise<Result> {
  return withRegion(async (open) => {
    const door = await open.door(care, role);
    const count = pace.full ? fullCount : Math.ceil(perSecond * pace.seconds);
    pace.told('import, warming up');
    await settleAll(door, open.bills(8_000));
    const rounds: Round[] = [];
    for (let round = 1; round <= pace.rounds; round++) {
      pace.told(`import ${round}/${pace.rounds}: ${count} bills`);
      const file = join(open.region.dataDir, `bills-${round}.ndjson`);
      await pipeline(linesOf(open.bills(count)), createWriteStream(file));
      const stop = meter(open.parts);
      const { ms, memoryMb } = await imported(open, pace.yitong, { file, count });
      const spent = stop();
      const begun = performance.now();
      await settleAll(door, open.bills(Math.min(count, perSecond * pace.seconds)));
      const settled = (Math.min(count, perSecond * pace.seconds) * 1000) / (performance.now() - begun);
      rounds.push({ spent, figures: { imported: (count * 1000) / ms, settled, ...steady(memoryMb) } });
    }
    door.close();
    return resultOf(rounds);
  });
}

interface Round {
  readonly spent: Spent;
  readonly figures: Record<'imported' | 'settled' | 'memoryMb' | 'memoryGrowth', number>;
}

function linesOf(bills: readonly BillInput[]): Readable {
  return Readable.from(bills).map((bill) => `${JSON.stringify(bill)}\n`);
}

/** Runs the command to its end; its resident memory, looked at again and again. Throws what it says when it fails. */
async function imported(
  open: BenchRegion,
  yitong: string,
  { file, count }: { readonly file: string; readonly count: number },
) {
  const { url, token } = await open.signIn(care, role);
  const words = ['import', 'medical-settlement', file, '--url', url, '--at', care, '--json'];
  const env = { ...process.env, YITONG_TOKEN: token, XDG_STATE_HOME: open.region.dataDir };
  const begun = performance.now();
  const child = spawn(process.execPath, [yitong, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const memoryMb: number[] = [];
  const looking = setInterval(() => memoryMb.push(residentMb(child.pid)), lookMs);
  let summary = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    summary += part;
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    told = (told + part).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(looking);
  const ms = performance.now() - begun;
  // Some bills are refused, which is an end like the others; then its exit code is 1.
  if (endedIn(summary) !== count) throw new Error(`yitong import ended with ${code}: ${summary} ${told}`);
  return { ms, memoryMb };
}

/** Lines that ended as they should, by the command's own summary. */
function endedIn(summary: string): number {
  const { states } = JSON.parse(summary.trim().split('\n').at(-1) || '{}') as {
    readonly states?: Readonly<Record<string, number>>;
  };
  return (states?.['done'] ?? 0) + (states?.['refused'] ?? 0);
}

/** Linux only, as CPU times are: elsewhere NaN. */
function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The most, and how the last quarter's median compares with the second quarter's: 1 is steady. */
function steady(memoryMb: readonly number[]) {
  const seen = memoryMb.filter((one) => !Number.isNaN(one));
  const quarter = Math.floor(seen.length / 4);
  const early = quantile(seen.slice(quarter, 2 * quarter), 0.5);
  return { memoryMb: Math.max(...seen), memoryGrowth: quantile(seen.slice(-quarter), 0.5) / early };
}

function resultOf(rounds: readonly Round[]): Result {
  const { imported: rate, settled, memoryMb, memoryGrowth } = medians(rounds.map(({ figures }) => figures));
  const last = rounds.at(-1);
  return {
    figures: { billsPerSecond: rate, memoryMb, memoryGrowth },
    baselines: { settlement: settled },
    ratios: { settlement: rate / settled },
    cpuMicros: {},
    limit: last === undefined ? '' : limitOf(last.spent),
    goals: [{ of: 'settlement', least: 0.6 }],
  };
}
