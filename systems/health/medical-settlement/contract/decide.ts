import { InputProblem, object, problem, readInput, type z } from '@yitong/kit';
import { adjudicate } from '../rules/adjudicate.ts';
import type { Case } from '../rules/result.ts';
import { plainAmount, plainFine, plainJson } from './amounts.ts';
import { contractSchemas, filingSchema } from './schemas.ts';

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

/** Pure rules by name, JSON to JSON. Amounts come as whole numbers or decimal text, and go as numbers where safe. */
export const decisions = {
  adjudicate: {
    about:
      'What the insured place pays for one claim: {policy, catalogue, filing, yearToDate, claim} to its result',
    input: caseSchema,
    decide: (input: unknown): unknown =>
      plainJson(withinRange(() => adjudicate(readInput(caseSchema, input)))),
  },
} as const;

/** Sums of amounts that each fit may still pass 2^63 − 1 fen: that is a fault of the input. */
export function withinRange<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = 'the amounts add up to more than 2^63 - 1 fen';
    const remedy = 'check the amounts and their unit, which is fen';
    const errors = [{ pointer: '', code: 'too-large', detail, remedy }];
    throw new InputProblem(
      problem({
        code: 'invalid-input',
        title: 'The input is not valid',
        status: 422,
        detail,
        errors,
        remedy,
      }),
    );
  }
}
