import { type Locale, type RecordType, type SystemType, z } from '@yitong/kit';
import { type PaperWords, paperWords, placeWord, systemWords } from './words.ts';

/** One line of a paper: what, and the value in words; an amount stands at the right edge. */
export interface PaperLine {
  readonly label: string;
  readonly text: string;
  readonly isAmount: boolean;
  /** A heading over the lines below it, up to the next. */
  readonly isHead?: boolean;
}

/** A part of a record's JSON Schema, as far as papers read it. */
export interface Schema {
  readonly kind?: string;
  readonly names?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** What a paper is about: facts of a record, as they were vouched for. */
export interface PaperFacts {
  readonly system: SystemType;
  readonly record: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly locale: Locale;
  /** Name of what a code stands for in a public record, where it has one. */
  nameOf(record: string, code: string): string | undefined;
}

/** A record's facts as lines, in the order of its schema; what is made of parts becomes a heading and its parts. */
export function linesOf({ system, record, facts, locale, nameOf }: PaperFacts): readonly PaperLine[] {
  const words = systemWords(system, locale);
  const declared = system.records.get(record);
  if (declared === undefined) return [];
  const ways: Ways = { ...words, locale, own: paperWords(locale), nameOf };
  const line = (of: string, name: string, schema: Schema, value: unknown): readonly PaperLine[] => {
    if (value === undefined || value === null) return [];
    const known = plain(schema);
    const label = words.label(of, name);
    if (known.properties !== undefined && typeof value === 'object') {
      const inner = Object.entries(known.properties).flatMap(([key, part]) =>
        line(name, key, part, Reflect.get(value, key)),
      );
      return [{ label, text: '', isAmount: false, isHead: true }, ...inner];
    }
    return [{ label, text: valueText(schema, value, name, ways), isAmount: known.kind === 'money' }];
  };
  const properties = fieldsOf(declared);
  return Object.entries(properties).flatMap(([name, schema]) => line(record, name, schema, facts[name]));
}

/** The fields of a record with their schemas. */
export function fieldsOf({ schema }: Pick<RecordType, 'schema'>): Readonly<Record<string, Schema>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return properties;
}

/** A schema without what only says that null is allowed. */
export function plain(schema: Schema): Schema {
  const { anyOf, ...rest } = schema;
  const [first, ...more] = (anyOf ?? []).filter((one) => Reflect.get(one, 'type') !== 'null');
  return first !== undefined && more.length === 0 ? plain({ ...first, ...rest }) : schema;
}

/** What a value is put into words by. */
export interface Ways {
  readonly locale: Locale;
  readonly own: PaperWords;
  choice(value: string): string;
  label(of: string, field: string): string;
  /** Name of what a code stands for, by the record or list that its field names, where it has one. */
  nameOf(names: string, code: string): string | undefined;
}

/** A value of a field in words, where `of` is the field: what a list holds is joined; what is made of parts is `label: value; …`. */
export function valueText(schema: Schema, value: unknown, of: string, ways: Ways): string {
  const known = plain(schema);
  if (Array.isArray(value)) {
    const parts = value.map((one) => valueText(known.items ?? {}, one, of, ways));
    return parts.join(value.some(isMadeOfParts) ? ' / ' : ', ');
  }
  if (isMadeOfParts(value)) return partsText(known, value, of, ways);
  const text = String(value);
  const named = known.names === undefined ? undefined : ways.nameOf(known.names, text);
  return named ?? plainText(known.kind, text, ways);
}

function isMadeOfParts(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partsText({ kind, properties = {} }: Schema, value: object, of: string, ways: Ways): string {
  if (kind === 'bilingual') return String(Reflect.get(value, ways.locale));
  if (kind === 'file') return String(Reflect.get(value, 'name'));
  const names = [...Object.keys(properties), ...Object.keys(value).filter((name) => !(name in properties))];
  const said = names.flatMap((name) => {
    const part: unknown = Reflect.get(value, name);
    if (part === undefined || part === null || part === '') return [];
    const unit = plain(properties[name] ?? {}).kind === 'money' ? ways.own('after-amount') : '';
    const text = valueText(properties[name] ?? {}, part, name, ways);
    return [`${ways.label(of, name)}${ways.own('before-value')}${text}${unit}`];
  });
  return said.join(ways.own('between-values'));
}

function plainText(kind: string | undefined, text: string, { locale, own, choice }: Ways): string {
  if (kind === 'money') return yuanText(text);
  if (kind === 'basis-points') return shareText(text, locale);
  if (kind === 'choice' || kind === 'code') return choice(text);
  if (kind === 'yes-no') return own(text === 'true' ? 'yes' : 'no');
  if (kind === 'member' || kind === 'city' || kind === 'place') return placeWord(text, locale);
  if (kind === 'date') return dayText(text, locale);
  if (kind === 'month') return monthText(text, locale);
  if (kind === 'instant') return momentText(text, locale);
  return text;
}

function shareText(basisPoints: string, locale: Locale): string {
  const form = { style: 'percent', maximumFractionDigits: 2 } as const;
  return (Number(basisPoints) / 10_000).toLocaleString(locale, form);
}

/** Fen as yuan with groups and two decimals. */
export function yuanText(fen: string | bigint): string {
  const amount = BigInt(fen);
  const absolute = amount < 0n ? -amount : amount;
  const cents = String(absolute % 100n).padStart(2, '0');
  return `${amount < 0n ? '−' : ''}${(absolute / 100n).toLocaleString('en-US')}.${cents}`;
}

const zone = 'Asia/Shanghai';

/** A month as the language writes it: 2026年11月, November 2026. */
export function monthText(month: string, locale: Locale): string {
  const form = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  return form.format(new Date(`${month}-01T00:00:00Z`));
}

function dayText(day: string, locale: Locale): string {
  const form = { year: 'numeric', month: 'long', day: 'numeric', timeZone: zone } as const;
  return new Intl.DateTimeFormat(locale, form).format(new Date(`${day}T12:00:00+08:00`));
}

/** A moment as day and time of the region, to the second. */
export function momentText(instant: string, locale: Locale): string {
  const form = { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23', timeZone: zone } as const;
  return new Intl.DateTimeFormat(locale, form).format(new Date(instant));
}
