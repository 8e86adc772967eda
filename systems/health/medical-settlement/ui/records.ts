/** Fields of a JSON value. */
export type Fields = Readonly<Record<string, unknown>>;

/** Who bears what, decimal text of fen. 费用分担 */
export interface Shares {
  readonly total: string;
  readonly outOfScope: string;
  readonly overPriceCap: string;
  readonly upfront: string;
  readonly inScope: string;
  readonly filingUpfront: string;
  readonly deductible: string;
  readonly beyondLimit: string;
  readonly pool: string;
  readonly supplementary: string;
  readonly majorIllness: string;
  readonly civilServant: string;
  readonly medicalAid: string;
  readonly personalAccount: string;
  readonly cash: string;
}

/** A row of the list of settlements. */
export interface SettlementRow {
  readonly state: string;
  readonly hospital: string;
  readonly visit: string;
  readonly decidingDate: string;
  readonly total: string;
  readonly owed: string;
  readonly period?: string;
}

/** A settlement as the insured place keeps it. 待遇结算 */
export interface Settlement extends SettlementRow {
  readonly id: string;
  readonly care: string;
  readonly city: string;
  readonly number: number;
  readonly policyVersion: string;
  readonly filingKind: string;
  readonly shares: Shares;
}

/** A hospital. */
export interface Institution {
  readonly code: string;
  readonly name: string;
  readonly place: string;
  readonly level: string;
  readonly inNetwork: boolean;
}
