import type { Day, Fen } from '@yitong/kit';

/** A share in 1/10,000; 10,000 is all of it. 万分比 */
export type BasisPoints = number;
/** Ten-thousandths of a fen, or of a unit: the national interface carries four places of each. */
export type TenThousandths = bigint;

/** Kinds of visit: hospital stay 普通住院, ordinary outpatient 普通门诊, chronic disease outpatient 门诊慢特病. */
export const visitKinds = ['inpatient', 'outpatient', 'chronic'] as const;
/** One kind of visit. */
export type Visit = (typeof visitKinds)[number];

/** Under which title a claim is paid. 备案类型 */
export const filingKinds = [
  'local',
  'exempt',
  'long-term',
  'referral',
  'emergency',
  'temporary',
  'unfiled',
] as const;
/** One title of payment. */
export type FilingKind = (typeof filingKinds)[number];

/** How a title of payment lowers the benefit: points off the rate, a factor on it, or a first share borne by the person. */
export const reductionModes = ['none', 'points', 'factor', 'upfront'] as const;
/** One way of lowering. */
export type ReductionMode = (typeof reductionModes)[number];

/** Days from the first to the last, both included; `to: null` is open. */
export interface Interval {
  readonly from: Day;
  readonly to: Day | null;
}

/** Conditions of a rule; one that is absent always holds. Ages are completed years on the deciding day, both included. */
export interface Conditions {
  readonly levels?: readonly string[];
  readonly statuses?: readonly string[];
  readonly categories?: readonly string[];
  readonly ageFrom?: number;
  readonly ageTo?: number;
}

/** Title of payment: whether the insured place accepts it, and how it lowers the benefit. */
export interface KindTerms {
  readonly allowed: boolean;
  readonly mode: ReductionMode;
  readonly bp: BasisPoints;
}

/** Rules of filing of the insured place: `localPlaces` and `exemptPlaces` are prefixes of place codes. 备案规则 */
export interface FilingTerms {
  readonly localPlaces: readonly string[];
  readonly exemptPlaces: readonly string[];
  readonly precedence: readonly FilingKind[];
  readonly kinds: Readonly<Record<FilingKind, KindTerms>>;
}

/** The step of the deductible (起付标准) by conditions: `nth[0]` for the first stay of the year, the last one repeats. */
export interface DeductibleStep extends Conditions {
  readonly nth: readonly Fen[];
}

/** A rate with its conditions. 支付比例 */
export interface Rate extends Conditions {
  readonly bp: BasisPoints;
}

/** Fen numbered above the band before up to `upTo`, which still belongs to it. */
export interface Band {
  readonly upTo: Fen | null;
  readonly rates: readonly Rate[];
}

/** Yearly limit of the pool's payments in a group of visits. */
export interface GroupLimit extends Conditions {
  readonly amount: Fen;
}

/** What the insured place pays for one kind of visit. */
export interface VisitRules {
  /** Visits of one group share deductible paid, position in the bands and limit. */
  readonly group: string;
  readonly countsTowardCap: boolean;
  readonly reductionApplies: boolean;
  readonly deductible: {
    readonly basis: 'annual' | 'claim';
    readonly annualMax: Fen | null;
    readonly amounts: readonly DeductibleStep[];
  };
  readonly bandBasis: 'claim' | 'year';
  readonly bands: readonly Band[];
  readonly limits: readonly GroupLimit[];
  /** Chronic disease outpatient only: the insured place's list. 门诊慢特病病种范围 */
  readonly diseases?: readonly string[];
}

/** A band of the major illness insurance; the threshold is a first band of rate 0. */
export interface BurdenBand {
  readonly upTo: Fen | null;
  readonly bp: BasisPoints;
}

/** Bands of the major illness insurance for some people. */
export interface BurdenSet extends Conditions {
  readonly bands: readonly BurdenBand[];
}

/** A rule of medical aid. */
export interface AidRule extends Conditions {
  readonly deductible: Fen;
  readonly bp: BasisPoints;
  readonly limit: Fen | null;
}

/** All parameters of an insured place in force from one day to another. */
export interface PolicyVersion extends Interval {
  readonly id: string;
  readonly filing: FilingTerms;
  /** A kind of visit that is absent is not covered. */
  readonly visits: { readonly [V in Visit]?: VisitRules };
  /** 统筹基金年度最高支付限额 */
  readonly poolCap: Fen | null;
  /** 大额医疗费用补助, paid above the cap. */
  readonly supplementary: {
    readonly bp: BasisPoints;
    readonly limit: Fen | null;
    readonly reduced: boolean;
  } | null;
  readonly burdenIncludes: { readonly upfront: boolean; readonly filingUpfront: boolean };
  /** 大病保险 */
  readonly majorIllness: {
    readonly visits: readonly Visit[];
    readonly limit: Fen | null;
    readonly sets: readonly BurdenSet[];
  } | null;
  /** 公务员医疗补助 */
  readonly civilServant: {
    readonly visits: readonly Visit[];
    readonly bp: BasisPoints;
    readonly limit: Fen | null;
  } | null;
  /** 医疗救助 */
  readonly medicalAid: { readonly visits: readonly Visit[]; readonly rules: readonly AidRule[] } | null;
  /** 个人账户 */
  readonly personalAccount: {
    readonly statuses: readonly string[];
    readonly covers: 'in-scope' | 'all';
  } | null;
}

/** The law of one insured place. 参保地政策 */
export interface Policy {
  readonly id: string;
  /** GB/T 2260 of the insured place. */
  readonly jurisdiction: string;
  /** Which day chooses version, policy year, age, coverage and certificate. */
  readonly dateRule: 'discharge' | 'admission';
  /** `MM-DD`, first day of the policy year. */
  readonly yearStart: string;
  readonly reversalOrder: 'any' | 'latest-first';
  readonly versions: readonly PolicyVersion[];
}

/** An entry of the place of care's catalogue, valid on days of its interval; `priceCap` a unit. 就医地目录 */
export interface CatalogueItem extends Interval {
  readonly code: string;
  readonly name: string;
  readonly class: 'A' | 'B' | 'C';
  readonly upfrontBp: BasisPoints;
  readonly priceCap: Fen | null;
  readonly restricted: boolean;
  readonly onlyVisits: readonly Visit[] | null;
}

/** The catalogue of a place of care, or the entries that one bill names. */
export interface Catalogue {
  readonly id: string;
  readonly place: string;
  readonly items: readonly CatalogueItem[];
}

/** A declaration of care elsewhere; `places` are prefixes of place codes. 异地就医备案 */
export interface Filing extends Interval {
  readonly kind: 'long-term' | 'referral' | 'temporary';
  readonly status: 'active' | 'revoked';
  readonly places: readonly string[];
}

/** One line of a bill. */
export interface ClaimItem {
  readonly code: string;
  readonly date: Day;
  readonly unitPrice: TenThousandths;
  readonly quantity: TenThousandths;
  readonly amount: Fen;
  /** The restriction of the catalogue entry (限定支付范围) is met. */
  readonly restrictionMet: boolean;
}

/** A chronic disease that the insured place has certified. 门诊慢特病资格 */
export interface Certificate extends Interval {
  readonly code: string;
}

/** What the insured place knows of the person. */
export interface Insured {
  readonly status: string;
  readonly birthDate: Day;
  readonly category: string | null;
  readonly civilServant: boolean;
  readonly coverage: Interval;
  readonly chronic: readonly Certificate[];
}

/** One visit elsewhere with its bill. */
export interface Claim {
  readonly id: string;
  readonly visit: Visit;
  readonly placeOfCare: string;
  /** `level`: '0' none, '1' to '3'. */
  readonly hospital: { readonly code: string; readonly level: string; readonly inNetwork: boolean };
  readonly admission: Day;
  /** The day of admission, unless inpatient. */
  readonly discharge: Day;
  readonly emergency: boolean;
  readonly disease: string | null;
  readonly person: Insured;
  readonly items: readonly ClaimItem[];
  readonly account: { readonly requested: Fen; readonly available: Fen };
}

/** Sums of a policy year; the three maps are by group of visits. 年度累计 */
export interface YearToDate {
  /** First day of the policy year. */
  readonly year: Day;
  readonly admissions: number;
  readonly pool: Fen;
  readonly supplementary: Fen;
  readonly burden: Fen;
  readonly majorIllness: Fen;
  readonly civilServant: Fen;
  readonly aidBase: Fen;
  readonly medicalAid: Fen;
  readonly inScope: Readonly<Record<string, Fen>>;
  readonly deductible: Readonly<Record<string, Fen>>;
  readonly groupPool: Readonly<Record<string, Fen>>;
}
