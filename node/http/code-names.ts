import type { Locale, RecordType, SystemType } from '@yitong/kit';
import { fieldsOf, plain, type Schema, type Ways } from '../paper/lines.ts';
import type { Door } from './context.ts';

/**
 * Names of what the codes in bodies of a record stand for: from the declared lists of codes, and from the public records that fields name and the code
 * alone finds. In the language asked for where it is kept in it.
 */
export async function namesIn(
  reader: Door['reader'],
  of: { readonly system: SystemType; readonly record: RecordType; readonly locale: Locale },
  bodies: readonly object[],
): Promise<Ways['nameOf']> {
  const fields = fieldsOf(of.record);
  const asked = new Map<string, readonly [names: string, code: string]>();
  for (const body of bodies)
    for (const [names, code] of codesIn({ properties: fields }, body))
      asked.set(keyOf(names, code), [names, code]);
  const found = new Map<string, string>();
  for (const [key, [names, code]] of asked) {
    const name = nameIn(await namedBy(reader, of.system, names, code), of.locale);
    if (name !== undefined) found.set(key, name);
  }
  return (names, code) => found.get(keyOf(names, code));
}

/** Whether codes of this name can be told by name at all. */
export function isNamed({ codeLists, records }: SystemType, names: string): boolean {
  return codeLists.has(names) || isFoundByCode(records.get(names));
}

const keyOf = (names: string, code: string): string => `${names} ${code}`;

function* codesIn(schema: Schema, value: unknown): Generator<readonly [names: string, code: string]> {
  const { names, items = {}, properties = {} } = plain(schema);
  if (Array.isArray(value)) for (const one of value) yield* codesIn(items, one);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(properties)) yield* codesIn(inner, Reflect.get(value, name));
  // A code that is masked or not written as codes are is nobody's.
  else if (names !== undefined && typeof value === 'string' && /^[\x21-\x7e]{1,100}$/.test(value))
    yield [names, value];
}

async function namedBy(
  reader: Door['reader'],
  { codeLists, records }: SystemType,
  names: string,
  code: string,
): Promise<unknown> {
  const list = codeLists.get(names);
  if (list !== undefined) return list.codes.find((one) => one.code === code);
  const named = records.get(names);
  if (!isFoundByCode(named)) return undefined;
  const subject = `${named.about.kind}:${code}`;
  const one = { where: [], sort: undefined, limit: 1, after: undefined, owner: 'all' } as const;
  const { rows } = await reader.list({ ...one, type: named.type, subject });
  return JSON.parse(rows[0]?.body ?? 'null');
}

function isFoundByCode(record: RecordType | undefined): record is RecordType {
  return record?.readers.includes('public') === true && record.each === undefined;
}

function nameIn(value: unknown, locale: Locale): string | undefined {
  const own: unknown =
    (locale === 'en' ? Reflect.get(Object(value), 'nameEn') : undefined) ??
    Reflect.get(Object(value), 'name');
  return typeof own === 'string' ? own : undefined;
}
