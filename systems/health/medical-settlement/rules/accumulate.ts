import { type Day, type Fen, fen, zero } from '@yitong/kit';
import type { YearToDate } from './types.ts';

type Sums = Omit<YearToDate, 'year'>;

/** The sums of a policy year in which nothing was settled. 年度累计清零 */
export function emptyYear(year: Day): YearToDate {
  return {
    year,
    admissions: 0,
    pool: zero,
    supplementary: zero,
    burden: zero,
    majorIllness: zero,
    civilServant: zero,
    aidBase: zero,
    medicalAid: zero,
    inScope: {},
    deductible: {},
    groupPool: {},
  };
}

/** The year's sums with a settlement's added; groups that come to zero are left out. */
export function added(year: YearToDate, delta: YearToDate): YearToDate {
  return combined(year, delta, 1n);
}

/** The year's sums with a settlement's taken back; groups that come to zero are left out. */
export function takenBack(year: YearToDate, delta: YearToDate): YearToDate {
  return combined(year, delta, -1n);
}

function combined(year: YearToDate, delta: YearToDate, sign: 1n | -1n): YearToDate {
  const of = (
    key: 'pool' | 'supplementary' | 'burden' | 'majorIllness' | 'civilServant' | 'aidBase' | 'medicalAid',
  ) => fen(year[key] + sign * delta[key]);
  const sums: Sums = {
    admissions: year.admissions + Number(sign) * delta.admissions,
    pool: of('pool'),
    supplementary: of('supplementary'),
    burden: of('burden'),
    majorIllness: of('majorIllness'),
    civilServant: of('civilServant'),
    aidBase: of('aidBase'),
    medicalAid: of('medicalAid'),
    inScope: groups(year.inScope, delta.inScope, sign),
    deductible: groups(year.deductible, delta.deductible, sign),
    groupPool: groups(year.groupPool, delta.groupPool, sign),
  };
  return { year: year.year, ...sums };
}

function groups(
  year: Readonly<Record<string, Fen>>,
  delta: Readonly<Record<string, Fen>>,
  sign: 1n | -1n,
): Record<string, Fen> {
  const all: Record<string, Fen> = { ...year };
  for (const [group, amount] of Object.entries(delta)) all[group] = fen((all[group] ?? 0n) + sign * amount);
  for (const [group, amount] of Object.entries(all)) if (amount === 0n) delete all[group];
  return all;
}
