import { fen } from '@yitong/kit';
import { added } from './accumulate.ts';
import { type Admitted, admit } from './admission.ts';
import { atLeastZero, least, round, WHOLE } from './amounts.ts';
import { leftOfLimits, poolPayment, poolStretches } from './bands.ts';
import { groupsOf, type ItemGroup } from './items.ts';
import { accountPayment, upperLayers } from './layers.ts';
import { firstMatch } from './matching.ts';
import { type Computed, reasonsOf } from './reasons.ts';
import type { Adjudicated, Case, Result, Shares } from './result.ts';
import type { KindTerms, YearToDate } from './types.ts';

/**
 * What an insured person's place pays for one visit elsewhere (待遇计算): pure, mutates nothing, knows no city. The deciding day
 * chooses the parameters; every rounding is to the nearest fen, halves up, once at each of R1 to R8.
 */
export function adjudicate(of: Case): Result {
  const admitted = admit(of);
  return admitted.ok ? compute(of, admitted) : admitted;
}

function compute(of: Case, admitted: Admitted): Adjudicated {
  const { version, rules, title } = admitted;
  const groups = groupsOf(of.claim, admitted.entries);
  const bill = totals(groups);
  const reduction = rules.reductionApplies ? version.filing.kinds[title] : undefined;
  const filingUpfront = firstShare(bill.inScope, reduction);
  const base = bill.inScope - filingUpfront;
  const { deductible, nth } = deductibleOf(of, admitted, base);
  const start = rules.bandBasis === 'year' ? (of.yearToDate.inScope[rules.group] ?? 0n) : 0n;
  const interval = { from: start + deductible, to: start + base };
  const parts = poolStretches(rules, admitted.rates, reduction, interval);
  const limit = firstMatch(rules.limits, admitted.who);
  const pool = poolPayment(parts, leftOfLimits(version, rules, limit, of.yearToDate));
  const upper = upperLayers(of, admitted, { base, upfront: bill.upfront, filingUpfront, pool, reduction });
  const personal =
    bill.total -
    pool.pool -
    upper.supplementary -
    upper.majorIllness.paid -
    upper.civilServant -
    upper.medicalAid.paid;
  const personalAccount = accountPayment(of, admitted, personal, bill.outOfScope + bill.overPriceCap);
  const computed = { groups, filingUpfront, deductible, nth, parts, pool, limit, upper, personalAccount };
  const shares = sharesOf(bill, computed, personal - personalAccount);
  return result(of, admitted, { computed, shares, base });
}

/** Σ over the item groups: `inScope` = total − outOfScope − overPriceCap − upfront. Step 1 */
function totals(groups: readonly ItemGroup[]) {
  let total = 0n;
  let outOfScope = 0n;
  let overPriceCap = 0n;
  let upfront = 0n;
  for (const group of groups) {
    total += group.amount;
    if (group.treatment !== 'in-catalogue') outOfScope += group.amount;
    overPriceCap += group.overPriceCap;
    upfront += group.upfront;
  }
  return { total, outOfScope, overPriceCap, upfront, inScope: total - outOfScope - overPriceCap - upfront };
}

/** The share that the person bears first for the way of filing. R3 先行自付 */
function firstShare(inScope: bigint, reduction: KindTerms | undefined): bigint {
  return reduction?.mode === 'upfront' ? round(inScope * BigInt(reduction.bp), WHOLE) : 0n;
}

/** The deductible (起付标准) still due, and which step of the rule it is. Step 3 */
function deductibleOf(of: Case, admitted: Admitted, base: bigint) {
  const { deductible: terms, group } = admitted.rules;
  const steps = terms.amounts[admitted.step]?.nth ?? [];
  const paid = of.yearToDate.deductible[group] ?? 0n;
  if (terms.basis === 'annual')
    return { deductible: least(base, atLeastZero((steps[0] ?? 0n) - paid)), nth: 0 };
  const n = of.claim.visit === 'inpatient' ? of.yearToDate.admissions : 0;
  const nth = Math.min(n, steps.length - 1);
  const step: bigint = steps[nth] ?? 0n;
  const due = terms.annualMax === null ? step : least(step, atLeastZero(terms.annualMax - paid));
  return { deductible: least(base, due), nth };
}

function sharesOf(bill: ReturnType<typeof totals>, computed: Computed, cash: bigint): Shares {
  const { pool, upper } = computed;
  return {
    total: fen(bill.total),
    outOfScope: fen(bill.outOfScope),
    overPriceCap: fen(bill.overPriceCap),
    upfront: fen(bill.upfront),
    inScope: fen(bill.inScope),
    filingUpfront: fen(computed.filingUpfront),
    deductible: fen(computed.deductible),
    beyondLimit: fen(pool.beyondLimit),
    pool: fen(pool.pool),
    supplementary: fen(upper.supplementary),
    majorIllness: fen(upper.majorIllness.paid),
    civilServant: fen(upper.civilServant),
    medicalAid: fen(upper.medicalAid.paid),
    personalAccount: fen(computed.personalAccount),
    cash: fen(cash),
  };
}

function result(
  of: Case,
  admitted: Admitted,
  { computed, shares, base }: { readonly computed: Computed; readonly shares: Shares; readonly base: bigint },
): Adjudicated {
  const inpatient = of.claim.visit === 'inpatient';
  const { group, countsTowardCap } = admitted.rules;
  const delta: YearToDate = {
    year: admitted.year,
    admissions: inpatient ? 1 : 0,
    pool: countsTowardCap ? shares.pool : fen(0n),
    supplementary: shares.supplementary,
    burden: fen(computed.upper.burden),
    majorIllness: shares.majorIllness,
    civilServant: shares.civilServant,
    aidBase: fen(computed.upper.aidBase),
    medicalAid: shares.medicalAid,
    inScope: { [group]: fen(base) },
    deductible: { [group]: shares.deductible },
    groupPool: { [group]: shares.pool },
  };
  return {
    ok: true,
    policyVersion: admitted.version.id,
    catalogue: of.catalogue.id,
    decidingDate: admitted.on,
    year: admitted.year,
    filingKind: admitted.title,
    nthAdmission: inpatient ? of.yearToDate.admissions + 1 : null,
    shares,
    delta,
    yearToDate: added(of.yearToDate, delta),
    reasons: reasonsOf(of, admitted, computed),
  };
}
