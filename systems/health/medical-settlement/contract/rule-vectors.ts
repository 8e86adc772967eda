import type { Vector } from '@yitong/kit';
import { type Difference, differences } from './differences.ts';

/** A difference of a vector, or the error that kept its answer from being computed. */
export interface VectorDifference extends Difference {
  readonly id: string;
}

/** Rules by name, JSON to JSON. */
export type Rules = Readonly<Record<string, { decide(input: unknown): unknown }>>;

/** Reads the form that all systems share, `{vectors: [{id, rule, input, expect}]}`; `undefined` when the file is of another. */
export function readRuleVectors(file: unknown, rules: Rules): readonly Vector[] | undefined {
  const vectors = field(file, 'vectors');
  if (!Array.isArray(vectors) || !vectors.every((one) => typeof field(one, 'rule') === 'string'))
    return undefined;
  return vectors.map((one: unknown) => ({
    id: String(field(one, 'id')),
    expect: field(one, 'expect'),
    actual: () => ruleOf(rules, String(field(one, 'rule'))).decide(field(one, 'input')),
  }));
}

/** Runs vectors in their order; a rule that throws is a difference at the whole. */
export function runVectors(vectors: readonly Vector[]): VectorDifference[] {
  return vectors.flatMap(({ id, expect, actual }) =>
    differences(expect, answerOf(actual)).map((one) => ({ id, ...one })),
  );
}

function answerOf(actual: () => unknown): unknown {
  try {
    return actual();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function ruleOf(rules: Rules, name: string): Rules[string] {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined)
    throw new Error(`no rule is named '${name}'; known: ${Object.keys(rules).join(', ')}`);
  return rule;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
