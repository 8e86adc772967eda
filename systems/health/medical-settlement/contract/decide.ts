import { object, type Problem, type z, zodProblem } from '@yitong/kit';
import { adjudicate } from '../rules/adjudicate.ts';
import type { Case } from '../rules/types.ts';
import { plainAmount, plainFine, plainJson } from './amounts.ts';
import { contractSchemas, filingSchema } from './schemas.ts';

/** Input that does not fit, as the RFC 9457 problem that says which field, why and what to do. */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The contract's schemas over plain numbers: what vector files and `decide` hold. */
export const plain = contractSchemas({
  money: plainAmount(false),
  item: plainAmount(true),
  fine: plainFine,
});

const caseSchema: z.ZodType<Case> = object({
  policy: plain.policy.describe('The insured place’s policy'),
  catalogue: plain.catalogue.describe('The place of care’s catalogue'),
  filing: filingSchema.nullable().describe('The person’s filing, null for none'),
  yearToDate: plain.yearToDate.describe('The sums of the claim’s policy year'),
  claim: plain.claim.describe('The claim'),
});

/** Reads input by a schema; throws InputProblem that names pointer, reason and remedy. `at`: where the input stands in its file. */
export function read<T>(schema: z.ZodType<T>, input: unknown, at = ''): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputProblem(zodProblem(parsed.error, { input, at }));
}

/** Pure rules by name, JSON to JSON. Amounts come as whole numbers or decimal text, and go as numbers where safe. */
export const decisions = {
  adjudicate: {
    about:
      'What the insured place pays for one claim: {policy, catalogue, filing, yearToDate, claim} to its result',
    input: caseSchema,
    decide: (input: unknown): unknown => plainJson(withinRange(() => adjudicate(read(caseSchema, input)))),
  },
} as const;

/** Sums of amounts that each fit may still pass 2^63 − 1 fen: that is a fault of the input. */
export function withinRange<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputProblem({
      type: 'https://yitong.example/problems/invalid-input',
      title: 'The input is not valid',
      status: 422,
      detail: 'the amounts add up to more than 2^63 - 1 fen',
      errors: [{ pointer: '', code: 'too-large', detail: 'the amounts add up to more than 2^63 - 1 fen' }],
      remedy: 'check the amounts and their unit, which is fen',
    });
  }
}
