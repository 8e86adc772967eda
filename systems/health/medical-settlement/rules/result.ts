import type { Day, Fen } from '@yitong/kit';
import type { Catalogue, Claim, Filing, FilingKind, Policy, YearToDate } from './types.ts';

/** Why a claim is not paid, in order of precedence. */
export const refusals = [
  'claim-empty',
  'claim-dates-invalid',
  'item-invalid',
  'item-date-outside-stay',
  'item-amount-mismatch',
  'policy-not-in-force',
  'policy-conflict',
  'year-mismatch',
  'not-insured',
  'hospital-not-in-network',
  'visit-type-not-covered',
  'disease-not-listed',
  'disease-not-certified',
  'filing-required',
  'filing-revoked',
  'filing-wrong-place',
  'filing-not-started',
  'filing-expired',
  'filing-kind-not-allowed',
  'catalogue-wrong-place',
  'catalogue-conflict',
  'no-deductible-rule',
  'no-rate-rule',
] as const;
/** One reason for not paying. */
export type Refusal = (typeof refusals)[number];

/** Who bears the total, layer by layer, in fen. */
export interface Shares {
  readonly total: Fen;
  readonly outOfScope: Fen;
  readonly overPriceCap: Fen;
  readonly upfront: Fen;
  readonly inScope: Fen;
  readonly filingUpfront: Fen;
  readonly deductible: Fen;
  readonly beyondLimit: Fen;
  readonly pool: Fen;
  readonly supplementary: Fen;
  readonly majorIllness: Fen;
  readonly civilServant: Fen;
  readonly medicalAid: Fen;
  readonly personalAccount: Fen;
  readonly cash: Fen;
}

/** One line of the explanation: what, by which parameter, how many fen. */
export interface Reason {
  readonly code: string;
  readonly param: string;
  readonly amount: Fen;
}

/** Not paid; `at` is a JSON pointer into the arguments. */
export interface Refused<F extends string = Refusal> {
  readonly ok: false;
  readonly code: F;
  readonly at: string;
}

/** Paid, with every share, its reasons and the year's sums before and after. */
export interface Adjudicated {
  readonly ok: true;
  readonly policyVersion: string;
  readonly catalogue: string;
  readonly decidingDate: Day;
  readonly year: Day;
  readonly filingKind: FilingKind;
  readonly nthAdmission: number | null;
  readonly shares: Shares;
  readonly delta: YearToDate;
  readonly yearToDate: YearToDate;
  readonly reasons: readonly Reason[];
}

/** What `adjudicate` decides. */
export type Result = Refused | Adjudicated;

/** All that `adjudicate` looks at. */
export interface Case {
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  readonly filing: Filing | null;
  readonly yearToDate: YearToDate;
  readonly claim: Claim;
}
