import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { f, object } from './fields.ts';
import { type Fen, fen } from './money.ts';
import type { Day } from './time.ts';

const seed = 20_260_101;

/** The reason for which a field refuses a value, or undefined. */
function reasonFor(field: z.ZodType, value: unknown): unknown {
  const issue = field.safeParse(value).error?.issues[0];
  return issue?.code === 'custom' ? issue.params?.['reason'] : issue?.code;
}

const refused: readonly (readonly [string, z.ZodType, unknown, string])[] = [
  ['money', f.money, '-1', 'negative-money'],
  ['money', f.money, '1.5', 'money'],
  ['money', f.money, '01', 'money'],
  ['money', f.money, '9223372036854775808', 'money'],
  ['money', f.money, 5, 'invalid_type'],
  ['money', f.money, 5n, 'invalid_type'],
  ['signed money', f.signedMoney, '-0', 'money'],
  ['day', f.day, '2026-02-30', 'day'],
  ['month', f.month, '2026-13', 'month'],
  ['instant', f.instant, '2026-01-01T00:00:00Z', 'instant'],
  ['member', f.member, '110000', 'member'],
  ['member', f.member, '320583', 'member'],
  ['city', f.city, '320000', 'city'],
  ['place', f.place, '310199', 'place'],
  ['citizenId', f.citizenId, '320106198505201234', 'citizen-id-check-digit'],
  ['citizenId', f.citizenId, '310101190002290015', 'citizen-id-birth-date'],
  ['citizenId', f.citizenId, '990105194912310023', 'citizen-id-division'],
  ['citizenId', f.citizenId, 'x', 'citizen-id-format'],
  ['creditCode', f.creditCode, '93310115T12JXAQH83', 'credit-code-check-digit'],
  ['creditCode', f.creditCode, '93310115T1IJXAQH82', 'credit-code-format'],
  ['text', f.text(5), '', 'too-short'],
  ['text', f.text(5), ' \n ', 'too-short'],
  ['text', f.text(5), '123456', 'too-long'],
  ['text', f.text(5), 'a\u0000b', 'control-character'],
  ['text', f.text(5), 'a\rb', 'control-character'],
  ['text', f.text(5), 'a\u0085b', 'control-character'],
  ['text', f.text(5), 'a\u202Eb', 'invisible-character'],
  ['text', f.text(5), 'a\u2066b', 'invisible-character'],
  ['text', f.text(5), 'a\u200Bb', 'invisible-character'],
  ['text', f.text(5), '\uFEFFab', 'invisible-character'],
  ['text', f.text(5), 'a\u{E0041}b', 'invisible-character'],
  ['text', f.text(5), 'a\uD800b', 'not-text'],
  ['line', f.line(5), 'a\nb', 'control-character'],
  ['line', f.line(5), 'a\tb', 'control-character'],
  ['line', f.line(5), 'a\u2028b', 'control-character'],
  ['code', f.code(/^\p{L}+$/u), 'e\u0301', 'not-normalised'],
  ['code', f.code(/^[A-Z]+$/), 'a', 'wrong-form'],
  ['code', f.code(/^[A-Z]+$/, 3), 'ABCD', 'too-long'],
  ['id', f.id, '01890A5D-AC96-7740-B0F0-000000000000', 'id'],
  ['id', f.id, '01890a5d-ac96-4740-b0f0-000000000000', 'id'],
  ['count', f.count, -1, 'too_small'],
  ['count', f.count, 0.5, 'invalid_type'],
  ['count', f.count, 2 ** 53, 'too_big'],
  ['basisPoints', f.basisPoints, 10_001, 'too_big'],
  ['url', f.url, 'javascript:alert(1)', 'url'],
  ['url', f.url, 'https://user@host/', 'url'],
  ['yesNo', f.yesNo, 'true', 'invalid_type'],
  ['choice', f.choice(['a', 'b']), 'c', 'invalid_value'],
  ['point', f.point, { lon: 181, lat: 0 }, 'too_big'],
  ['number', f.number(0, 1), Number.NaN, 'invalid_type'],
];

const accepted: readonly (readonly [string, z.ZodType, unknown])[] = [
  ['signed money', f.signedMoney, '-1'],
  ['money', f.money, '9223372036854775807'],
  ['day', f.day, '2024-02-29'],
  ['month', f.month, '2026-12'],
  ['instant', f.instant, '2026-01-01T00:00:00.000Z'],
  ['member', f.member, '340000'],
  ['city', f.city, '310000'],
  ['place', f.place, '341421'],
  ['creditCode', f.creditCode, '91350100M0001TGQXM'],
  ['text', f.text(9), 'a\tb\n𠮷'],
  ['text', f.text(3), '𠮷𠮷𠮷'],
  ['line', f.line(5), '﨑\u{E0100}'],
  ['line', f.line(5), '\uF900'],
  ['texts', f.texts(5, 2), ['a', 'b']],
  ['bilingual', f.bilingual(5), { 'zh-CN': '一通', en: 'Yi' }],
  ['code', f.code(/^\p{L}+$/u), '\u00E9'],
  ['id', f.id, '01890a5d-ac96-7740-b0f0-000000000000'],
  ['count', f.count, 0],
  ['count', f.count, 2 ** 53 - 1],
  ['basisPoints', f.basisPoints, 10_000],
  ['url', f.url, 'https://www.gov.cn/x?y=1#z'],
  ['point', f.point, { lon: 121.47, lat: 31.23 }],
  ['blob', f.blob, { sha256: 'a'.repeat(64), size: 1, type: 'application/pdf', name: '处方.pdf' }],
];

describe('each field', () => {
  test.for(refused)('%s refuses case %#', ([, field, value, reason]) => {
    expect(reasonFor(field, value)).toBe(reason);
  });

  test.for(accepted)('%s accepts case %# and writes it back as it came', ([, field, value]) => {
    const parsed = z.decode(field, value);
    expect(z.encode(field, parsed)).toEqual(value);
  });

  it('carries its kind into the JSON Schema of the input', () => {
    const schema = object({
      ...{
        amount: f.money.describe('Total of the bill'),
        since: f.day.optional(),
        who: f.citizenId,
        firm: f.creditCode,
      },
      ...{
        what: f.text(20),
        sort: f.choice(['a', 'b']),
        n: f.count.min(1),
        m: f.whole(2, 9),
        member: f.member,
        files: z.array(f.blob),
      },
    });
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['amount', 'who', 'firm', 'what', 'sort', 'n', 'm', 'member', 'files'],
      properties: {
        amount: {
          type: 'string',
          kind: 'money',
          description: 'Total of the bill',
          pattern: '^(0|[1-9][0-9]{0,18})$',
        },
        since: { type: 'string', kind: 'date', format: 'date' },
        who: { type: 'string', kind: 'cn-id', minLength: 18 },
        firm: { type: 'string', kind: 'credit-code' },
        what: { type: 'string', kind: 'text', maxLength: 20 },
        sort: { type: 'string', kind: 'choice', enum: ['a', 'b'] },
        n: { type: 'integer', kind: 'count', minimum: 1 },
        m: { type: 'integer', kind: 'count', minimum: 2, maximum: 9 },
        member: { type: 'string', kind: 'member' },
        files: { items: { kind: 'file' } },
      },
    });
  });
});

describe('values in memory', () => {
  it('holds money as fen and writes it as text', () => {
    const bill = object({ total: f.money, on: f.day });
    const read: { total: Fen; on: Day } = bill.parse({ total: '12345678901234567', on: '2026-01-01' });
    expect(read.total).toBe(12_345_678_901_234_567n);
    expect(z.encode(bill, read)).toEqual({ total: '12345678901234567', on: '2026-01-01' });
  });

  it('refuses to write amounts that could not be read', () => {
    expect(z.safeEncode(f.money, fen(-1n)).success).toBe(false);
    expect(z.safeEncode(f.signedMoney, (2n ** 63n) as Fen).success).toBe(false);
  });

  it('puts a small x and full-width digits of codes right', () => {
    expect(f.citizenId.parse('11010519491231002x')).toBe('11010519491231002X');
    expect(f.creditCode.parse('９1350100m000100y43')).toBe('91350100M000100Y43');
  });

  it('refuses an unknown field', () => {
    expect(object({ a: f.count }).safeParse({ a: 1, b: 2 }).error?.issues[0]?.code).toBe('unrecognized_keys');
  });

  it('refuses patterns that keep state', () => {
    expect(() => f.code(/a/g)).toThrow(TypeError);
  });

  it('round-trips every amount', () => {
    const amount = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }).map(fen);
    fc.assert(
      fc.property(amount, (value) => z.decode(f.signedMoney, z.encode(f.signedMoney, value)) === value),
      { seed },
    );
  });

  it('never throws on any text, and lets none with control characters or invisible ones through', () => {
    const bare = f.text(100);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const { success } = bare.safeParse(text);
        if (success) expect(text).not.toMatch(/[^\P{Cc}\t\n]|\p{Cs}|[\u200B-\u200F\u202A-\u202E]/u);
      }),
      { seed, numRuns: 2000 },
    );
  });
});
