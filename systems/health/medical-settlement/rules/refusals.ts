import { contains } from './dates.ts';
import type { Refusal, Refused } from './result.ts';
import type { Claim, ClaimItem, Insured, Policy, PolicyVersion, VisitRules } from './types.ts';

/** Unit price times quantity is counted in 1/100,000,000 fen. */
const PRODUCT = 100_000_000n;

/** A refusal with its JSON pointer. */
export function refused<F extends string = Refusal>(code: F, at: string): Refused<F> {
  return { ok: false, code, at };
}

/** What is wrong with the bill itself, whoever pays it: rows 1 to 5 of the precedence. */
export function faultOfBill(claim: Claim): Refused | undefined {
  const { items, admission, discharge } = claim;
  if (items.length === 0) return refused('claim-empty', '/claim/items');
  if (admission > discharge || (claim.visit !== 'inpatient' && admission !== discharge))
    return refused('claim-dates-invalid', '/claim/discharge');
  const invalid = items.findIndex(isInvalid);
  if (invalid >= 0) return refused('item-invalid', `/claim/items/${invalid}`);
  const outside = items.findIndex((item) => item.date < admission || item.date > discharge);
  if (outside >= 0) return refused('item-date-outside-stay', `/claim/items/${outside}/date`);
  const mismatch = items.findIndex(isMismatch);
  return mismatch >= 0 ? refused('item-amount-mismatch', `/claim/items/${mismatch}/amount`) : undefined;
}

/** The version in force on the day; rows 6 and 7. */
export function versionInForce(policy: Policy, on: Insured['birthDate']): PolicyVersion | Refused {
  const [version, second] = policy.versions.filter((one) => contains(one, on));
  if (version === undefined) return refused('policy-not-in-force', '/policy/versions');
  return second === undefined ? version : refused('policy-conflict', '/policy/versions');
}

/** The rules of the visit, if the person, hospital and disease are entitled on the day; rows 9 to 13. */
export function entitlement(
  version: PolicyVersion,
  claim: Claim,
  on: Insured['birthDate'],
): VisitRules | Refused {
  const { person, disease } = claim;
  if (!contains(person.coverage, on)) return refused('not-insured', '/claim/person/coverage');
  if (!claim.hospital.inNetwork) return refused('hospital-not-in-network', '/claim/hospital');
  const rules = version.visits[claim.visit];
  if (rules === undefined) return refused('visit-type-not-covered', '/claim/visit');
  if (claim.visit !== 'chronic') return rules;
  if (disease === null || !rules.diseases?.includes(disease))
    return refused('disease-not-listed', '/claim/disease');
  const certified = person.chronic.some((one) => one.code === disease && contains(one, on));
  return certified ? rules : refused('disease-not-certified', '/claim/person/chronic');
}

function isInvalid(item: ClaimItem): boolean {
  return item.amount < 0n || item.unitPrice < 0n || item.quantity <= 0n;
}

function isMismatch(item: ClaimItem): boolean {
  const difference = item.amount * PRODUCT - item.unitPrice * item.quantity;
  return difference > PRODUCT || difference < -PRODUCT;
}
