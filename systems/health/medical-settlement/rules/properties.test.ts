import { type Day, fen } from '@yitong/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjudicate } from './adjudicate.ts';
import type { Adjudicated, Case, Shares } from './result.ts';
import { SettlementBook } from './sequence.ts';
import {
  type Catalogue,
  type Claim,
  type ClaimItem,
  type Filing,
  filingKinds,
  type KindTerms,
  type Policy,
  type PolicyVersion,
  type VisitRules,
  type YearToDate,
} from './types.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const options = { seed, numRuns: 400 };
const FUNDS = ['pool', 'supplementary', 'majorIllness', 'civilServant', 'medicalAid'] as const;

const bp = fc.integer({ min: 0, max: 10_000 });
const money = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) }).map(fen);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const condition = fc.record(
  {
    levels: fc.constantFrom(['3'], ['2', '3'], ['1']),
    statuses: fc.constantFrom(['retired'], ['employed', 'resident']),
    categories: fc.constant(['low-income']),
    ageFrom: fc.constantFrom(18, 60),
    ageTo: fc.constantFrom(17, 69),
  },
  { requiredKeys: [] },
);
/** A list of rules that always ends with one for everybody. */
const rulesOf = <T>(rule: fc.Arbitrary<T>) =>
  fc
    .tuple(
      fc.array(
        fc.tuple(condition, rule).map(([when, then]) => ({ ...when, ...then })),
        { maxLength: 2 },
      ),
      rule,
    )
    .map(([some, last]) => [...some, last]);

/** Rising edges, the last one open or not. */
const edges = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 400_000 }), { maxLength: 3 }), fc.boolean())
  .map(([some, open]): (ReturnType<typeof fen> | null)[] => {
    const sorted = some.sort((a, b) => a - b).map((n) => fen(BigInt(n)));
    return open || sorted.length === 0 ? [...sorted, null] : sorted;
  });
const bandsOf = <T>(inside: fc.Arbitrary<T>) =>
  edges.chain((all) =>
    fc
      .array(inside, { minLength: all.length, maxLength: all.length })
      .map((some) => some.map((one, i) => ({ upTo: all[i] ?? null, ...one }))),
  );

const visitRules = (group: string): fc.Arbitrary<VisitRules> =>
  fc.record({
    group: fc.constantFrom(group, 'shared'),
    countsTowardCap: fc.boolean(),
    reductionApplies: fc.boolean(),
    deductible: fc.record({
      basis: fc.constantFrom('annual' as const, 'claim' as const),
      annualMax: maybe(money(60_000)),
      amounts: rulesOf(fc.record({ nth: fc.array(money(50_000), { minLength: 1, maxLength: 3 }) })),
    }),
    bandBasis: fc.constantFrom('claim' as const, 'year' as const),
    bands: bandsOf(fc.record({ rates: rulesOf(fc.record({ bp })) })),
    limits: fc.oneof(fc.constant([]), rulesOf(fc.record({ amount: money(300_000) }))),
    diseases: fc.constant(['M03900']),
  });

const kindTerms: fc.Arbitrary<KindTerms> = fc.record({
  allowed: fc.constant(true),
  mode: fc.constantFrom('none', 'points', 'factor', 'upfront'),
  bp,
});
const filingTerms = fc.record({
  localPlaces: fc.constantFrom([], ['31']),
  exemptPlaces: fc.constant(['32']),
  precedence: fc.constant(filingKinds),
  kinds: fc.record({
    local: kindTerms,
    exempt: kindTerms,
    'long-term': kindTerms,
    referral: kindTerms,
    emergency: kindTerms,
    temporary: kindTerms,
    unfiled: kindTerms,
  }),
});
const visits = fc.constant(['inpatient', 'outpatient', 'chronic'] as const);
const version: fc.Arbitrary<PolicyVersion> = fc.record({
  id: fc.constant('P/1'),
  from: fc.constant('2020-01-01' as Day),
  to: fc.constant(null),
  filing: filingTerms,
  visits: fc.record({
    inpatient: visitRules('hospital'),
    outpatient: visitRules('clinic'),
    chronic: visitRules('chronic'),
  }),
  poolCap: maybe(money(500_000)),
  supplementary: maybe(fc.record({ bp, limit: maybe(money(200_000)), reduced: fc.boolean() })),
  burdenIncludes: fc.record({ upfront: fc.boolean(), filingUpfront: fc.boolean() }),
  majorIllness: maybe(
    fc.record({
      visits,
      limit: maybe(money(200_000)),
      sets: fc.array(
        fc.tuple(condition, bandsOf(fc.record({ bp }))).map(([when, bands]) => ({ ...when, bands })),
        { maxLength: 2 },
      ),
    }),
  ),
  civilServant: maybe(fc.record({ visits, bp, limit: maybe(money(100_000)) })),
  medicalAid: maybe(
    fc.record({
      visits,
      rules: rulesOf(fc.record({ deductible: money(50_000), bp, limit: maybe(money(100_000)) })),
    }),
  ),
  personalAccount: maybe(
    fc.record({
      statuses: fc.constant(['employed', 'retired']),
      covers: fc.constantFrom('in-scope' as const, 'all' as const),
    }),
  ),
});
const policy: fc.Arbitrary<Policy> = fc.record({
  id: fc.constant('P'),
  jurisdiction: fc.constant('310000'),
  dateRule: fc.constantFrom('discharge', 'admission'),
  yearStart: fc.constantFrom('01-01', '07-01'),
  reversalOrder: fc.constant('any'),
  versions: version.map((one) => [one]),
});

const CODES = ['A1', 'A2', 'B10', 'B33', 'C1', 'R1', 'V1', 'X1'] as const;
const entry = {
  name: 'item',
  upfrontBp: 0,
  priceCap: null,
  from: '2020-01-01',
  to: null,
  restricted: false,
  onlyVisits: null,
} as const;
const catalogue: Catalogue = {
  id: 'C',
  place: '320100',
  items: [
    { ...entry, code: 'A1', class: 'A' },
    { ...entry, code: 'A2', class: 'A', priceCap: fen(5_000n) },
    { ...entry, code: 'B10', class: 'B', upfrontBp: 1_000 },
    { ...entry, code: 'B33', class: 'B', upfrontBp: 3_333, priceCap: fen(1_234n) },
    { ...entry, code: 'C1', class: 'C' },
    { ...entry, code: 'R1', class: 'A', restricted: true },
    { ...entry, code: 'V1', class: 'B', upfrontBp: 500, onlyVisits: ['inpatient'] },
  ],
};

/** A line whose amount is the exact product, so that parts of it add up. */
const line: fc.Arbitrary<ClaimItem> = fc
  .record({
    code: fc.constantFrom(...CODES),
    price: fc.integer({ min: 0, max: 60_000 }),
    quantity: fc.integer({ min: 1, max: 8 }),
    restrictionMet: fc.boolean(),
  })
  .map(({ code, price, quantity, restrictionMet }) => ({
    code,
    date: '2026-03-02' as Day,
    unitPrice: BigInt(price) * 10_000n,
    quantity: BigInt(quantity) * 10_000n,
    amount: fen(BigInt(price) * BigInt(quantity)),
    restrictionMet,
  }));

const claim: fc.Arbitrary<Claim> = fc.record({
  id: fc.uuid(),
  visit: fc.constantFrom('inpatient', 'outpatient', 'chronic'),
  placeOfCare: fc.constant('320100'),
  hospital: fc.record({
    code: fc.constant('H32010000001'),
    level: fc.constantFrom('0', '1', '2', '3'),
    inNetwork: fc.constant(true),
  }),
  admission: fc.constant('2026-03-02' as Day),
  discharge: fc.constant('2026-03-02' as Day),
  emergency: fc.boolean(),
  disease: fc.constant('M03900'),
  person: fc.record({
    status: fc.constantFrom('employed', 'retired', 'resident'),
    birthDate: fc.constantFrom('1950-03-02' as Day, '1985-01-01' as Day, '2010-02-28' as Day),
    category: fc.constantFrom(null, 'low-income', 'extreme-poverty'),
    civilServant: fc.boolean(),
    coverage: fc.constant({ from: '2020-01-01' as Day, to: null }),
    chronic: fc.constant([{ code: 'M03900', from: '2020-01-01' as Day, to: null }]),
  }),
  items: fc.array(line, { minLength: 1, maxLength: 6 }),
  account: fc.record({ requested: money(50_000), available: money(50_000) }),
});
const filing: fc.Arbitrary<Filing | null> = fc.option(
  fc.record({
    kind: fc.constantFrom('long-term', 'referral', 'temporary'),
    status: fc.constantFrom('active', 'active', 'revoked'),
    places: fc.constantFrom(['3201'], ['31']),
    from: fc.constantFrom('2025-12-01' as Day, '2026-03-02' as Day),
    to: fc.constantFrom(null, '2026-03-02' as Day),
  }),
  { nil: null },
);
const groupSums = fc.dictionary(fc.constantFrom('hospital', 'clinic', 'chronic', 'shared'), money(300_000), {
  noNullPrototype: true,
});

/** Sums that hold together with one version: the cap and the limits are not yet overrun. */
function yearOf(of: Policy, sums: Omit<YearToDate, 'year' | 'admissions'>, admissions: number): YearToDate {
  const cap = of.versions[0]?.poolCap ?? null;
  const pool = cap !== null && sums.pool > cap ? cap : sums.pool;
  return { year: of.yearStart === '01-01' ? '2026-01-01' : '2025-07-01', admissions, ...sums, pool };
}
const single: fc.Arbitrary<Case> = fc
  .record({
    policy,
    filing,
    claim,
    admissions: fc.nat(3),
    sums: fc.record({
      pool: money(500_000),
      supplementary: money(150_000),
      burden: money(300_000),
      majorIllness: money(150_000),
      civilServant: money(80_000),
      aidBase: money(80_000),
      medicalAid: money(80_000),
      inScope: groupSums,
      deductible: groupSums,
      groupPool: groupSums,
    }),
  })
  .map(({ sums, admissions, ...rest }) => ({
    ...rest,
    catalogue,
    yearToDate: yearOf(rest.policy, sums, admissions),
  }));

function paid(of: Case): Adjudicated {
  const answer = adjudicate(of);
  if (!answer.ok) throw new Error(`refused: ${answer.code} ${answer.at}`);
  return answer;
}

const withItems = (of: Case, items: readonly ClaimItem[]): Case => ({ ...of, claim: { ...of.claim, items } });
const sumOf = (shares: Shares, keys: readonly (keyof Shares)[]) =>
  keys.reduce((all, key) => all + shares[key], 0n);

describe(`what holds for every claim (seed ${seed})`, () => {
  it('funds, account and cash bear the total; parts of the bill add up; no share is negative', () => {
    fc.assert(
      fc.property(single, (of) => {
        const { shares } = paid(of);
        expect(sumOf(shares, [...FUNDS, 'personalAccount', 'cash'])).toBe(shares.total);
        expect(sumOf(shares, ['outOfScope', 'overPriceCap', 'upfront', 'inScope'])).toBe(shares.total);
        const lower = sumOf(shares, ['filingUpfront', 'deductible', 'pool', 'supplementary']);
        expect(lower <= shares.inScope).toBe(true);
        for (const amount of Object.values(shares)) expect(amount >= 0n).toBe(true);
      }),
      options,
    );
  });

  it('more of an uncapped class A item never lowers a fund, the account or the cash', () => {
    fc.assert(
      fc.property(single, fc.bigInt({ min: 1n, max: 200_000n }), (of, k) => {
        const more: ClaimItem = {
          code: 'A1',
          date: '2026-03-02',
          unitPrice: k * 10_000n,
          quantity: 10_000n,
          amount: fen(k),
          restrictionMet: false,
        };
        const before = paid(of).shares;
        const after = paid(withItems(of, [...of.claim.items, more])).shares;
        for (const key of [...FUNDS, 'personalAccount', 'cash'] as const)
          expect(after[key] >= before[key], key).toBe(true);
      }),
      options,
    );
  });

  it('the order of the items is of no account, for the reasons neither', () => {
    fc.assert(
      fc.property(single, (of) => {
        expect(adjudicate(withItems(of, [...of.claim.items].reverse()))).toEqual(adjudicate(of));
      }),
      options,
    );
  });

  it('a line split into two of the same price changes nothing at all', () => {
    fc.assert(
      fc.property(single, fc.nat(7), (of, cut) => {
        const [first, ...rest] = of.claim.items;
        if (first === undefined || first.quantity <= 10_000n) return;
        const units = first.quantity / 10_000n;
        const one = (BigInt(cut) % (units - 1n)) + 1n;
        const part = (n: bigint): ClaimItem => ({
          ...first,
          quantity: n * 10_000n,
          amount: fen((first.amount / units) * n),
        });
        expect(adjudicate(withItems(of, [part(one), ...rest, part(units - one)]))).toEqual(adjudicate(of));
      }),
      options,
    );
  });

  it('nothing given is changed, and the same question has the same answer', () => {
    fc.assert(
      fc.property(single, (of) => {
        const before = structuredClone(of);
        const answer = adjudicate(of);
        expect(of).toEqual(before);
        expect(adjudicate(structuredClone(of))).toEqual(answer);
      }),
      options,
    );
  });
});

describe(`what holds over a year (seed ${seed})`, () => {
  const steps = fc.array(fc.record({ claim, filing, reverse: fc.option(fc.nat(9), { nil: undefined }) }), {
    minLength: 1,
    maxLength: 8,
  });

  it('the sums are those of the settlements that stand, within cap and limits, whatever was reversed', () => {
    fc.assert(
      fc.property(policy, steps, (law, all) => {
        const book = new SettlementBook(law);
        const stands = new Map<string, Adjudicated>();
        const year = law.yearStart === '01-01' ? '2026-01-01' : '2025-07-01';
        for (const { reverse, ...one } of all) {
          const answer = book.settle({ ...one, catalogue });
          if (answer.ok && 'delta' in answer) stands.set(one.claim.id, answer);
          const taken = [...stands.keys()][reverse ?? -1];
          if (taken !== undefined && book.reverse(taken).ok) stands.delete(taken);
          checkYear(law, book.yearToDate(year), [...stands.values()]);
        }
      }),
      options,
    );
  });

  it('reversed in any order, everything comes back to nothing', () => {
    fc.assert(
      fc.property(policy, steps, (law, all) => {
        const book = new SettlementBook(law);
        const ids = all.filter((one) => book.settle({ ...one, catalogue }).ok).map((one) => one.claim.id);
        for (const id of ids.sort()) expect(book.reverse(id).ok).toBe(true);
        for (const year of ['2026-01-01', '2025-07-01'] as const)
          expect(book.yearToDate(year)).toEqual(new SettlementBook(law).yearToDate(year));
      }),
      options,
    );
  });

  it('one claim or two of the same sum: equal deductibles, and a pool that differs by one fen at most', () => {
    fc.assert(
      fc.property(single, fc.integer({ min: 0, max: 100 }), (of, percent) => {
        const law = unlimited(of.policy);
        const whole = { ...of, policy: law, claim: { ...of.claim, visit: 'outpatient' as const } };
        const amount = whole.claim.items.reduce((all, one) => all + one.amount, 0n);
        const part = (amount * BigInt(percent)) / 100n;
        const together = paid(withItems(whole, [uncapped(amount)]));
        const first = paid(withItems(whole, [uncapped(part)]));
        const second = paid({ ...withItems(whole, [uncapped(amount - part)]), yearToDate: first.yearToDate });
        expect(first.shares.deductible + second.shares.deductible).toBe(together.shares.deductible);
        const difference = first.shares.pool + second.shares.pool - together.shares.pool;
        expect(difference >= -1n && difference <= 1n).toBe(true);
      }),
      options,
    );
  });
});

const uncapped = (amount: bigint): ClaimItem => ({
  code: 'A1',
  date: '2026-03-02',
  unitPrice: amount * 10_000n,
  quantity: 10_000n,
  amount: fen(amount),
  restrictionMet: false,
});

/** The policy with an annual deductible, yearly bands and no limits, cap or first share. */
function unlimited(of: Policy): Policy {
  return {
    ...of,
    versions: of.versions.map((one) => {
      const { outpatient } = one.visits;
      const kinds = Object.fromEntries(
        Object.entries(one.filing.kinds).map(([kind, terms]) => [
          kind,
          terms.mode === 'upfront' ? { ...terms, mode: 'none' } : terms,
        ]),
      ) as PolicyVersion['filing']['kinds'];
      const rules = outpatient && {
        ...outpatient,
        deductible: { ...outpatient.deductible, basis: 'annual' as const },
        bandBasis: 'year' as const,
        limits: [],
      };
      return {
        ...one,
        poolCap: null,
        filing: { ...one.filing, kinds },
        visits: rules ? { outpatient: rules } : {},
      };
    }),
  };
}

function checkYear(law: Policy, year: YearToDate, stands: readonly Adjudicated[]): void {
  const total = (of: (one: Adjudicated) => bigint) => stands.reduce((all, one) => all + of(one), 0n);
  expect(year.admissions).toBe(stands.reduce((all, one) => all + one.delta.admissions, 0));
  for (const key of [
    'pool',
    'supplementary',
    'burden',
    'majorIllness',
    'civilServant',
    'aidBase',
    'medicalAid',
  ] as const)
    expect(year[key], key).toBe(total((one) => one.delta[key]));
  for (const key of ['inScope', 'deductible', 'groupPool'] as const)
    for (const group of ['hospital', 'clinic', 'chronic', 'shared'])
      expect(year[key][group] ?? 0n).toBe(total((one) => one.delta[key][group] ?? 0n));
  const [one] = law.versions;
  if (one && one.poolCap !== null) expect(year.pool <= one.poolCap).toBe(true);
}
