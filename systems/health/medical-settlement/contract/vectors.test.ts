import { readFileSync } from 'node:fs';
import { InputProblem } from '@yitong/kit';
import { describe, expect, it } from 'vitest';
import { decisions } from './decide.ts';
import { readMedicalVectors } from './medical-vectors.ts';

const file = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'));
const example = () => {
  const { result, about: _, ...input } = file('medical-example.json') as Record<string, unknown>;
  return { result, input: input as { claim: Record<string, unknown> } & Record<string, unknown> };
};
const decide = (input: unknown) => decisions.adjudicate.decide(input);
const problemOf = (input: unknown) => {
  try {
    decide(input);
  } catch (error) {
    if (error instanceof InputProblem) return error.problem;
    throw error;
  }
  throw new Error('no problem');
};

describe('the vectors of the adjudication contract', () => {
  const vectors = readMedicalVectors(file('medical-vectors.json')) ?? [];

  it('are 183', () => {
    expect(vectors).toHaveLength(183);
  });

  it.each(vectors.map((one) => [one.id, one.title ?? '', one] as const))('%s: %s', (_, __, one) => {
    expect(one.actual()).toEqual(one.expect);
  });

  it('leave files of other forms to others', () => {
    expect(readMedicalVectors({ vectors: [] })).toBeUndefined();
    expect(readMedicalVectors([])).toBeUndefined();
  });
});

describe('the rule called by name', () => {
  it('gives the example’s result', () => {
    const { input, result } = example();
    expect(decide(input)).toEqual(result);
  });

  it('takes decimal text for plain numbers, and gives text where a number would lose digits', () => {
    const { input } = example();
    const line = (amount: string, unitPrice: string, quantity: string | number) => {
      const date = input.claim['admission'];
      return { code: 'A1', date, unitPrice, quantity, amount, restrictionMet: false };
    };
    const sum = (...items: unknown[]) => {
      const answer = decide({ ...input, claim: { ...input.claim, items } }) as { shares: { total: unknown } };
      return answer.shares.total;
    };
    expect(sum(line('9007199254740991', '90071992547409910000', 10_000))).toBe(9007199254740991);
    expect(sum(line('9007199254740992', '90071992547409920000', 10_000))).toBe('9007199254740992');
    expect(sum(line('9007199254740993', '9007199254740993', '100000000'))).toBe('9007199254740993');
  });

  it('takes the unit price of any amount, whatever the quantity, and no larger one', () => {
    const { input } = example();
    const most = 2n ** 63n - 1n;
    const unitPrice = most * 100_000_000n;
    const date = input.claim['admission'];
    const item = { code: 'none', date, quantity: 1, amount: `${most}`, restrictionMet: false };
    const claim = (price: bigint) => ({ ...input.claim, items: [{ ...item, unitPrice: `${price}` }] });
    expect(decide({ ...input, claim: claim(unitPrice) })).toMatchObject({ shares: { total: `${most}` } });
    expect(problemOf({ ...input, claim: claim(unitPrice + 1n) }).errors?.[0]).toMatchObject({
      pointer: '/claim/items/0/unitPrice',
      code: 'too-large',
    });
  });

  it.each([
    [
      'a fraction of a fen',
      { account: { requested: 0.5, available: 0 } },
      '/claim/account/requested',
      'not-whole',
    ],
    [
      'a negative sum',
      { account: { requested: -1, available: 0 } },
      '/claim/account/requested',
      'negative-money',
    ],
    ['an impossible day', { admission: '2026-02-30' }, '/claim/admission', 'day'],
    ['an unknown kind of visit', { visit: 'pharmacy' }, '/claim/visit', 'not-one-of'],
    ['an unknown field', { discount: 1 }, '/claim/discount', 'unknown-field'],
    ['a missing field', { items: undefined }, '/claim/items', 'required'],
  ])('refuses %s with pointer, reason and remedy', (_, change, pointer, code) => {
    const { input } = example();
    const { errors = [], status } = problemOf({ ...input, claim: { ...input.claim, ...change } });
    expect(status).toBe(422);
    expect(errors[0]).toMatchObject({ pointer, code });
    expect(errors[0]?.remedy).toBeTruthy();
  });

  it('refuses amounts that add up beyond 2^63 - 1 fen', () => {
    const { input } = example();
    const item = {
      code: 'none',
      date: input.claim['admission'],
      unitPrice: '9000000000000000000',
      quantity: '10000000',
      amount: '900000000000000000',
      restrictionMet: false,
    };
    const items = Array.from({ length: 11 }, () => item);
    expect(problemOf({ ...input, claim: { ...input.claim, items } }).errors?.[0]?.code).toBe('too-large');
  });
});
