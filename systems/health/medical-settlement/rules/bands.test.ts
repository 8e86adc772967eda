import fc from 'fast-check';
import { expect, it } from 'vitest';
import { poolPayment, type Stretch } from './bands.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** The contract's words taken literally: the fen are walked one by one. */
function walked(parts: readonly Stretch[], left: bigint): { pool: bigint; beyondLimit: bigint } {
  const ONE = 100_000_000n;
  const rates = parts.flatMap(({ length, exactRate }) =>
    Array.from({ length: Number(length) }, () => exactRate),
  );
  let exact = 0n;
  let reach = left === 0n ? 0 : -1;
  for (const [i, rate] of rates.entries()) {
    exact += rate;
    if (reach < 0 && exact >= left * ONE) reach = i + 1;
  }
  if (reach >= 0 && rates.length > reach) return { pool: left, beyondLimit: BigInt(rates.length - reach) };
  const rounded = (2n * exact + ONE) / (2n * ONE);
  return { pool: rounded < left ? rounded : left, beyondLimit: 0n };
}

it(`pays what a walk fen by fen pays, and is cut where the walk is (seed ${seed})`, () => {
  const part = fc
    .record({
      length: fc.bigInt({ min: 1n, max: 60n }),
      exactRate: fc.bigInt({ min: 0n, max: 100_000_000n }),
    })
    .chain((one) =>
      fc.constantFrom(
        one,
        { ...one, exactRate: 0n },
        { ...one, exactRate: 100_000_000n },
        { ...one, exactRate: 50_000_000n },
      ),
    )
    .map((one, band = 0) => ({ ...one, band, rate: 0 }));
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 4 }),
      fc.bigInt({ min: 0n, max: 150n }),
      fc.boolean(),
      (parts, left, cap) => {
        const answer = poolPayment(
          parts,
          cap ? { cap: left, group: undefined } : { cap: undefined, group: left },
        );
        const expected = walked(parts, left);
        expect({ pool: answer.pool, beyondLimit: answer.beyondLimit }).toEqual(expected);
        expect(answer.cut).toBe(expected.beyondLimit > 0n ? (cap ? 'cap' : 'group') : undefined);
      },
    ),
    { seed, numRuns: 2_000 },
  );
});

it('counts the cap when cap and group limit leave the same', () => {
  const parts = [{ band: 0, rate: 0, length: 100n, exactRate: 50_000_000n }];
  expect(poolPayment(parts, { cap: 10n, group: 10n }).cut).toBe('cap');
  expect(poolPayment(parts, { cap: 11n, group: 10n }).cut).toBe('group');
  expect(poolPayment(parts, { cap: 10n, group: 11n }).cut).toBe('cap');
});
