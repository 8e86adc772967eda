import { object, readInput, type Vector, z } from '@yitong/kit';
import { SettlementBook } from '../rules/sequence.ts';
import { plainJson } from './amounts.ts';
import { decisions, plain, withinRange } from './decide.ts';
import { filingSchema } from './schemas.ts';

const name = z.string().min(1);
const byId = z.record(name, z.unknown());
/** What is said of a vector beside its inputs may be any; a vector's inputs are read when it runs, so that a bad one fails alone. */
const common = { id: name, title: z.string().exactOptional(), policy: name };
const single = z.looseObject({ ...common, kind: z.literal('single'), catalogue: name });
const step = z.looseObject({ op: z.enum(['settle', 'reverse']), expect: z.unknown() });
const sequence = z.looseObject({ ...common, kind: z.literal('sequence'), steps: z.array(step) });
const file = z.looseObject({
  policies: byId,
  catalogues: byId,
  vectors: z.array(z.discriminatedUnion('kind', [single, sequence])),
});

type File = z.infer<typeof file>;

const settling = object({
  catalogue: plain.catalogue,
  filing: filingSchema.nullable(),
  claim: plain.claim,
});

/**
 * Reads a file of the adjudication contract's own form (§9 of it): `policies` and `catalogues` by id, `vectors` of kind `single` or
 * `sequence`. `undefined` for another form; throws InputProblem where the form is right and a part of it is not.
 */
export function readMedicalVectors(input: unknown): readonly Vector[] | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if (!['policies', 'catalogues', 'vectors'].every((key) => Object.hasOwn(input, key))) return undefined;
  const content = readInput(file, input);
  return content.vectors.map((one) => {
    const named = { id: one.id, ...(one.title === undefined ? {} : { title: one.title }) };
    return one.kind === 'single'
      ? { ...named, expect: one['expect'], actual: () => runSingle(content, one) }
      : {
          ...named,
          expect: one.steps.map((each) => each.expect),
          actual: () => runSequence(content, one),
        };
  });
}

function runSingle({ policies, catalogues }: File, one: z.infer<typeof single>): unknown {
  const policy = policies[one.policy];
  const catalogue = catalogues[one.catalogue];
  const { filing, yearToDate, claim } = one;
  return decisions.adjudicate.decide({ policy, catalogue, filing, yearToDate, claim });
}

/** The steps of one person who begins with no sums in any year. */
function runSequence({ policies, catalogues }: File, one: z.infer<typeof sequence>): unknown {
  const book = new SettlementBook(readInput(plain.policy, policies[one.policy]));
  return one.steps.map((each) => {
    if (each.op === 'reverse') return plainJson(book.reverse(String(each['claimId'])));
    const { filing, claim } = each;
    const of = readInput(settling, { catalogue: catalogues[String(each['catalogue'])], filing, claim });
    return plainJson(withinRange(() => book.settle(of)));
  });
}
