import { systems } from '@yitong/systems';
import { adjudicate } from '@yitong/systems/medical-settlement/adjudicate';
import { examples } from '@yitong/systems/medical-settlement/examples';
import type { Pace } from './kernel.ts';
import { medians, type Result } from './report.ts';

/** How often what a run costs is looked at, in claims. */
const between = 2_000;

/** Adjudications a second on one core: the worked examples in turn, as a handler has them, and as `yitong decide` has them. */
export async function benchRules(pace: Pace): Promise<Result> {
  const cases = examples.map(({ of }) => of);
  const rule = systems.flatMap(({ rules }) => rules.get('adjudicate') ?? []).at(0);
  if (!rule) throw new Error('no system declares the rule');
  const told = cases.map((of) => JSON.parse(JSON.stringify(of, decimal)));
  const plain = (n: number) => adjudicate(cases[n % cases.length] ?? never());
  const json = (n: number) => rule.decide(told[n % told.length]);
  pace.told('rules, warming up');
  perSecond(plain, 2);
  perSecond(json, 2);
  const rounds: Record<'plain' | 'json', number>[] = [];
  for (let round = 1; round <= pace.rounds; round++) {
    pace.told(`rules ${round}/${pace.rounds}`);
    rounds.push({ plain: perSecond(plain, pace.seconds / 2), json: perSecond(json, pace.seconds / 2) });
  }
  const { plain: adjudicationsPerSecond, json: jsonPerSecond } = medians(rounds);
  return {
    figures: { adjudicationsPerSecond, jsonPerSecond },
    baselines: {},
    ratios: {},
    cpuMicros: { adjudication: 1e6 / adjudicationsPerSecond },
    limit: 'one core',
    goals: [{ of: 'adjudicationsPerSecond', least: 50_000 }],
  };
}

/** Runs for some seconds of this process's CPU time; how many a second of it. */
function perSecond(run: (n: number) => unknown, seconds: number): number {
  const begun = process.cpuUsage();
  for (let count = 0; ; ) {
    for (const end = count + between; count < end; count++) run(count);
    const { user, system } = process.cpuUsage(begun);
    const spent = (user + system) / 1e6;
    if (spent >= seconds) return count / spent;
  }
}

const decimal = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

function never(): never {
  throw new Error('there is at least one example');
}
