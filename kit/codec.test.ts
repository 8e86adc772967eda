import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decode, encode, quickly } from './codec.ts';
import { f, object } from './fields.ts';

/** A schema, and JSON of which it takes some and refuses some. */
interface Sample {
  readonly schema: z.ZodType;
  readonly json: fc.Arbitrary<unknown>;
}

const wrong = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(undefined, Number.NaN, -0, 1n, '', ' ', new Date(0), [], Object.create({ inherited: 1 })),
);
const mostly = (...right: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: wrong });

const leaves: readonly Sample[] = [
  { schema: f.money, json: mostly('0', '1200', '9223372036854775807', '9223372036854775808', '-1', '01') },
  { schema: f.signedMoney, json: mostly('0', '-1', '-9223372036854775808', '-0') },
  { schema: f.day, json: mostly('2026-11-26', '2026-02-30') },
  { schema: f.month, json: mostly('2026-11', '2026-13') },
  { schema: f.instant, json: mostly('2026-11-26T00:00:00.000Z', '2026-11-26') },
  { schema: f.member, json: mostly('310000', '999999') },
  { schema: f.citizenId, json: mostly('310101199003070019', '11010519491231002x', '110105194912310021') },
  { schema: f.creditCode, json: mostly('91350100M000100Y43', '91350100m000100y43') },
  { schema: f.text(5), json: mostly('a\nb', '门诊', 'abcdef', '𠮷𠮷𠮷𠮷𠮷') },
  { schema: f.line(5), json: mostly('a', 'a\nb') },
  { schema: f.code(/^b[0-9]+$/), json: mostly('b1', 'x1') },
  { schema: f.id, json: mostly('0198a1b2-0000-7000-8000-000000000000', 'x') },
  { schema: f.whole(-2, 7), json: mostly(-2, 7, 8, 0.5, '1') },
  { schema: f.number(-2, 7), json: mostly(-2, 0.5, 7.1) },
  { schema: f.yesNo, json: mostly(true, false) },
  { schema: f.choice(['a', 'b']), json: mostly('a', 'b', 'c') },
  { schema: f.point, json: mostly({ lon: 1, lat: 2 }, { lon: 200, lat: 2 }) },
  { schema: z.string().regex(/^x/), json: mostly('x', 'y') },
  { schema: z.literal('v'), json: mostly('v') },
];

const samples: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...leaves),
    tie('any').map(({ schema, json }) => ({ schema: schema.nullable(), json: fc.option(json) })),
    fc.tuple(tie('any'), fc.nat(2)).map(([{ schema, json }, least]) => ({
      schema: z.array(schema).min(least).max(3),
      json: fc.oneof({ weight: 9, arbitrary: fc.array(json, { maxLength: 4 }) }, wrong),
    })),
    fc
      .tuple(tie('any'), fc.constantFrom(f.code(/^[ab]$/), f.choice(['a', 'b'])))
      .map(([{ schema, json }, key]) => ({
        schema: z.record(key, schema).describe('by name'),
        json: fc.oneof({ weight: 9, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), json) }, wrong),
      })),
    fc
      .dictionary(
        fc.constantFrom('a', 'b', 'c', 'toString'),
        fc.tuple(tie('any'), fc.constantFrom('needed', 'optional', 'exact')),
      )
      .map(ofFields),
  ),
})).any;

type Presence = 'needed' | 'optional' | 'exact';

function ofFields(fields: Readonly<Record<string, readonly [Sample, Presence]>>): Sample {
  const all = Object.entries(fields);
  const shape = all.map(([name, [{ schema }, presence]]) => [
    name,
    presence === 'needed' ? schema : presence === 'optional' ? schema.optional() : schema.exactOptional(),
  ]);
  const present = fc.record(Object.fromEntries(all.map(([name, [{ json }]]) => [name, json])), {
    requiredKeys: all.filter(([, [, presence]]) => presence === 'needed').map(([name]) => name),
  });
  const more = fc.constantFrom({}, {}, {}, {}, {}, {}, { unknown: 1 });
  const json = fc.tuple(present, more).map((parts) => Object.assign({}, ...parts));
  return { schema: object(Object.fromEntries(shape)), json: fc.oneof({ weight: 9, arbitrary: json }, wrong) };
}

/** Result or refusal of a call, for comparing two ways. */
function ended(run: () => unknown): unknown {
  try {
    return { made: run() };
  } catch (error) {
    // A codec's own function may throw something else at a value that is none of its type.
    return error instanceof z.core.$ZodError ? { issues: error.issues } : { threw: String(error) };
  }
}

const met = samples.chain(({ schema, json }) => fc.tuple(fc.constant(schema), json));

describe('the quick way through a schema', () => {
  test('is taken by a field under a description of its own, not by one with more checks', () => {
    const asked: string[] = [];
    const way = { decode: (json: unknown) => json, encode: (value: unknown) => value };
    const field = quickly(
      z.string().refine((text) => asked.push(text) > 0),
      way,
    );
    decode(object({ a: field.describe('A name') }), { a: 'described' });
    expect(asked).toEqual([]);
    decode(object({ a: field.refine((text) => text !== '') }), { a: 'checked' });
    expect(asked).toContain('checked');
  });

  test('decodes what the schema decodes to the same value, and refuses the rest with the same issues', () => {
    fc.assert(
      fc.property(met, ([schema, json]) => {
        const quick = decode(schema, json);
        const slow = schema.safeParse(json);
        expect({ ...quick, error: quick.error?.issues }).toStrictEqual({
          ...slow,
          error: slow.error?.issues,
        });
        expect(names(quick.data)).toBe(names(slow.data));
      }),
      { numRuns: 2_000 },
    );
  });

  test('encodes a list with bounds whose items lack an amount', () => {
    const list = z.array(object({ paid: f.money.exactOptional() })).min(1);
    expect(z.encode(list, [{}])).toEqual([{}]);
    expect(encode(list, [{}])).toEqual([{}]);
  });

  test('encodes what the schema encodes to the same JSON, and refuses the rest with the same issues', () => {
    fc.assert(
      fc.property(met, ([schema, json]) => {
        const decoded = schema.safeParse(json);
        const value = decoded.success ? decoded.data : json;
        expect(ended(() => encode(schema, value))).toStrictEqual(ended(() => z.encode(schema, value)));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** A value's names in their order. */
function names(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? '';
}
