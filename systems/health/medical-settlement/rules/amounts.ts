/** All of it, in basis points. */
export const WHOLE = 10_000n;
/** All of it in 1/100,000,000, in which a rate times a factor is exact. */
export const EXACT = 100_000_000n;

/** The one rounding rule: `n`/`d` of zero or more to the nearest whole, halves up. 四舍五入 */
export function round(n: bigint, d: bigint): bigint {
  return (2n * n + d) / (2n * d);
}

/** The smaller of two. */
export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The number, or zero when it is below zero. */
export function atLeastZero(n: bigint): bigint {
  return n > 0n ? n : 0n;
}

/** What remains of a yearly limit; `undefined` when there is none. */
export function remaining(limit: bigint | null, used: bigint): bigint | undefined {
  return limit === null ? undefined : atLeastZero(limit - used);
}

/** The amount, or the limit's remainder when that is less. */
export function capped(amount: bigint, left: bigint | undefined): bigint {
  return left === undefined ? amount : least(amount, left);
}
