/** An amount of money in fen (分, 1/100 yuan), within ±(2^63 − 1): an integer that is neither `number` nor plain `bigint`. */
export type Fen = bigint & { readonly unit: 'fen' };

const FEN_MAX = 2n ** 63n - 1n;
const CANONICAL = /^(?:0|-?[1-9][0-9]{0,18})$/;
const YUAN = /^(-?)(0|[1-9][0-9]{0,16})(?:\.([0-9]{1,2}))?$/;

/** Brands an integer as an amount of fen; throws RangeError beyond ±(2^63 − 1), the range of SQL's bigint. */
export function fen(n: bigint): Fen {
  if (n > FEN_MAX || n < -FEN_MAX) throw new RangeError('an amount of money lies beyond 2^63 - 1 fen');
  return n as Fen;
}

/** No money. */
export const zero: Fen = fen(0n);

/** Adds amounts; of nothing, zero. */
export function sum(...amounts: readonly Fen[]): Fen {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return fen(total);
}

/** `a` less `b`, that is a − b. */
export function less(a: Fen, b: Fen): Fen {
  return fen(a - b);
}

/** The amount with its sign turned. */
export function negate(a: Fen): Fen {
  return fen(-a);
}

/**
 * The exact fraction `numerator`/`denominator` of fen to the nearest fen, halves up: floor((2n + d) / 2d). Below zero the same
 * formula holds, so −0.5 becomes 0 and −1.5 becomes −1. `denominator` > 0, else RangeError. 四舍五入到分
 */
export function rounded(numerator: bigint, denominator: bigint): Fen {
  if (denominator <= 0n) throw new RangeError('the denominator of an amount must be greater than zero');
  return fen(floorDivide(2n * numerator + denominator, 2n * denominator));
}

/** A share of `a` in basis points (1/10,000), rounded as by `rounded`; the points must be an integer. 万分比 */
export function rated(a: Fen, basisPoints: number | bigint): Fen {
  return rounded(a * integer(basisPoints, 'basis points'), 10_000n);
}

/**
 * Shares `total` out by weight so that the shares add up to it exactly (largest remainder, 最大余额法). The fen left over go to the
 * largest remainders, equal ones to the key that sorts first; a negative total is shared as its opposite. Weights are integers ≥ 0
 * with a sum > 0, else RangeError.
 */
export function split<K extends string>(
  total: Fen,
  weights: Readonly<Record<K, bigint | number>>,
): Record<K, Fen> {
  const rows = Object.entries<bigint | number>(weights).map(([key, weight]) => ({
    key,
    weight: integer(weight, 'weight'),
  }));
  if (rows.some((row) => row.weight < 0n)) throw new RangeError('a weight must not be negative');
  const whole = rows.reduce((all, row) => all + row.weight, 0n);
  if (whole === 0n) throw new RangeError('the weights must add up to more than zero');
  const amount = total < 0n ? -total : total;
  const parts = rows.map(({ key, weight }) => {
    const product = amount * weight;
    return { key, share: product / whole, remainder: product % whole };
  });
  let left = amount - parts.reduce((all, part) => all + part.share, 0n);
  const byRemainder = [...parts].sort(largestRemainderFirst);
  for (const part of byRemainder) {
    if (left === 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  // The cast says only that the keys are those of `weights`.
  return Object.fromEntries(parts.map(({ key, share }) => [key, fen(total < 0n ? -share : share)])) as Record<
    K,
    Fen
  >;
}

/** Orders amounts: below zero when `a` < `b`, zero when equal, above zero when `a` > `b`. */
export function compare(a: Fen, b: Fen): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The smallest of the amounts. */
export function min(first: Fen, ...rest: readonly Fen[]): Fen {
  return rest.reduce((least, amount) => (compare(amount, least) < 0 ? amount : least), first);
}

/** The largest of the amounts. */
export function max(first: Fen, ...rest: readonly Fen[]): Fen {
  return rest.reduce((most, amount) => (compare(amount, most) > 0 ? amount : most), first);
}

/** Whether the text is an amount as it stands on the wire: a canonical decimal integer of fen within range. */
export function isFenText(text: string): boolean {
  if (!CANONICAL.test(text)) return false;
  if (text.length < 19) return true;
  const n = BigInt(text);
  return n <= FEN_MAX && n >= -FEN_MAX;
}

/** Reads an amount from its wire form, the decimal text of its fen; throws RangeError on any other spelling ('+1', '01', '1.0', '-0'). */
export function parseFen(text: string): Fen {
  if (!isFenText(text))
    throw new RangeError('an amount on the wire is the decimal text of whole fen, such as "1250"');
  return fen(BigInt(text));
}

/** The wire form: the decimal text of the fen. */
export function formatFen(amount: Fen): string {
  return amount.toString();
}

/** Reads an amount in yuan with at most two places ('12', '12.3', '-12.30'); throws RangeError on anything else. 元 */
export function parseYuan(text: string): Fen {
  const [, sign, yuan, places = ''] = YUAN.exec(text) ?? [];
  if (yuan === undefined)
    throw new RangeError('an amount in yuan has at most two decimal places, such as "12.50"');
  const n = BigInt(yuan) * 100n + BigInt(places.padEnd(2, '0'));
  return fen(sign === '-' ? -n : n);
}

/** The amount in yuan with two places: plain ('1234.50') without `locale`, else as that locale writes renminbi ('¥1,234.50'). */
export function formatYuan(amount: Fen, locale?: string): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  const plain = `${BigInt(digits.slice(0, -2))}.${digits.slice(-2)}`;
  const sign = amount < 0n ? '-' : '';
  if (locale === undefined) return `${sign}${plain}`;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: 'CNY' });
  // The text form keeps every digit, where a number would lose them beyond 2^53.
  return format.format(`${sign}${plain}` as Intl.StringNumericLiteral);
}

function floorDivide(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d < 0n ? quotient - 1n : quotient;
}

function integer(n: number | bigint, what: string): bigint {
  if (typeof n === 'bigint') return n;
  if (!Number.isSafeInteger(n)) throw new RangeError(`${what} must be a whole number`);
  return BigInt(n);
}

interface Part {
  readonly key: string;
  readonly remainder: bigint;
}

function largestRemainderFirst(a: Part, b: Part): number {
  if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
