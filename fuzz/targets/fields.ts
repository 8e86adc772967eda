import { isDeepStrictEqual } from 'node:util';
import { instantMs, instantText } from '../../kernel/exchange/instant.ts';
import { decode, encode } from '../../kit/codec.ts';
import { f } from '../../kit/fields.ts';
import { canonicalCode, checkCitizenId, checkCreditCode, maskCitizenId } from '../../kit/identity.ts';
import type { z } from '../../kit/index.ts';
import { formatFen, isFenText, parseFen, parseYuan } from '../../kit/money.ts';
import { instantOf, isDay, isInstant, isMonth, msOf } from '../../kit/time.ts';
import { bill, registrations } from '../../node/bad-input/samples.ts';
import { systems } from '../../systems/index.ts';
import { holds, type Target } from '../target.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text);

/** Days, moments, amounts: what is taken is what the engine's own Date and BigInt say, written back the same. */
const times: Target = {
  name: 'times-and-amounts',
  seeds: ['2024-02-29', '2026-11', '2026-11-23T02:00:07.250Z', '1250', '-9000000000000000000', '12.30'].map(
    utf8,
  ),
  words: [
    '2023-02-29',
    'T24:00:00.000Z',
    ':60.000Z',
    '0000-',
    '-0',
    '+1',
    '١',
    '9223372036854775807',
    '10000-01-01',
  ],
  run(bytes) {
    const text = Buffer.from(bytes).toString('utf8');
    if (isDay(text)) holds(new Date(`${text}T00:00:00Z`).toISOString().startsWith(text), 'a day exists');
    if (isInstant(text)) {
      holds(new Date(text).toISOString() === text, 'a moment exists');
      holds(instantOf(msOf(text)) === text, 'a moment is written as it was read');
    }
    const ms = instantMs(text);
    if (ms !== undefined)
      holds(instantText(ms) === text && isInstant(text), 'members and the law read moments alike');
    if (isFenText(text)) holds(formatFen(parseFen(text)) === text, 'an amount is written as it was read');
    const yuan = attempted(() => parseYuan(text));
    return `${isDay(text)} ${isMonth(text)} ${isInstant(text)} ${ms === undefined} ${isFenText(text)} ${yuan}`;
  },
};

function attempted(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Citizens' and organisations' numbers. */
const identity: Target = {
  name: 'identity',
  seeds: [
    '31010119900307001X',
    '91310000MA1FL2LQ3T',
    '91350100M0001TGQXM',
    '８１００００１９９００３０７００１Ｘ',
  ].map(utf8),
  words: ['x', '０', 'Ａ', '83', '9', '1850', 'ſ', 'K', 'ı'],
  run(bytes) {
    const text = Buffer.from(bytes).toString('utf8');
    holds(canonicalCode(canonicalCode(text)) === canonicalCode(text), 'a canonical code is its own');
    const citizen = checkCitizenId(text);
    if (citizen.ok) {
      holds(
        isDeepStrictEqual(checkCitizenId(citizen.id), citizen),
        'a number that was put right stays right',
      );
      holds(/^[0-9]{17}[0-9X]$/.test(citizen.id) && isDay(citizen.birth), 'a number is digits and a birth');
      holds(
        !maskCitizenId(citizen.id).includes(citizen.id.slice(6, 14)),
        'a masked number shows no birthday',
      );
    }
    const firm = checkCreditCode(text);
    if (firm.ok)
      holds(isDeepStrictEqual(checkCreditCode(firm.code), firm), 'a code that was put right stays right');
    return `${citizen.ok || citizen.reason} ${firm.ok || firm.reason}`;
  },
};

const texts: Readonly<Record<string, z.ZodType>> = {
  ...{
    money: f.money,
    signed: f.signedMoney,
    day: f.day,
    month: f.month,
    instant: f.instant,
    member: f.member,
  },
  ...{
    city: f.city,
    place: f.place,
    citizen: f.citizenId,
    firm: f.creditCode,
    text: f.text(40),
    line: f.line(40),
  },
  ...{ code: f.code(/^[A-Z]{1,3}[0-9]{2,}(?:-[a-z]+)*$/, 40), id: f.id, url: f.url },
};

/** Each text field of the kit. */
const fields: Target = {
  name: 'fields',
  seeds: [
    '310115',
    '安徽省\n合肥市',
    'AB12-x',
    'https://example.org/a?b#c',
    '019a0c1e-4b02-7000-8000-000000000002',
  ].map(utf8),
  words: ['\u202e', '\u200b', '\ufeff', 'e\u0301', '\u{e0041}', '\u3164', '\ud800', ' ', '//user@', '\t'],
  run(bytes) {
    const text = Buffer.from(bytes).toString('utf8');
    return Object.entries(texts)
      .filter(([, field]) => taken(field, text))
      .map(([name]) => name)
      .join(' ');
  },
};

/** Whether a schema takes a value; the quick way and the schema's own must agree, and what is taken is written and read again. */
function taken(schema: z.ZodType, value: unknown): boolean {
  const [quick, slow] = [decode(schema, value), schema.safeParse(value)];
  holds(quick.success === slow.success, 'the quick way takes what the schema takes');
  if (!quick.success || !slow.success) return false;
  holds(isDeepStrictEqual(quick.data, slow.data), 'the quick way reads what the schema reads');
  const again = decode(schema, JSON.parse(JSON.stringify(encode(schema, quick.data))));
  holds(
    again.success && isDeepStrictEqual(again.data, quick.data),
    'what is taken is written and read again',
  );
  return true;
}

const schemas: readonly (readonly [string, z.ZodType])[] = systems.flatMap((system) => [
  ...[...system.commands.values()].map(({ type, input }) => [type, input] as const),
  ...[...system.messages.values()].map(({ type, data }) => [type, data] as const),
  ...[...system.records.values()].map(({ type, schema }) => [type, schema] as const),
  ...[...system.questions.values()].map(({ type, input }) => [type, input] as const),
]);

/** Every shape that the systems declare: commands, messages, records, questions. */
const declared: Target = {
  name: 'declared',
  seeds: [bill('019a0c1e-4b02-7000-8000-000000000002'), ...registrations.map(([, input]) => input)].map(
    (one) => utf8(JSON.stringify(one)),
  ),
  words: [
    'null',
    '[]',
    '{}',
    '""',
    '"toString"',
    '"hasOwnProperty":1',
    '"__proto__":{}',
    '1e3',
    '"0"',
    'true',
  ],
  run(bytes) {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(bytes).toString('utf8'));
    } catch {
      return 'not JSON';
    }
    return schemas
      .filter(([, schema]) => taken(schema, value))
      .map(([type]) => type)
      .join(' ');
  },
};

/** Fields and the shapes made of them. */
export const targets: readonly Target[] = [times, identity, fields, declared];
