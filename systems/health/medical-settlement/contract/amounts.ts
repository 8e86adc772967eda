import { type Fen, f, fen, raise, z } from '@yitong/kit';

const DECIMAL = /^(?:0|-?[1-9][0-9]*)$/;
const MOST = 2n ** 63n - 1n;
/** An amount within range may be the price of the smallest quantity, 1/10,000 of a unit, in the smallest price, 1/10,000 fen. */
const MOST_FINE = MOST * 100_000_000n;

/**
 * How amounts are written in the files of the contract: a plain whole number within ±(2^53 − 1), or its decimal text up to 2^63 − 1.
 * `negative` takes amounts below zero.
 */
export function plainAmount(negative: boolean): z.ZodType<Fen> {
  return z.unknown().transform((value, context): Fen => {
    const read = wholeNumber(value, MOST);
    if (typeof read === 'bigint' && (negative || read >= 0n)) return fen(read);
    raise(context, typeof read === 'bigint' ? 'negative-money' : read);
    return z.NEVER;
  });
}

/** A unit price or quantity in ten-thousandths, written as `plainAmount` is; its range takes the price of any amount. */
export const plainFine: z.ZodType<bigint> = z.unknown().transform((value, context): bigint => {
  const read = wholeNumber(value, MOST_FINE);
  if (typeof read === 'bigint') return read;
  raise(context, read);
  return z.NEVER;
});

/** A unit price or quantity in ten-thousandths as decimal text, as amounts are on the wire. */
export const wireFine: z.ZodType<bigint> = f.signedMoney;

/** Turns what the rules give into the contract's JSON: amounts are plain numbers where safe, decimal text beyond 2^53 − 1. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
}

function wholeNumber(
  value: unknown,
  most: bigint,
): bigint | 'required' | 'not-whole' | 'money' | 'too-large' | 'wrong-type' {
  if (value === undefined) return 'required';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : 'not-whole';
  if (typeof value !== 'string') return 'wrong-type';
  if (!DECIMAL.test(value)) return 'money';
  // Reading digits takes more than linear time, so a number of a megabyte is refused by its length.
  if (value.length > most.toString().length + 1) return 'too-large';
  const number = BigInt(value);
  return number > most || number < -most ? 'too-large' : number;
}
