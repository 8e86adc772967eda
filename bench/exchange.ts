import type { Door } from './door.ts';
import { newId } from './ids.ts';
import type { Pace } from './kernel.ts';
import { limitOf, meter, type Spent } from './machine.ts';
import { withPlainCalls } from './plain-call.ts';
import { type BenchRegion, type BillInput, care, withRegion } from './region.ts';
import { medians, quantile, type Result } from './report.ts';

const path = '/medical-settlement/check-eligibility';
/** Questions of one request, and requests under way. */
const linesEach = 16;
const requests = 8;

/**
 * Round trips between two node processes: a command at one becomes a signed message to the other, whose answer ends it. Each of the
 * three is a journal entry, and a record is written twice, all of it durable before the next step.
 */
export function benchExchange(pace: Pace): Promise<Result> {
  return withRegion(async (open) => {
    const door = await open.door(care, 'medical-settlement/cashier');
    return withPlainCalls(open.region.dataDir, care, async (plain) => {
      pace.told('exchange, warming up');
      await askMany(door, open, Math.max(12, pace.seconds));
      await plain(requests * linesEach, 2);
      const rounds: Round[] = [];
      for (let round = 1; round <= pace.rounds; round++) {
        pace.told(`exchange ${round}/${pace.rounds}`);
        const stop = meter(open.parts);
        const many = await askMany(door, open, pace.seconds);
        const spent = stop();
        const one = await askOne(door, open, pace.seconds);
        const [plainMany, plainOne] = [
          await plain(requests * linesEach, pace.seconds),
          await plain(1, pace.seconds),
        ];
        rounds.push({ spent, figures: { ...many, ...one, plainMany, plainOne } });
      }
      door.close();
      return resultOf(rounds);
    });
  });
}

interface Round {
  readonly spent: Spent;
  readonly figures: Record<
    'perSecond' | 'p99Ms' | 'onePerSecond' | 'oneP99Ms' | 'plainMany' | 'plainOne',
    number
  >;
}

/** A bounded number under way; each is timed from its request. */
async function askMany(door: Door, open: BenchRegion, seconds: number) {
  const times: number[] = [];
  const begun = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() < begun + 1000 * seconds) {
      const lines = open.bills(linesEach).map((bill) => ({ id: newId(), input: inquiryOf(bill) }));
      const from = performance.now();
      await door.many(path, lines, ({ state, problem }) => {
        if (state !== 'done' && state !== 'refused')
          throw new Error(`a question ended as ${state}: ${JSON.stringify(problem)}`);
        times.push(performance.now() - from);
      });
    }
  };
  await Promise.all(Array.from({ length: requests }, work));
  const perSecond = (times.length * 1000) / (performance.now() - begun);
  return { perSecond, p99Ms: quantile(times, 0.99) };
}

/** Each waits for the one before. */
async function askOne(door: Door, open: BenchRegion, seconds: number) {
  const times: number[] = [];
  const begun = performance.now();
  while (performance.now() < begun + 1000 * seconds)
    for (const bill of open.bills(1)) {
      const from = performance.now();
      const { status, json } = await door.one(path, newId(), inquiryOf(bill));
      if (status !== 200 && status !== 409) throw new Error(`a question has no end: ${JSON.stringify(json)}`);
      times.push(performance.now() - from);
    }
  const onePerSecond = (times.length * 1000) / (performance.now() - begun);
  return { onePerSecond, oneP99Ms: quantile(times, 0.99) };
}

/** The question that is asked before a bill's treatment. */
function inquiryOf(bill: BillInput): Readonly<Record<string, unknown>> {
  const { person, insuredPlace, hospital, visit, admission, emergency, disease } = bill as BillInput &
    Readonly<Record<string, unknown>>;
  return { inquiry: bill.bill, person, insuredPlace, hospital, visit, day: admission, emergency, disease };
}

function resultOf(rounds: readonly Round[]): Result {
  const { perSecond, p99Ms, onePerSecond, oneP99Ms, plainMany, plainOne } = medians(
    rounds.map(({ figures }) => figures),
  );
  const last = rounds.at(-1);
  return {
    figures: {
      roundTripsPerSecond: perSecond,
      p99Ms,
      sequentialPerSecond: onePerSecond,
      sequentialP99Ms: oneP99Ms,
    },
    baselines: { plainCalls: plainMany, plainCallsSequentially: plainOne },
    ratios: { plainCalls: perSecond / plainMany, plainCallsSequentially: onePerSecond / plainOne },
    cpuMicros: {},
    limit: last === undefined ? '' : limitOf(last.spent),
    goals: [
      { of: 'roundTripsPerSecond', least: 1_000 },
      { of: 'p99Ms', most: 100 },
      { of: 'plainCallsSequentially', least: 0.2 },
    ],
  };
}
