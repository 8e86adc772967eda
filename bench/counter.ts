import type { Door } from './door.ts';
import { newId } from './ids.ts';
import type { Pace } from './kernel.ts';
import { limitOf, meter, type Spent } from './machine.ts';
import { openLoop } from './open-loop.ts';
import { type BenchRegion, type BillInput, care, withRegion } from './region.ts';
import { medians, quantile, type Result } from './report.ts';
import { settleAll } from './settlement.ts';

/** Bills a second, each due at its moment, so that a slow answer does not put the next ones off. */
const rate = 100;

/** What people at the counter wait for: from the moment a bill was to be presented to its price, and to its being settled. */
export function benchCounter(pace: Pace): Promise<Result> {
  return withRegion(async (open) => {
    const door = await open.door(care, 'medical-settlement/cashier');
    pace.told('counter, warming up');
    // Compiled and warm, as nodes are that have run for a minute: what the engine compiles takes 10 s of each node's CPU.
    await settleAll(door, open.bills(4_000));
    await closedLoop(door, open.bills(4_000));
    const rounds: Round[] = [];
    for (let round = 1; round <= pace.rounds; round++) {
      pace.told(`counter ${round}/${pace.rounds}`);
      rounds.push(await oneRound(open, door, Math.ceil(rate * pace.seconds)));
    }
    door.close();
    return resultOf(rounds);
  });
}

type Figures = Record<'pricedP50Ms' | 'pricedP99Ms' | 'bothPhasesP50Ms' | 'bothPhasesP99Ms', number>;

interface Round {
  readonly spent: Spent;
  readonly figures: Figures;
}

async function oneRound(open: BenchRegion, door: Door, count: number): Promise<Round> {
  const bills = open.bills(count);
  const stop = meter(open.parts);
  const waits = await openLoop(bills, rate, (bill, due) => atCounter(door, bill, due));
  const spent = stop();
  const priced = waits.map((wait) => wait.pricedMs);
  const settled = waits.flatMap((wait) => wait.settledMs ?? []);
  return {
    spent,
    figures: {
      pricedP50Ms: quantile(priced, 0.5),
      pricedP99Ms: quantile(priced, 0.99),
      bothPhasesP50Ms: quantile(settled, 0.5),
      bothPhasesP99Ms: quantile(settled, 0.99),
    },
  };
}

interface Wait {
  readonly pricedMs: number;
  /** Absent for a bill that was refused. */
  readonly settledMs: number | undefined;
}

/** So many counters, each with one bill after another. */
const counters = 32;

/** As fast as the answers come. */
async function closedLoop(door: Door, bills: readonly BillInput[]): Promise<void> {
  const left = bills.values();
  const work = async (): Promise<void> => {
    for (const bill of left) await atCounter(door, bill, performance.now());
  };
  await Promise.all(Array.from({ length: counters }, work));
}

async function atCounter(door: Door, bill: BillInput, due: number): Promise<Wait> {
  const present = { ...bill, confirm: 'cashier' };
  const priced = await door.one('/medical-settlement/present-bill', newId(), present);
  const pricedMs = performance.now() - due;
  if (priced.status === 409) return { pricedMs, settledMs: undefined };
  if (priced.status !== 200) throw new Error(`a bill was not priced: ${JSON.stringify(priced)}`);
  const settled = await door.one('/medical-settlement/confirm-bill', newId(), { bill: bill.bill });
  if (settled.status !== 200) throw new Error(`a bill was not settled: ${JSON.stringify(settled)}`);
  return { pricedMs, settledMs: performance.now() - due };
}

function resultOf(rounds: readonly Round[]): Result {
  const last = rounds.at(-1);
  const limit = last === undefined ? '' : limitOf(last.spent);
  return {
    figures: { billsPerSecond: rate, ...medians(rounds.map(({ figures }) => figures)) },
    baselines: {},
    ratios: {},
    cpuMicros: {},
    limit: `round trips: two for a price, four for both phases, each with a commit at either end; ${limit}`,
    goals: [
      { of: 'pricedP99Ms', most: 150 },
      { of: 'bothPhasesP99Ms', most: 150 },
    ],
  };
}
