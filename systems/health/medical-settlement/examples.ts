import { type Day, day, f, fen, memberOf } from '@yitong/kit';
import { demonstrationCatalogue } from './law/demonstration-catalogue.ts';
import { demonstrationPolicies, poolKey, type Scheme } from './law/pools.ts';
import { emptyYear } from './rules/accumulate.ts';
import { decidingDay, policyYear } from './rules/dates.ts';
import { catalogueExcerpt } from './rules/items.ts';
import type { Case, Refusal, Shares } from './rules/result.ts';
import type { Filing, FilingKind, Policy, Visit, YearToDate } from './rules/types.ts';

/** A worked example: the case, and what must come out of it. */
export interface Example {
  /** What it shows, in both languages. */
  readonly name: string;
  readonly zh: string;
  /** Day whose law it shows, and the member whose it is. */
  readonly on: Day;
  readonly member: string;
  readonly told: Told;
  readonly of: Case;
  readonly expect:
    | { readonly refused: Refusal }
    | { readonly title: FilingKind; readonly version: string; readonly shares: Partial<Shares> };
}

/** What an example says; all else is an employed person insured since 2020, in a stay of one day at a hospital of the third level. */
export interface Told {
  readonly pool: string;
  readonly scheme?: Scheme;
  readonly care: string;
  readonly on: string;
  readonly fen: number;
  readonly visit?: Visit;
  readonly disease?: string;
  readonly emergency?: boolean;
  readonly status?: string;
  readonly category?: string | null;
  readonly level?: string;
  readonly filing?: Filing;
  readonly before?: Partial<YearToDate>;
}

const ITEM = '001102000050000'; // 住院诊查费: class A everywhere, without a cap
const VISIT = '001102000010000'; // 普通门诊诊查费
/** The pool has paid all but one fen of its cap of 370,000.00 yuan, and the person is in the second band. */
const nearCap: Partial<YearToDate> = {
  admissions: 2,
  pool: fen(36_999_999n),
  inScope: { hospital: fen(40_000_000n) },
  deductible: { hospital: fen(150_000n) },
};
/** A stay of 10,000.00 yuan of somebody insured in Shanghai, in the zone that needs no filing (吴江). */
const shanghai: Told = { pool: '310000', care: '320509', on: '2026-03-02', fen: 1_000_000 };

/** Examples on both sides of each threshold and day of the demonstration's law. */
export const examples: readonly Example[] = [
  example('one fen below the deductible', '低于起付标准 1 分', nanjing(99_999), {
    deductible: 99_999,
    pool: 0,
    cash: 99_999,
  }),
  example('exactly the deductible', '恰为起付标准', nanjing(100_000), {
    deductible: 100_000,
    pool: 0,
    cash: 100_000,
  }),
  example('one fen above the deductible', '高于起付标准 1 分', nanjing(100_001), {
    deductible: 100_000,
    pool: 1,
    cash: 100_000,
  }),
  example('the end of the first band', '第一段终点', nanjing(1_000_000), { pool: 792_000, cash: 208_000 }),
  example('one fen into the second band', '第二段第 1 分', nanjing(1_000_001), {
    pool: 792_001,
    cash: 208_000,
  }),
  example(
    'a second stay: half the deductible',
    '第二次住院起付标准减半',
    nanjing(200_000, { before: { admissions: 1 } }),
    {
      deductible: 50_000,
      pool: 132_000,
    },
  ),
  example('the last fen under the cap', '封顶线内最后 1 分', nanjing(2, { before: nearCap }), {
    pool: 1,
    beyondLimit: 0,
  }),
  example('one fen beyond the cap', '超封顶线 1 分', nanjing(3, { before: nearCap }), {
    pool: 1,
    beyondLimit: 1,
    supplementary: 1,
    cash: 1,
  }),
  example(
    'a filed temporary stay: 20 points less',
    '临时外出就医降 20 个百分点',
    { ...nanjing(200_000), care: '340100', filing: filed('temporary', null) },
    { pool: 68_000 },
    'temporary',
  ),
  example(
    'not filed: 25 points less',
    '未备案降 25 个百分点',
    { ...nanjing(200_000), care: '340100' },
    { pool: 63_000 },
    'unfiled',
  ),
  example(
    'a chronic disease in 2024',
    '2024 年门诊慢特病',
    { ...nanjing(4_000), on: '2024-06-15', visit: 'chronic', disease: 'M03900' },
    { deductible: 0, pool: 3_520 },
    'local',
    '2024',
  ),
  example(
    'outpatients: three fifths at the third level',
    '三级医院普通门诊',
    { ...nanjing(4_000), visit: 'outpatient' },
    { pool: 2_400 },
  ),
  example(
    'above a price cap',
    '超限价',
    { ...nanjing(10_000), visit: 'outpatient' },
    { overPriceCap: 5_092, pool: 2_945 },
  ),
  example(
    'the last day of a policy year',
    '医保年度最后一日',
    { ...shanghai, on: '2026-06-30' },
    { pool: 722_500 },
    'exempt',
    '2025',
  ),
  example(
    'the first day of a policy year',
    '医保年度第一日',
    { ...shanghai, on: '2026-07-01' },
    { pool: 722_500 },
    'exempt',
    '2026',
  ),
  example(
    'an emergency away from home: nine tenths of the rate',
    '异地急诊按九折',
    { ...shanghai, care: '340100', emergency: true },
    { deductible: 150_000, pool: 650_250 },
    'emergency',
    '2025',
  ),
  example(
    'a filing on its last day',
    '备案最后一日',
    { ...shanghai, care: '340100', filing: filed('temporary', '2026-03-02') },
    { pool: 505_750 },
    'temporary',
    '2025',
  ),
  refusal(
    'the day after a filing ended',
    '备案到期次日',
    { ...shanghai, on: '2026-03-03', care: '340100', filing: filed('temporary', '2026-03-02') },
    'filing-expired',
  ),
  refusal(
    'no filing where one is needed',
    '应备案而未备案',
    { pool: '340100', care: '310101', on: '2026-03-02', fen: 100 },
    'filing-required',
  ),
  example(
    'a resident of Hangzhou',
    '杭州居民',
    { pool: '330100', scheme: '390', care: '330102', on: '2026-03-02', fen: 180_000 },
    { deductible: 80_000, pool: 70_000 },
  ),
  example(
    'a referral from Hefei: a first share of a tenth',
    '合肥转诊先行自付一成',
    { pool: '340100', care: '310101', on: '2026-03-02', fen: 1_000_000, filing: filed('referral', null) },
    { filingUpfront: 100_000, deductible: 60_000, pool: 756_000 },
    'referral',
  ),
];

function nanjing(amount: number, more: Partial<Told> = {}): Told {
  return { pool: '320100', care: '320102', on: '2026-03-02', fen: amount, ...more };
}

function filed(kind: Filing['kind'], to: Day | null): Filing {
  return { kind, status: 'active', places: ['34', '31'], from: '2026-01-01', to };
}

function example(
  name: string,
  zh: string,
  told: Told,
  shares: Readonly<Partial<Record<keyof Shares, number>>>,
  title: FilingKind = 'local',
  year = told.on.slice(0, 4),
): Example {
  const amounts = Object.fromEntries(
    Object.entries(shares).map(([key, amount]) => [key, fen(BigInt(amount))]),
  );
  const version = `${poolKey(told.pool, told.scheme ?? '310')}/${year}-demo`;
  return { ...shown(name, zh, told), expect: { title, version, shares: amounts } };
}

function refusal(name: string, zh: string, told: Told, refused: Refusal): Example {
  return { ...shown(name, zh, told), expect: { refused } };
}

function shown(name: string, zh: string, told: Told): Omit<Example, 'expect'> {
  return { name, zh, on: day(told.on), member: memberOf(told.pool) ?? '', told, of: caseOf(told) };
}

/** The whole case of what was told. Errors: `RangeError` for a place that is no pool of the demonstration. */
export function caseOf(told: Told): Case {
  const policy = policyOf(told);
  const on = day(told.on);
  const code = told.visit === undefined || told.visit === 'inpatient' ? ITEM : VISIT;
  const amount = fen(BigInt(told.fen));
  const items = [
    { code, date: on, unitPrice: amount * 10_000n, quantity: 10_000n, amount, restrictionMet: false },
  ];
  const resident = told.scheme === '390';
  const year = policyYear(policy.yearStart, decidingDay(policy, { admission: on, discharge: on }));
  const care = f.member.parse(memberOf(told.care));
  return {
    policy,
    catalogue: catalogueExcerpt(demonstrationCatalogue(care), told.care, items),
    filing: told.filing ?? null,
    yearToDate: { ...emptyYear(year), ...told.before },
    claim: {
      id: 'example',
      visit: told.visit ?? 'inpatient',
      placeOfCare: told.care,
      hospital: { code: `H${told.care}00001`, level: told.level ?? '3', inNetwork: true },
      admission: on,
      discharge: on,
      emergency: told.emergency ?? false,
      disease: told.disease ?? null,
      person: {
        status: told.status ?? (resident ? 'resident' : 'employed'),
        birthDate: '1985-05-20',
        category: told.category ?? null,
        civilServant: false,
        coverage: { from: '2020-01-01', to: null },
        chronic: [{ code: 'M03900', from: '2024-01-01', to: null }],
      },
      items,
      account: { requested: fen(0n), available: fen(0n) },
    },
  };
}

function policyOf(told: Told): Policy {
  const member = f.member.parse(memberOf(told.pool));
  const policy = demonstrationPolicies(member)[poolKey(told.pool, told.scheme ?? '310')];
  if (policy === undefined) throw new RangeError(`no pool ${told.pool}`);
  return policy;
}
