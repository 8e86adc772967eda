import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decisions } from './decide.ts';
import { readMedicalVectors } from './medical-vectors.ts';
import { readRuleVectors, runVectors } from './rule-vectors.ts';

const file = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'));

describe('the vectors of the adjudication contract', () => {
  const vectors = readMedicalVectors(file('medical-vectors.json')) ?? [];

  it('are 183', () => {
    expect(vectors).toHaveLength(183);
  });

  it.each(vectors.map((one) => [one.id, one.title ?? '', one] as const))('%s: %s', (_, __, one) => {
    expect(runVectors([one])).toEqual([]);
  });

  it('give the example’s result, through the rule that is called by name', () => {
    const { result, about: _, ...input } = file('medical-example.json') as Record<string, unknown>;
    const generic = { vectors: [{ id: 'example', rule: 'adjudicate', input, expect: result }] };
    const read = readRuleVectors(generic, decisions) ?? [];
    expect(runVectors(read)).toEqual([]);
    expect(read).toHaveLength(1);
  });

  it('name each difference by pointer', () => {
    const {
      result,
      about: _,
      ...input
    } = file('medical-example.json') as {
      result: { shares: { pool: number } };
      about: string;
    };
    const wrong = { ...result, shares: { ...result.shares, pool: 1 }, extra: true };
    const read = readRuleVectors(
      { vectors: [{ id: 'x', rule: 'adjudicate', input, expect: wrong }] },
      decisions,
    );
    expect(runVectors(read ?? [])).toEqual([
      { id: 'x', path: '/shares/pool', expected: 1, actual: result.shares.pool },
      { id: 'x', path: '/extra', expected: true, actual: undefined },
    ]);
  });
});
