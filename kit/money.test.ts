import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  compare,
  type Fen,
  fen,
  formatFen,
  formatYuan,
  isFenText,
  less,
  max,
  min,
  negate,
  parseFen,
  parseYuan,
  rated,
  rounded,
  split,
  sum,
  zero,
} from './money.ts';

const seed = 20_260_101;
const LIMIT = 2n ** 63n - 1n;
const amounts = fc.bigInt({ min: -(2n ** 61n), max: 2n ** 61n }).map(fen);

describe('arithmetic', () => {
  it('adds, subtracts and negates exactly beyond 2^53', () => {
    expect(sum(fen(2n ** 53n), fen(1n))).toBe(2n ** 53n + 1n);
    expect(sum()).toBe(zero);
    expect(less(fen(5n), fen(8n))).toBe(-3n);
    expect(negate(fen(7n))).toBe(-7n);
  });

  it('refuses amounts beyond the range of SQL bigint', () => {
    expect(fen(LIMIT)).toBe(LIMIT);
    expect(fen(-LIMIT)).toBe(-LIMIT);
    expect(() => fen(LIMIT + 1n)).toThrow(RangeError);
    expect(() => fen(-LIMIT - 1n)).toThrow(RangeError);
    expect(() => sum(fen(LIMIT), fen(1n))).toThrow(RangeError);
  });

  it('orders amounts', () => {
    expect([fen(3n), fen(-1n), fen(2n)].sort(compare)).toEqual([-1n, 2n, 3n]);
    expect(min(fen(3n), fen(-1n), fen(2n))).toBe(-1n);
    expect(max(fen(3n), fen(-1n), fen(12n))).toBe(12n);
    expect(compare(fen(1n), fen(1n))).toBe(0);
  });
});

describe('rounding', () => {
  test.for([
    { n: 1n, d: 2n, expected: 1n },
    { n: 49n, d: 100n, expected: 0n },
    { n: 50n, d: 100n, expected: 1n },
    { n: -1n, d: 2n, expected: 0n },
    { n: -3n, d: 2n, expected: -1n },
    { n: -51n, d: 100n, expected: -1n },
    { n: 7n, d: 1n, expected: 7n },
    { n: -7n, d: 1n, expected: -7n },
    { n: 2n, d: 3n, expected: 1n },
    { n: 1n, d: 3n, expected: 0n },
  ])('rounds $n/$d to $expected', ({ n, d, expected }) => {
    expect(rounded(n, d)).toBe(expected);
  });

  test.for([
    { a: 100n, points: 8500, expected: 85n },
    { a: 1n, points: 5000, expected: 1n },
    { a: 1n, points: 4999, expected: 0n },
    { a: -1n, points: 5000, expected: 0n },
    { a: -1n, points: 5001, expected: -1n },
    { a: 12_345n, points: 10_000n, expected: 12_345n },
  ])('takes $points basis points of $a', ({ a, points, expected }) => {
    expect(rated(fen(a), points)).toBe(expected);
  });

  it('refuses fractions of a basis point and denominators that are not positive', () => {
    expect(() => rated(fen(1n), 0.5)).toThrow('basis points');
    expect(() => rounded(1n, 0n)).toThrow('denominator');
    expect(() => rounded(1n, -2n)).toThrow('denominator');
  });

  it('is never further than half a fen from the fraction, and exact halves go up', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (n, d) => {
          const twiceOff = 2n * rounded(n, d) * d - 2n * n;
          return twiceOff > -d && twiceOff <= d;
        },
      ),
      { seed },
    );
  });
});

describe('split', () => {
  it('gives the fen left over to the largest remainders', () => {
    expect(split(fen(100n), { a: 1, b: 1, c: 1 })).toEqual({ a: 34n, b: 33n, c: 33n });
    expect(split(fen(10n), { small: 1, large: 2n })).toEqual({ small: 3n, large: 7n });
    expect(split(fen(-100n), { a: 1, b: 1, c: 1 })).toEqual({ a: -34n, b: -33n, c: -33n });
    expect(split(zero, { a: 1, b: 0 })).toEqual({ a: 0n, b: 0n });
  });

  it('does not depend on the order of the keys', () => {
    expect(split(fen(1n), { b: 1, a: 1 })).toEqual(split(fen(1n), { a: 1, b: 1 }));
  });

  it('refuses weights that share nothing', () => {
    expect(() => split(fen(1n), {})).toThrow('more than zero');
    expect(() => split(fen(1n), { a: 0 })).toThrow('more than zero');
    expect(() => split(fen(1n), { a: 2, b: -1 })).toThrow('negative');
    expect(() => split(fen(1n), { a: 0.5 })).toThrow('whole number');
  });

  it('conserves the total and stays within one fen of the exact share', () => {
    const weights = fc
      .dictionary(fc.string({ maxLength: 6 }), fc.bigInt({ min: 0n, max: 10n ** 12n }), {
        minKeys: 1,
        maxKeys: 12,
      })
      .filter((rows) => Object.values(rows).some((weight) => weight > 0n));
    fc.assert(
      fc.property(amounts, weights, (total, rows) => {
        const shares = split(total, rows);
        const whole = Object.values(rows).reduce((all, weight) => all + weight, 0n);
        expect(sum(...Object.values<Fen>(shares))).toBe(total);
        for (const [key, weight] of Object.entries(rows)) {
          const off = (shares[key] ?? zero) * whole - total * weight;
          expect(off < whole && off > -whole).toBe(true);
        }
      }),
      { seed },
    );
  });
});

describe('text forms', () => {
  test.for([
    '+1',
    '01',
    '1.0',
    '-0',
    '',
    ' 1',
    '1 ',
    '1e3',
    '0x1',
    '1_000',
    '１',
    '−1',
    '--1',
    '9223372036854775808',
    '-9223372036854775808',
    '10000000000000000000',
  ])('refuses %j on the wire', (text) => {
    expect(isFenText(text)).toBe(false);
    expect(() => parseFen(text)).toThrow(RangeError);
  });

  it('reads back what it writes, in fen and in yuan', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -LIMIT, max: LIMIT }).map(fen), (amount) => {
        expect(parseFen(formatFen(amount))).toBe(amount);
        expect(parseYuan(formatYuan(amount))).toBe(amount);
      }),
      { seed },
    );
    expect(parseFen('9223372036854775807')).toBe(LIMIT);
  });

  test.for([
    { text: '12', expected: 1200n },
    { text: '12.3', expected: 1230n },
    { text: '0.05', expected: 5n },
    { text: '-0.05', expected: -5n },
    { text: '0', expected: 0n },
  ])('reads $text yuan', ({ text, expected }) => {
    expect(parseYuan(text)).toBe(expected);
  });

  test.for(['', '.5', '1.', '1.234', '01.00', '+1', '1,000', '1e2', '99999999999999999999'])(
    'refuses %j yuan',
    (text) => {
      expect(() => parseYuan(text)).toThrow(RangeError);
    },
  );

  test.for([
    { amount: 5n, locale: undefined, expected: '0.05' },
    { amount: -123_456n, locale: undefined, expected: '-1234.56' },
    { amount: 123_456n, locale: 'zh-CN', expected: '¥1,234.56' },
    { amount: 123_456n, locale: 'en', expected: 'CN¥1,234.56' },
    { amount: LIMIT, locale: 'zh-CN', expected: '¥92,233,720,368,547,758.07' },
  ])('writes $amount fen as $expected', ({ amount, locale, expected }) => {
    expect(formatYuan(fen(amount), locale)).toBe(expected);
  });
});
