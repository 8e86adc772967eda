import { setTimeout as wait } from 'node:timers/promises';
import { checkBooks } from './books.ts';
import type { Door } from './door.ts';
import { newId } from './ids.ts';
import type { Pace } from './kernel.ts';
import { limitOf, meter, type Spent } from './machine.ts';
import { openLoop } from './open-loop.ts';
import { type BenchRegion, type BillInput, care, withRegion } from './region.ts';
import { medians, quantile, type Result } from './report.ts';

const path = '/medical-settlement/present-bill';
/** Bills of one request, and requests under way: so many bills are under way at most. */
const linesEach = 100;
const requests = 16;
/** Bills of a round for each second that it shall last. */
const perSecondExpected = 1_000;
/** Bills a second for the figure of how long one takes. */
const rate = 300;
/** Whom the node asks to come later comes again so soon, in ms. */
const againMs = 500;

/** Whole settlements a second: a bill presented at one member, priced and held at the other, confirmed, booked on both sides. */
export function benchSettlement(pace: Pace): Promise<Result> {
  return withRegion(async (open) => {
    const door = await open.door(care, 'medical-settlement/cashier');
    pace.told('settlement, warming up');
    await settleAll(door, open.bills(8 * perSecondExpected)); // Compiled and warm: a node compiles for some 15 s of work.
    const rounds: Round[] = [];
    for (let round = 1; round <= pace.rounds; round++) {
      pace.told(`settlement ${round}/${pace.rounds}`);
      rounds.push(await oneRound(open, door, pace.seconds));
    }
    door.close();
    await checkBooks(open);
    return resultOf(rounds);
  });
}

interface Round {
  readonly spent: Spent;
  readonly figures: Record<string, number>;
}

/** As many as it can, then one at a time, so that each batch is one message, then so many a second. */
async function oneRound(open: BenchRegion, door: Door, seconds: number): Promise<Round> {
  const count = Math.ceil(perSecondExpected * seconds);
  const bills = open.bills(count);
  const stop = meter(open.parts);
  const { settled, refused } = await settleAll(door, bills);
  const spent = stop();
  const each = Object.entries(spent.parts).map(
    ([name, micros]) => [`cpu ${name}`, micros / settled] as const,
  );
  const rates = { perSecond: (settled * 1000) / spent.wallMs, refused: refused / count };
  const single = await oneAtATime(open, door, seconds);
  const times = await openLoop(open.bills(Math.ceil(rate * seconds)), rate, (bill, due) =>
    timed(door, bill, due),
  );
  const waits = { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
  return { spent, figures: { ...rates, single, ...waits, ...Object.fromEntries(each) } };
}

/** Bills a second when each waits for the one before. */
async function oneAtATime(open: BenchRegion, door: Door, seconds: number): Promise<number> {
  const begun = performance.now();
  let count = 0;
  for (; performance.now() < begun + 1000 * seconds; count++)
    for (const bill of open.bills(1)) await timed(door, bill, performance.now());
  return (count * 1000) / (performance.now() - begun);
}

/** Milliseconds from the moment a bill was due to its end, which is a refusal for some. */
async function timed(door: Door, bill: BillInput, due: number): Promise<number> {
  const id = newId();
  for (;;) {
    const { status, json } = await door.one(path, id, bill);
    if (status === 200 || status === 409) return performance.now() - due;
    if (status !== 202 && status !== 503) throw new Error(`a bill was not settled: ${JSON.stringify(json)}`);
    await wait(againMs);
  }
}

/** Presents the bills, never more than a bounded number under way, and waits for each one's end. */
export async function settleAll(
  door: Door,
  bills: readonly BillInput[],
): Promise<{ settled: number; refused: number }> {
  let next = 0;
  let settled = 0;
  let refused = 0;
  const work = async (): Promise<void> => {
    while (next < bills.length) {
      const some = bills.slice(next, next + linesEach);
      next += some.length;
      const lines = some.map((input) => ({ id: newId(), input }));
      await door.many(path, lines, ({ state, problem }) => {
        if (state === 'done') settled++;
        else if (state === 'refused') refused++;
        else throw new Error(`a bill ended as ${state}: ${JSON.stringify(problem)}`);
      });
    }
  };
  await Promise.all(Array.from({ length: requests }, work));
  if (settled + refused !== bills.length)
    throw new Error(`${bills.length - settled - refused} bills have no end`);
  return { settled, refused };
}

function resultOf(rounds: readonly Round[]): Result {
  const all = medians(rounds.map(({ figures }) => figures));
  const { perSecond = 0, refused = 0, single = 0, p50Ms = 0, p99Ms = 0, ...rest } = all;
  const micros = Object.entries(rest).map(([name, value]) => [name.slice('cpu '.length), value] as const);
  const last = rounds.at(-1);
  return {
    figures: { billsPerSecond: perSecond, shareRefused: refused, p50Ms, p99Ms },
    baselines: { oneAtATime: single },
    ratios: { oneAtATime: perSecond / single },
    cpuMicros: Object.fromEntries(micros),
    limit: last === undefined ? '' : limitOf(last.spent),
    goals: [
      { of: 'billsPerSecond', least: 1_000 },
      { of: 'p99Ms', most: 100 },
      { of: 'oneAtATime', least: 8 },
    ],
  };
}
