import { atLeastZero, capped, EXACT, least, remaining, round, WHOLE } from './amounts.ts';
import type { Band, BurdenBand, KindTerms, PolicyVersion, VisitRules, YearToDate } from './types.ts';

/** The part of an interval that lies in one band, in fen, with its effective rate in 1/100,000,000. */
export interface Stretch {
  readonly band: number;
  readonly rate: number;
  readonly length: bigint;
  readonly exactRate: bigint;
}

/** What the pool pays and what its limits cut off. */
export interface PoolPayment {
  readonly pool: bigint;
  readonly beyondLimit: bigint;
  /** Which limit cut the claim. */
  readonly cut: 'cap' | 'group' | undefined;
}

/** A rate under the title's way of lowering, in 1/100,000,000; `upfront` leaves rates alone. */
export function effectiveRate(bp: number, reduction: KindTerms | undefined): bigint {
  const rate = BigInt(bp);
  if (reduction?.mode === 'points') return atLeastZero(rate - BigInt(reduction.bp)) * WHOLE;
  if (reduction?.mode === 'factor') return rate * BigInt(reduction.bp);
  return rate * WHOLE;
}

/** Cuts (from, to] at the edges of the bands; fen above a last band that is not open belong to no band. 分段 */
function* stretches(
  bands: readonly (Band | BurdenBand)[],
  from: bigint,
  to: bigint,
): Generator<{ readonly band: number; readonly length: bigint }> {
  let low = 0n;
  for (const [band, { upTo }] of bands.entries()) {
    const start = from > low ? from : low;
    const end = upTo === null ? to : least(upTo, to);
    if (end > start) yield { band, length: end - start };
    if (upTo === null || upTo >= to) return;
    low = upTo;
  }
}

/** The claim's fen in the pool's bands; `rates[k]` is the place of the rate that applies in band k. */
export function poolStretches(
  rules: VisitRules,
  rates: readonly number[],
  reduction: KindTerms | undefined,
  interval: { readonly from: bigint; readonly to: bigint },
): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { band, length } of stretches(rules.bands, interval.from, interval.to)) {
    const rate = rates[band] ?? 0;
    const bp = rules.bands[band]?.rates[rate]?.bp ?? 0;
    found.push({ band, rate, length, exactRate: effectiveRate(bp, reduction) });
  }
  return found;
}

/** The pool's payment within the year's limits (封顶线): it may equal what is left, never exceed it. Steps 4 and 5, R4. */
export function poolPayment(
  parts: readonly Stretch[],
  left: { readonly group: bigint | undefined; readonly cap: bigint | undefined },
): PoolPayment {
  let eligible = 0n;
  let exact = 0n;
  for (const { length, exactRate } of parts) {
    eligible += length;
    exact += length * exactRate;
  }
  const rounded = round(exact, EXACT);
  // When both are equal the cap counts.
  const limit: 'cap' | 'group' =
    left.cap !== undefined && (left.group === undefined || left.cap <= left.group) ? 'cap' : 'group';
  const most = left[limit];
  if (most === undefined) return { pool: rounded, beyondLimit: 0n, cut: undefined };
  const reach = reachOf(parts, most);
  if (reach === undefined || eligible <= reach)
    return { pool: least(rounded, most), beyondLimit: 0n, cut: undefined };
  return { pool: most, beyondLimit: eligible - reach, cut: limit };
}

/** What is left of the group's limit (its place in the list, −1 for none) and of the pool's cap. */
export function leftOfLimits(
  version: PolicyVersion,
  rules: VisitRules,
  limit: number,
  ytd: YearToDate,
): { readonly group: bigint | undefined; readonly cap: bigint | undefined } {
  const amount = rules.limits[limit]?.amount ?? null;
  return {
    group: remaining(amount, ytd.groupPool[rules.group] ?? 0n),
    cap: rules.countsTowardCap ? remaining(version.poolCap, ytd.pool) : undefined,
  };
}

/** Exact payment on the year's burden by the bands of the major illness insurance, rounded once, within its limit. R6. */
export function burdenPayment(
  bands: readonly BurdenBand[],
  interval: { readonly from: bigint; readonly to: bigint },
  left: bigint | undefined,
): { readonly paid: bigint; readonly cut: bigint; readonly parts: readonly Stretch[] } {
  const parts: Stretch[] = [];
  let exact = 0n;
  for (const { band, length } of stretches(bands, interval.from, interval.to)) {
    const rate = BigInt(bands[band]?.bp ?? 0);
    if (rate === 0n) continue;
    parts.push({ band, rate: 0, length, exactRate: rate * WHOLE });
    exact += length * rate;
  }
  const due = round(exact, WHOLE);
  const paid = capped(due, left);
  return { paid, cut: due - paid, parts };
}

/** The smallest whole number of fen, walked from the bottom, on which `most` or more is paid; `undefined` when all pay less. */
function reachOf(parts: readonly Stretch[], most: bigint): bigint | undefined {
  let needed = most * EXACT;
  if (needed === 0n) return 0n;
  let walked = 0n;
  for (const { length, exactRate } of parts) {
    const paid = length * exactRate;
    if (paid >= needed) return walked + (needed + exactRate - 1n) / exactRate;
    needed -= paid;
    walked += length;
  }
  return undefined;
}
