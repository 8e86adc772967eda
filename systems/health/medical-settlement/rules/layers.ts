import type { Admitted } from './admission.ts';
import { atLeastZero, capped, EXACT, least, remaining, round, WHOLE } from './amounts.ts';
import { burdenPayment, effectiveRate, type PoolPayment, type Stretch } from './bands.ts';
import { firstMatch } from './matching.ts';
import type { Case } from './result.ts';
import type { KindTerms } from './types.ts';

/** A payment with the place of the rule that gave it, −1 for none. */
export interface RulePayment {
  readonly paid: bigint;
  readonly rule: number;
}

/** What the layers above the pool pay, in fen, and what is added to the year's sums for them. */
export interface UpperLayers {
  readonly supplementary: bigint;
  readonly burden: bigint;
  readonly majorIllness: RulePayment & { readonly cut: bigint; readonly parts: readonly Stretch[] };
  readonly civilServant: bigint;
  readonly aidBase: bigint;
  readonly medicalAid: RulePayment;
}

/** What the person bears before the layers above the pool. */
export interface Lower {
  readonly base: bigint;
  readonly upfront: bigint;
  readonly filingUpfront: bigint;
  readonly pool: PoolPayment;
  readonly reduction: KindTerms | undefined;
}

const NOTHING = { paid: 0n, rule: -1 } as const;
const NO_ILLNESS = { ...NOTHING, cut: 0n, parts: [] } as const;

/** Steps 6 to 9: supplementary, major illness, civil servants' top-up, medical aid, each on what the one before left. */
export function upperLayers(of: Case, admitted: Admitted, lower: Lower): UpperLayers {
  const { burdenIncludes } = admitted.version;
  const supplementary = supplementaryOf(of, admitted, lower);
  const burden =
    lower.base -
    lower.pool.pool -
    supplementary +
    (burdenIncludes.upfront ? lower.upfront : 0n) +
    (burdenIncludes.filingUpfront ? lower.filingUpfront : 0n);
  const counted = admitted.version.majorIllness?.visits.includes(of.claim.visit) ?? false;
  const majorIllness = counted ? majorIllnessOf(of, admitted, burden) : NO_ILLNESS;
  const afterIllness = burden - majorIllness.paid;
  const civilServant = civilServantOf(of, admitted, afterIllness);
  const rest = afterIllness - civilServant;
  const medicalAid = medicalAidOf(of, admitted, rest);
  return {
    supplementary,
    burden: counted ? burden : 0n,
    majorIllness,
    civilServant,
    aidBase: medicalAid.rule < 0 ? 0n : rest,
    medicalAid,
  };
}

/** Step 10: the account pays what was asked for, as far as it reaches and its rule allows. 个人账户 */
export function accountPayment(of: Case, admitted: Admitted, personal: bigint, uncovered: bigint): bigint {
  const rule = admitted.version.personalAccount;
  if (rule === null || !rule.statuses.includes(of.claim.person.status)) return 0n;
  const { requested, available } = of.claim.account;
  const payable = rule.covers === 'all' ? personal : personal - uncovered;
  return least(least(requested, available), payable);
}

/** Above the cap only; above a group's limit nobody but the person pays. R5 */
function supplementaryOf(of: Case, { version }: Admitted, { pool, reduction }: Lower): bigint {
  const terms = version.supplementary;
  if (pool.cut !== 'cap' || terms === null) return 0n;
  const rate = effectiveRate(terms.bp, terms.reduced ? reduction : undefined);
  return capped(round(pool.beyondLimit * rate, EXACT), remaining(terms.limit, of.yearToDate.supplementary));
}

function majorIllnessOf(of: Case, { version, who }: Admitted, burden: bigint): UpperLayers['majorIllness'] {
  const sets = version.majorIllness?.sets ?? [];
  const rule = firstMatch(sets, who);
  const from = of.yearToDate.burden;
  const left = remaining(version.majorIllness?.limit ?? null, of.yearToDate.majorIllness);
  return { rule, ...burdenPayment(sets[rule]?.bands ?? [], { from, to: from + burden }, left) };
}

/** R7 */
function civilServantOf(of: Case, { version }: Admitted, rest: bigint): bigint {
  const terms = version.civilServant;
  if (terms === null || !of.claim.person.civilServant || !terms.visits.includes(of.claim.visit)) return 0n;
  return capped(round(rest * BigInt(terms.bp), WHOLE), remaining(terms.limit, of.yearToDate.civilServant));
}

/** R8 */
function medicalAidOf(of: Case, { version, who }: Admitted, rest: bigint): RulePayment {
  const terms = version.medicalAid;
  if (terms === null || !terms.visits.includes(of.claim.visit)) return NOTHING;
  const rule = firstMatch(terms.rules, who);
  const aid = terms.rules[rule];
  if (aid === undefined) return NOTHING;
  const before = of.yearToDate.aidBase;
  const above = atLeastZero(before + rest - aid.deductible) - atLeastZero(before - aid.deductible);
  const paid = capped(round(above * BigInt(aid.bp), WHOLE), remaining(aid.limit, of.yearToDate.medicalAid));
  return { paid, rule };
}
