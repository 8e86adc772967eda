import { z } from 'zod';
import { faultOfIdentifier, faultOfLine, faultOfText } from './characters.ts';
import { quickly, unfit } from './codec.ts';
import { canonicalCode, checkCitizenId, checkCreditCode, trialCreditCodes } from './identity.ts';
import { type Fen, fen, isFenText } from './money.ts';
import { type City, type DivisionCode, divisionOf, isCity, isMember, type Member } from './places.ts';
import { type FieldReason, reasonText } from './reasons.ts';
import { type Day, type Instant, isDay, isInstant, isMonth, type Month } from './time.ts';

/** What a field is to forms, lists, tables and the CLI: the `kind` in its JSON Schema. */
export type FieldKind =
  | 'money'
  | 'date'
  | 'month'
  | 'instant'
  | 'member'
  | 'city'
  | 'place'
  | 'point'
  | 'cn-id'
  | 'credit-code'
  | 'text'
  | 'name'
  | 'texts'
  | 'bilingual'
  | 'code'
  | 'id'
  | 'count'
  | 'basis-points'
  | 'number'
  | 'url'
  | 'yes-no'
  | 'choice'
  | 'file';

/** Most bytes of a file: 256 MiB. */
export const fileBytesMax = 256 * 1024 * 1024;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SHA_256 = /^[0-9a-f]{64}$/;
const HTTP_URL = /^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/;

/** Adds an issue with a reason of ours; the message never holds the value. */
export function raise(context: z.core.ParsePayload<unknown>, reason: FieldReason): void {
  const { detail } = reasonText(reason, 'en');
  context.issues.push({
    code: 'custom',
    message: detail,
    params: { reason },
    input: context.value,
    continue: false,
  });
}

/** A string field with one check: `fault` says why a value is refused, or undefined. The type T is what the check makes sure of. */
function textField<T extends string>(
  kind: FieldKind,
  fault: (text: string) => FieldReason | undefined,
  schema: Readonly<Record<string, unknown>> = {},
): z.ZodType<T, string> {
  const checked = z.string().check((context) => {
    const reason = fault(context.value);
    if (reason !== undefined) raise(context, reason);
  });
  const quick = (value: unknown) => (typeof value === 'string' && fault(value) === undefined ? value : unfit);
  const field = quickly(checked.meta({ kind, ...schema }), { decode: quick, encode: quick });
  // The cast is the brand: no value of another form passes the check.
  return field as unknown as z.ZodType<T, string>;
}

/** A string field that is written in one canonical form: small letters and full-width characters are put right on the way in. */
function canonicalField(
  kind: FieldKind,
  fault: (text: string) => FieldReason | undefined,
  length: number,
): z.ZodType<string, string> {
  const quick = (value: unknown) => {
    const text = typeof value === 'string' ? canonicalCode(value) : '';
    return fault(text) === undefined ? text : unfit;
  };
  const field = z
    .string()
    .overwrite(canonicalCode)
    .check((context) => {
      const reason = fault(context.value);
      if (reason !== undefined) raise(context, reason);
    })
    .meta({ kind, minLength: length, maxLength: length });
  return quickly(field, { decode: quick, encode: quick });
}

function moneyField(negative: boolean): z.ZodType<Fen, string> {
  const fault = (text: string): FieldReason | undefined => {
    if (!isFenText(text)) return 'money';
    return !negative && text.startsWith('-') ? 'negative-money' : undefined;
  };
  const isOurs = (value: unknown): value is Fen => typeof value === 'bigint' && (negative || value >= 0n);
  const inMemory = z.custom<Fen>(isOurs);
  const field = z
    .codec(textField<string>('money', fault), inMemory, {
      decode: (text) => fen(BigInt(text)),
      // Zod looks through a list's items once without their checks, and comes here with what is no amount at all.
      encode: (amount) => String(amount),
    })
    .meta({ kind: 'money', pattern: negative ? '^(0|-?[1-9][0-9]{0,18})$' : '^(0|[1-9][0-9]{0,18})$' });
  return quickly(field, {
    decode: (text) => (typeof text === 'string' && fault(text) === undefined ? fen(BigInt(text)) : unfit),
    encode(amount) {
      const text = isOurs(amount) ? amount.toString() : '';
      return fault(text) === undefined ? text : unfit;
    },
  });
}

function oneOf<const T extends readonly [string, ...string[]]>(choices: T): z.ZodType<T[number], string> {
  return z.enum(choices).meta({ kind: 'choice' });
}

function text(max: number): z.ZodType<string, string> {
  const fault = (value: string): FieldReason | undefined => lengthFault(value, max) ?? faultOfText(value);
  return textField('text', fault, { minLength: 1, maxLength: max });
}

function line(max: number): z.ZodType<string, string> {
  const fault = (value: string): FieldReason | undefined => lengthFault(value, max) ?? faultOfLine(value);
  return textField('name', fault, { minLength: 1, maxLength: max });
}

function code(pattern: RegExp, max = 200): z.ZodType<string, string> {
  if (pattern.global || pattern.sticky)
    throw new TypeError('the pattern of a code must not be global or sticky');
  const fault = (value: string): FieldReason | undefined =>
    lengthFault(value, max) ?? faultOfIdentifier(value) ?? (pattern.test(value) ? undefined : 'wrong-form');
  return textField('code', fault, { pattern: pattern.source, maxLength: max });
}

/** Whole numbers from `min` to `max`, both included. */
function whole(kind: FieldKind, min: number, max: number): z.ZodInt {
  const quick = (value: unknown) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : unfit;
  return quickly(z.int().min(min).max(max).meta({ kind }), { decode: quick, encode: quick });
}

/** Citizens' numbers are held to the standard; a birth after today is for the rule to refuse, which knows the day. */
function citizenIdFault(value: string): FieldReason | undefined {
  const check = checkCitizenId(value);
  return check.ok ? undefined : `citizen-id-${check.reason}`;
}

function creditCodeFault(value: string): FieldReason | undefined {
  const check = checkCreditCode(value, trialCreditCodes);
  return check.ok ? undefined : `credit-code-${check.reason}`;
}

/** Characters are counted as JSON Schema does: by code point. */
function lengthFault(value: string, max: number): FieldReason | undefined {
  if (value.length === 0 || value.trim() === '') return 'too-short';
  if (value.length <= max) return undefined;
  return [...value.slice(0, 2 * max + 1)].length > max ? 'too-long' : undefined;
}

const unless = <T extends FieldReason>(
  holds: (value: string) => boolean,
  reason: T,
): ((value: string) => T | undefined) => {
  return (value) => (holds(value) ? undefined : reason);
};

/** The fields of records, messages and commands: Zod schemas that carry their `kind`. */
export const f = {
  /** Zero or more: `Fen` in memory, decimal text of fen in JSON. 金额 */
  money: moneyField(false),
  /** An amount that may be below zero, such as a difference or a balance. */
  signedMoney: moneyField(true),
  /** A legal day `YYYY-MM-DD`. */
  day: textField<Day>('date', unless(isDay, 'day'), { format: 'date' }),
  /** A month `YYYY-MM`. */
  month: textField<Month>('month', unless(isMonth, 'month'), { pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' }),
  /** A moment in UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  instant: textField<Instant>('instant', unless(isInstant, 'instant'), { format: 'date-time' }),
  /** GB/T 2260 code of a member: a province or city of the region. 成员(地区) */
  member: textField<Member>('member', unless(isMember, 'member'), { pattern: '^[0-9]{6}$' }),
  /** GB/T 2260 code of one of the 41 cities; Shanghai's is 310000. */
  city: textField<City>('city', unless(isCity, 'city'), { pattern: '^[0-9]{6}$' }),
  /** GB/T 2260 code of any division of the region, abolished ones included. 行政区划代码 */
  place: textField<DivisionCode>(
    'place',
    unless((value) => divisionOf(value) !== undefined, 'place'),
    { pattern: '^[0-9]{6}$' },
  ),
  /** Longitude and latitude in degrees, WGS 84. */
  point: z
    .strictObject({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) })
    .meta({ kind: 'point' }),
  /** A citizen's identity number or one of its form; kept with a capital X. 公民身份号码 */
  citizenId: canonicalField('cn-id', citizenIdFault, 18),
  /** A unified social credit code, those of the early trial included; kept in capitals. 统一社会信用代码 */
  creditCode: canonicalField('credit-code', creditCodeFault, 18),
  /** Free text of 1 to `max` characters, in which lines may break. */
  text,
  /** One line of 1 to `max` characters: a name or title. */
  line,
  /** A list of free texts, each of 1 to `max` characters, at most `count` of them. */
  texts: (max: number, count = 100) => z.array(text(max)).max(count).meta({ kind: 'texts' }),
  /** The same text in both languages. */
  bilingual: (max: number) =>
    z.strictObject({ 'zh-CN': text(max), en: text(max) }).meta({ kind: 'bilingual' }),
  /** An identifier that matches `pattern` (anchor it) and is in form NFC. */
  code,
  /** A UUID of version 7 (RFC 9562) in small letters. */
  id: textField<string>(
    'id',
    unless((value) => UUID_V7.test(value), 'id'),
    { format: 'uuid' },
  ),
  /** A whole number, zero or more. */
  count: whole('count', 0, Number.MAX_SAFE_INTEGER),
  /** A whole number from `min` to `max`, both included. */
  whole: (min: number, max: number) => whole('count', min, max),
  /** A share in 1/10,000, from 0 to 10,000. 万分比 */
  basisPoints: whole('basis-points', 0, 10_000),
  /** A finite decimal number between two bounds, for measured values; never for money. */
  number: (min: number, max: number) => z.number().min(min).max(max).meta({ kind: 'number' }),
  /** A web address with http or https, without user information. */
  url: textField<string>(
    'url',
    (value) =>
      lengthFault(value, 2000) ?? faultOfIdentifier(value) ?? (HTTP_URL.test(value) ? undefined : 'url'),
    { format: 'uri', maxLength: 2000 },
  ),
  /** Yes or no. */
  yesNo: z.boolean().meta({ kind: 'yes-no' }),
  /** One of the codes given. */
  choice: oneOf,
  /** A file kept beside the record: its SHA-256, size in bytes, media type and name. */
  blob: z
    .strictObject({
      sha256: textField<string>(
        'code',
        unless((value) => SHA_256.test(value), 'hash'),
        { pattern: SHA_256.source },
      ),
      size: whole('count', 0, fileBytesMax),
      type: code(/^[a-z]+\/[a-z0-9.+-]+$/, 100),
      name: line(200),
    })
    .meta({ kind: 'file' }),
} as const;

/** A record's or message's shape; an unknown field is refused. */
export function object<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape);
}
