import { addDays, cities, type Day, type Fen, fen, type Member } from '@yitong/kit';
import type {
  Band,
  BurdenBand,
  DeductibleStep,
  FilingTerms,
  Policy,
  PolicyVersion,
  VisitRules,
} from '../rules/types.ts';
import {
  type ByLevel,
  type PoolTemplate,
  type ProvinceTemplate,
  provinces,
  type Steps,
} from './pool-templates.ts';

/** Insurance of a pool by the national code: 310 职工基本医疗保险, 390 城乡居民基本医疗保险. 险种 */
export const schemes = ['310', '390'] as const;
/** One insurance. */
export type Scheme = (typeof schemes)[number];

/** Policies by `<city>/<scheme>`. 统筹区政策 */
export type Policies = Readonly<Record<string, Policy>>;

/** Key of a pool's policy: the city's GB/T 2260 code and the insurance. */
export function poolKey(city: string, scheme: string): string {
  return `${city}/${scheme}`;
}

/** The three counties and districts between which care needs no filing (长三角生态绿色一体化发展示范区: 青浦, 吴江, 嘉善). */
const zone = ['310118', '320509', '330421'];
const zoneCities = ['310000', '320500', '330400'];

/** Codes of the ten chronic diseases that are settled across provinces, five at first. */
export const firstChronicDiseases = ['M00500', 'M01600', 'M03900', 'M07801', 'M08300'];
/** As the first five, with the five that came later. */
export const chronicDiseases = [...firstChronicDiseases, 'M05300', 'M06900', 'M04600', 'M00200', 'M07200'];

/**
 * The policies of a member's pools, from its template with small differences between cities: demonstration values. Each policy has two
 * versions or three; a city's cap rises by 10,000 yuan with each.
 */
export function demonstrationPolicies(member: Member): Policies {
  const template = provinces[member];
  if (template === undefined) return {};
  const own = cities.filter((city) => city.member === member);
  return Object.fromEntries(
    own.flatMap(({ code }, place) =>
      schemes.map((scheme) => [poolKey(code, scheme), policyOf(template, { city: code, scheme, place })]),
    ),
  );
}

interface Pool {
  readonly city: string;
  readonly scheme: Scheme;
  /** Place of the city among those of its member: what its small differences hang on. */
  readonly place: number;
}

function policyOf(template: ProvinceTemplate, pool: Pool): Policy {
  const id = poolKey(pool.city, pool.scheme);
  const starts: readonly Day[] =
    template.yearStart === '07-01'
      ? ['2024-07-01', '2025-07-01', '2026-07-01']
      : ['2024-01-01', '2025-01-01', '2026-01-01'];
  return {
    id,
    jurisdiction: pool.city,
    dateRule: template.dateRule,
    yearStart: template.yearStart,
    reversalOrder: template.reversalOrder,
    versions: starts.map((from, i) => {
      const next = starts[i + 1];
      return {
        // The mark stands in the id because reasons cite the id wherever a price is shown.
        id: `${id}/${from.slice(0, 4)}-demo`,
        from,
        to: next === undefined ? null : addDays(next, -1),
        ...termsOf(template, pool, i),
      };
    }),
  };
}

function termsOf(
  template: ProvinceTemplate,
  pool: Pool,
  issue: number,
): Omit<PolicyVersion, 'id' | 'from' | 'to'> {
  const own = pool.scheme === '310' ? template.employee : template.resident;
  const employee = pool.scheme === '310';
  return {
    filing: filingOf(template, pool.city),
    visits: {
      inpatient: inpatientOf(own, pool),
      outpatient: outpatientOf(own, pool),
      chronic: chronicOf(own, pool),
    },
    poolCap: yuan(own.cap + issue * 10_000 - (pool.place % 5) * 10_000),
    supplementary: own.supplementary
      ? { bp: own.supplementary.rate * 100, limit: orNull(own.supplementary.limit), reduced: false }
      : null,
    burdenIncludes: { upfront: false, filingUpfront: template.reduction.mode === 'upfront' },
    majorIllness: own.majorIllness ? majorIllnessOf(own.majorIllness) : null,
    civilServant: employee ? { visits: ['inpatient', 'outpatient'], bp: 5_000, limit: yuan(5_000) } : null,
    medicalAid: {
      visits: ['inpatient', 'chronic'],
      rules: [
        { categories: ['extreme-poverty'], deductible: yuan(0), bp: 10_000, limit: null },
        { categories: ['low-income'], deductible: yuan(2_000), bp: 7_500, limit: yuan(30_000) },
      ],
    },
    personalAccount: employee ? { statuses: ['employed', 'retired'], covers: 'in-scope' } : null,
  };
}

function filingOf({ reduction }: ProvinceTemplate, city: string): FilingTerms {
  const { mode, referral, temporary, unfiled } = reduction;
  const full = { allowed: true, mode: 'none', bp: 0 } as const;
  return {
    localPlaces: [city === '310000' ? '31' : city.slice(0, 4)],
    exemptPlaces: [city.slice(0, 2), ...(zoneCities.includes(city) ? zone : [])],
    precedence: ['local', 'exempt', 'long-term', 'emergency', 'referral', 'temporary', 'unfiled'],
    kinds: {
      local: full,
      exempt: full,
      'long-term': full,
      referral: { allowed: true, mode, bp: referral },
      emergency: { allowed: true, mode, bp: referral },
      temporary: { allowed: true, mode, bp: temporary },
      unfiled: { allowed: unfiled !== undefined, mode, bp: unfiled ?? temporary },
    },
  };
}

function inpatientOf(own: PoolTemplate, { place }: Pool): VisitRules {
  const more = (place % 4) * 50;
  const retired = own.retired?.deductible;
  return {
    group: 'hospital',
    countsTowardCap: true,
    reductionApplies: true,
    deductible: {
      basis: 'claim',
      annualMax: null,
      amounts: [
        ...(retired
          ? stepsOf(retired, more, own.steps).map((one) => ({ statuses: ['retired'], ...one }))
          : []),
        ...stepsOf(own.deductible, more, own.steps),
      ],
    },
    bandBasis: 'year',
    bands: ratesOf(own, place),
    limits: [],
  };
}

function outpatientOf({ outpatient, rates: _, ...own }: PoolTemplate, { place }: Pool): VisitRules {
  const { retired } = outpatient;
  const less = place % 3;
  const rate = (more: number): readonly { readonly levels?: readonly string[]; readonly bp: number }[] =>
    byLevel(outpatient.rates.map((percent) => ({ bp: (percent + more - less) * 100 })));
  return {
    group: 'clinic',
    countsTowardCap: own.cap > 0,
    reductionApplies: false,
    deductible: {
      basis: 'annual',
      annualMax: null,
      amounts: [
        ...(retired ? [{ statuses: ['retired'], nth: [yuan(retired.deductible)] }] : []),
        { nth: [yuan(outpatient.deductible)] },
      ],
    },
    bandBasis: 'year',
    bands: [
      {
        upTo: null,
        rates: [
          ...(retired ? rate(retired.more).map((one) => ({ statuses: ['retired'], ...one })) : []),
          ...rate(0),
        ],
      },
    ],
    limits: [
      ...(retired?.limit ? [{ statuses: ['retired'], amount: yuan(retired.limit) }] : []),
      ...(outpatient.limit ? [{ amount: yuan(outpatient.limit) }] : []),
    ],
  };
}

function chronicOf(own: PoolTemplate, { place }: Pool): VisitRules {
  return {
    group: 'hospital',
    countsTowardCap: true,
    reductionApplies: true,
    deductible: { basis: 'claim', annualMax: null, amounts: [{ nth: [yuan(0)] }] },
    bandBasis: 'claim',
    bands: ratesOf(own, place),
    limits: [],
    diseases: chronicDiseases,
  };
}

/** One band below 10,000 yuan, and five points more above it, never over 98 percent. */
function ratesOf(own: PoolTemplate, place: number): Band[] {
  const less = place % 3;
  const at = (rates: ByLevel, more: number) =>
    byLevel(rates.map((percent) => ({ bp: Math.min(percent + more - less, 98) * 100 })));
  const rates = (more: number) => [
    ...(own.retired ? at(own.retired.rates, more).map((one) => ({ statuses: ['retired'], ...one })) : []),
    ...at(own.rates, more),
  ];
  return [
    { upTo: yuan(10_000), rates: rates(0) },
    { upTo: null, rates: rates(5) },
  ];
}

function stepsOf(first: ByLevel, more: number, steps: Steps): DeductibleStep[] {
  return byLevel(first.map((amount) => ({ nth: nthOf(amount + more, steps) })));
}

function nthOf(first: number, steps: Steps): Fen[] {
  if (steps === 'same') return [yuan(first)];
  return steps === 'half' ? [yuan(first), yuan(first / 2)] : [yuan(first), yuan(first / 2), yuan(0)];
}

/** Third level, second level, then all others, in the order of first match. */
function byLevel<T extends object>(values: readonly T[]): ({ readonly levels?: readonly string[] } & T)[] {
  const [first, second, third] = values;
  if (first === undefined || second === undefined || third === undefined) return [];
  return [{ levels: ['3'], ...third }, { levels: ['2'], ...second }, first];
}

function majorIllnessOf(
  edges: readonly (readonly [above: number, rate: number])[],
): PolicyVersion['majorIllness'] {
  const bandsFrom = (divisor: number, more: number): BurdenBand[] => {
    const rising = edges.map(([above, rate], i) => ({
      upTo: i + 1 < edges.length ? yuan(edges[i + 1]?.[0] ?? 0) : null,
      bp: Math.min(rate + more, 100) * 100,
      above: i === 0 ? above / divisor : above,
    }));
    const threshold = rising[0]?.above ?? 0;
    const paid = rising.map(({ upTo, bp }) => ({ upTo, bp }));
    return threshold > 0 ? [{ upTo: yuan(threshold), bp: 0 }, ...paid] : paid;
  };
  return {
    visits: ['inpatient', 'chronic'],
    limit: null,
    // Half the threshold and five points more for the poor (国办发〔2021〕42号).
    sets: [
      { categories: ['extreme-poverty', 'low-income'], bands: bandsFrom(2, 5) },
      { bands: bandsFrom(1, 0) },
    ],
  };
}

function yuan(amount: number): Fen {
  return fen(BigInt(Math.round(amount * 100)));
}

function orNull(amount: number | null): Fen | null {
  return amount === null ? null : yuan(amount);
}
