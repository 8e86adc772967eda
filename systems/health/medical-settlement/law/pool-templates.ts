/** A deductible's steps by the number of the stay: the same each time, half from the second, or half then none. */
export type Steps = 'same' | 'half' | 'half-none';
/** Values for hospitals of the first, second and third level. */
export type ByLevel = readonly [first: number, second: number, third: number];

/** What one insurance of a pool pays, in yuan and percent. */
export interface PoolTemplate {
  /** Yuan of a first stay. */
  readonly deductible: ByLevel;
  readonly steps: Steps;
  readonly rates: ByLevel;
  readonly retired?: { readonly deductible?: ByLevel; readonly rates: ByLevel };
  readonly cap: number;
  /** Above the cap: percent, and yuan a year. 大额 */
  readonly supplementary?: { readonly rate: number; readonly limit: number | null };
  readonly outpatient: {
    readonly deductible: number;
    readonly rates: ByLevel;
    /** Yuan a year. */
    readonly limit: number | null;
    readonly retired?: { readonly deductible: number; readonly more: number; readonly limit: number | null };
  };
  /** Major illness: edges in yuan with the percent above each. 大病保险 */
  readonly majorIllness?: readonly (readonly [above: number, rate: number])[];
}

/** What the insured places of one province have in common. */
export interface ProvinceTemplate {
  readonly yearStart: '01-01' | '07-01';
  /** How care elsewhere is lowered: referral and emergency, temporary, unfiled; `undefined` unfiled is not settled. 降低比例 */
  readonly reduction: {
    readonly mode: 'points' | 'factor' | 'upfront';
    readonly referral: number;
    readonly temporary: number;
    readonly unfiled?: number;
  };
  readonly dateRule: 'discharge' | 'admission';
  readonly reversalOrder: 'any' | 'latest-first';
  readonly employee: PoolTemplate;
  readonly resident: PoolTemplate;
}

/**
 * Shaped after an open compilation of March 2026 of the rules of Shanghai, Nanjing, Hangzhou and Hefei, whose documents were not read:
 * demonstration values, not any city's law. The three ways of lowering are spread over the provinces so that each can be seen.
 */
export const provinces: Readonly<Record<string, ProvinceTemplate>> = {
  '310000': {
    yearStart: '07-01',
    reduction: { mode: 'factor', referral: 9_000, temporary: 7_000 },
    dateRule: 'admission',
    reversalOrder: 'any',
    employee: {
      deductible: [1_500, 1_500, 1_500],
      steps: 'same',
      rates: [85, 85, 85],
      retired: { deductible: [1_200, 1_200, 1_200], rates: [92, 92, 92] },
      cap: 630_000,
      supplementary: { rate: 80, limit: null },
      outpatient: {
        deductible: 500,
        rates: [80, 75, 70],
        limit: null,
        retired: { deductible: 300, more: 5, limit: null },
      },
    },
    resident: {
      deductible: [50, 100, 300],
      steps: 'same',
      rates: [90, 80, 70],
      cap: 250_000,
      outpatient: { deductible: 300, rates: [70, 60, 50], limit: null },
      majorIllness: [[0, 60]],
    },
  },
  '320000': {
    yearStart: '01-01',
    reduction: { mode: 'points', referral: 1_000, temporary: 2_000, unfiled: 2_500 },
    dateRule: 'discharge',
    reversalOrder: 'any',
    employee: {
      deductible: [300, 500, 1_000],
      steps: 'half-none',
      rates: [95, 92, 88],
      retired: { rates: [98, 95, 93] },
      cap: 350_000,
      supplementary: { rate: 90, limit: 200_000 },
      outpatient: {
        deductible: 0,
        rates: [85, 70, 60],
        limit: 15_000,
        retired: { deductible: 0, more: 5, limit: 18_000 },
      },
      majorIllness: [
        [15_000, 60],
        [50_000, 75],
      ],
    },
    resident: {
      deductible: [300, 500, 1_000],
      steps: 'half',
      rates: [90, 85, 65],
      cap: 350_000,
      outpatient: { deductible: 100, rates: [60, 50, 40], limit: 2_000 },
      majorIllness: [
        [15_000, 60],
        [50_000, 70],
      ],
    },
  },
  '330000': {
    yearStart: '01-01',
    reduction: { mode: 'factor', referral: 9_000, temporary: 7_500, unfiled: 7_000 },
    dateRule: 'discharge',
    reversalOrder: 'any',
    employee: {
      deductible: [300, 500, 800],
      steps: 'half',
      rates: [92, 88, 84],
      retired: { rates: [96, 92, 88] },
      cap: 390_000,
      supplementary: { rate: 90, limit: 300_000 },
      outpatient: {
        deductible: 600,
        rates: [86, 80, 76],
        limit: null,
        retired: { deductible: 200, more: 6, limit: null },
      },
    },
    resident: {
      deductible: [300, 500, 800],
      steps: 'same',
      rates: [80, 75, 70],
      cap: 290_000,
      outpatient: { deductible: 150, rates: [60, 50, 40], limit: 3_000 },
      majorIllness: [
        [25_000, 70],
        [50_000, 75],
        [100_000, 80],
      ],
    },
  },
  '340000': {
    yearStart: '01-01',
    reduction: { mode: 'upfront', referral: 1_000, temporary: 2_000 },
    dateRule: 'discharge',
    reversalOrder: 'latest-first',
    employee: {
      deductible: [200, 400, 600],
      steps: 'half',
      rates: [94, 92, 90],
      retired: { rates: [97, 96, 95] },
      cap: 290_000,
      supplementary: { rate: 90, limit: 500_000 },
      outpatient: {
        deductible: 400,
        rates: [60, 50, 50],
        limit: 4_000,
        retired: { deductible: 200, more: 10, limit: 5_000 },
      },
    },
    resident: {
      deductible: [200, 500, 700],
      steps: 'same',
      rates: [90, 85, 80],
      cap: 290_000,
      outpatient: { deductible: 100, rates: [60, 50, 40], limit: 1_500 },
      majorIllness: [
        [15_000, 60],
        [50_000, 65],
        [100_000, 75],
        [200_000, 85],
      ],
    },
  },
};
