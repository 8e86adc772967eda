import { object, readInput, type Vector, z } from '@yitong/kit';
import { adjudicate } from '../rules/adjudicate.ts';
import { SettlementBook } from '../rules/sequence.ts';
import { plainJson } from './amounts.ts';
import { plain, withinRange } from './decide.ts';
import { filingSchema } from './schemas.ts';

const name = z.string().min(1);
const common = { id: name, title: z.string().exactOptional(), policy: name };
const single = object({
  ...common,
  kind: z.literal('single'),
  catalogue: name,
  filing: filingSchema.nullable(),
  yearToDate: plain.yearToDate,
  claim: plain.claim,
  expect: z.unknown(),
});
const step = z.discriminatedUnion('op', [
  object({
    op: z.literal('settle'),
    catalogue: name,
    filing: filingSchema.nullable(),
    claim: plain.claim,
    expect: z.unknown(),
  }),
  object({ op: z.literal('reverse'), claimId: name, expect: z.unknown() }),
]);
const sequence = object({ ...common, kind: z.literal('sequence'), steps: z.array(step) });

const vector = z.discriminatedUnion('kind', [single, sequence]);
/** The file's own words about itself may be any. */
const file = z.looseObject({
  policies: z.record(name, plain.policy),
  catalogues: z.record(name, plain.catalogue),
  vectors: z.array(vector),
});

type File = z.infer<typeof file>;

/**
 * Reads a file of the adjudication contract's own form (§9 of it): `policies` and `catalogues` by id, `vectors` of kind `single` or
 * `sequence`. `undefined` for another form; throws InputProblem where the form is right and a value is not.
 */
export function readMedicalVectors(input: unknown): readonly Vector[] | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if (!['policies', 'catalogues', 'vectors'].every((key) => Object.hasOwn(input, key))) return undefined;
  const content = readInput(file, input);
  return content.vectors.map((one) => {
    const title = one.title === undefined ? {} : { title: one.title };
    return one.kind === 'single'
      ? { id: one.id, ...title, expect: one.expect, actual: () => runSingle(content, one) }
      : {
          id: one.id,
          ...title,
          expect: one.steps.map((each) => each.expect),
          actual: () => runSequence(content, one),
        };
  });
}

function runSingle(content: File, one: z.infer<typeof single>): unknown {
  const policy = named(content.policies, one.policy, 'policy');
  const catalogue = named(content.catalogues, one.catalogue, 'catalogue');
  const { filing, yearToDate, claim } = one;
  return plainJson(withinRange(() => adjudicate({ policy, catalogue, filing, yearToDate, claim })));
}

function runSequence(content: File, one: z.infer<typeof sequence>): unknown {
  const book = new SettlementBook(named(content.policies, one.policy, 'policy'));
  return one.steps.map((each) => {
    if (each.op === 'reverse') return plainJson(book.reverse(each.claimId));
    const catalogue = named(content.catalogues, each.catalogue, 'catalogue');
    const { filing, claim } = each;
    return plainJson(withinRange(() => book.settle({ catalogue, filing, claim })));
  });
}

function named<T>(all: Readonly<Record<string, T>>, id: string, what: string): T {
  const found = Object.hasOwn(all, id) ? all[id] : undefined;
  if (found === undefined) throw new Error(`the file has no ${what} '${id}'`);
  return found;
}
