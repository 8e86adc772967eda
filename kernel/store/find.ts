import type { RecordType } from '@yitong/kit';
import type { ListQuery } from './store.ts';

/** How a field compares in lists: by code point, or as a number (money is decimal text of fen, compared as one). */
export type FindKind = 'text' | 'number';

/** A declared field that lists filter and sort by. */
export interface FindField {
  readonly name: string;
  readonly kind: FindKind;
}

/** Why a list cannot be answered. */
export type ListFault = 'unknown-field' | 'no-prefix' | 'not-a-number' | 'unknown-cursor';

/** A list that cannot be answered: which part of the query, why, and what helps. */
export class ListRefusal extends Error {
  override readonly name = 'ListRefusal';
  readonly code: ListFault;
  readonly field: string;
  readonly reason: string;
  readonly remedy: string;

  constructor(code: ListFault, field: string, reason: string, remedy: string) {
    super(`${field}: ${reason}; ${remedy}`);
    this.code = code;
    this.field = field;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** A record type as lists see it: its fields by name. */
export interface FindType {
  readonly record: RecordType;
  readonly fields: ReadonlyMap<string, FindField>;
}

const numberKinds = new Set(['money', 'count', 'basis-points', 'number']);
const compositeKinds = new Set(['texts', 'bilingual', 'point', 'file']);

/** Record types by name with their declared fields. Throws for a field whose values have no order. */
export function findTypes(records: readonly RecordType[]): ReadonlyMap<string, FindType> {
  return new Map(records.map((record) => [record.type, { record, fields: findFields(record) }]));
}

function findFields(record: RecordType): ReadonlyMap<string, FindField> {
  const fields = new Map<string, FindField>();
  for (const name of record.find) {
    const kind = kindOf(fieldSchema(record.schema, name));
    if (compositeKinds.has(kind))
      throw new Error(`${record.type}: lists cannot find by '${name}', a ${kind} field`);
    fields.set(name, { name, kind: numberKinds.has(kind) ? 'number' : 'text' });
  }
  return fields;
}

/** The type of a query. Errors: `ListRefusal` for a type that is not declared here. */
export function typeOf(types: ReadonlyMap<string, FindType>, name: string): FindType {
  const found = types.get(name);
  if (found) return found;
  throw new ListRefusal(
    'unknown-field',
    'type',
    `no records of type '${name}'`,
    'name a declared record type as <system>/<record>',
  );
}

/** A field of a query. Errors: `ListRefusal` for a field that is not declared in `find`. */
export function fieldOf(type: FindType, name: string): FindField {
  const found = type.fields.get(name);
  if (found) return found;
  const known = [...type.fields.keys()].join(', ') || 'this type has none';
  throw new ListRefusal(
    'unknown-field',
    name,
    `lists of ${type.record.type} do not find by it`,
    `fields to find by: ${known}`,
  );
}

/** The fields that are looked through for words. Errors: `ListRefusal` for a type that declares none in `search`. */
export function searchFields({ record }: FindType): readonly string[] {
  if (record.search.length > 0) return record.search;
  throw new ListRefusal(
    'unknown-field',
    'q',
    `lists of ${record.type} do not look for words`,
    'find by its fields instead',
  );
}

/** The fields that records are counted by. Errors: `ListRefusal` for one that is not declared in `groups`, and for none. */
export function groupFields({ record }: FindType, by: readonly string[]): readonly string[] {
  const known = record.groups.join(', ') || 'this type has none';
  const wrong = by.length === 0 ? 'by' : by.find((name) => !record.groups.includes(name));
  if (wrong === undefined) return by;
  throw new ListRefusal(
    'unknown-field',
    wrong,
    `${record.type} is not counted by it`,
    `fields to count by: ${known}`,
  );
}

/** Checks a condition's value against its field. Errors: `ListRefusal`. */
export function checkCondition(field: FindField, condition: ListQuery['where'][number]): void {
  if (field.kind === 'text') return;
  if (condition.is === 'prefix')
    throw new ListRefusal('no-prefix', field.name, 'numbers have no prefix', 'use =, >=, <=, > or <');
  if (!/^-?[0-9]{1,30}(\.[0-9]{1,30})?$/.test(condition.value))
    throw new ListRefusal('not-a-number', field.name, 'not a number', 'give decimal digits; money in fen');
}

/** Place of a row in a list's order: its sort value ('' when the list has no sort field), then its key. */
export interface Place {
  readonly sort: string;
  readonly partition: number;
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
}

/** What a missing value sorts as: before all others. */
export const missing: Readonly<Record<FindKind, string>> = { text: '', number: '-Infinity' };

/** Opaque text of a place, good for the same order only. */
export function cursorOf(sort: ListQuery['sort'], place: Place): string {
  const parts = [orderName(sort), place.sort, place.partition, place.subject, place.id, place.owner];
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** Reads `cursorOf`'s text. Errors: `ListRefusal` for any other text, or one of another order. */
export function readCursor(sort: ListQuery['sort'], cursor: string): Place {
  const wrong = (reason: string) =>
    new ListRefusal(
      'unknown-cursor',
      'after',
      reason,
      'give the `next` of the page before, with the same sort',
    );
  const parts = partsOf(cursor);
  if (parts?.length !== 6) throw wrong('not a place in a list');
  const [order, sortValue, partition, subject, id, owner]: readonly unknown[] = parts;
  if (order !== orderName(sort)) throw wrong('a place in a list of another order');
  const texts = [sortValue, subject, id, owner];
  if (!texts.every(isPlainText) || !Number.isSafeInteger(partition)) throw wrong('not a place in a list');
  const place = { sort: String(sortValue), partition: Number(partition), subject: String(subject) };
  return { ...place, id: String(id), owner: String(owner) };
}

/** The values of a group, a missing one null. */
export type GroupValues = readonly (string | null)[];

/** A page of counts: `groups` in order, one more than the page where more follow; opaque text of the place after it. */
export function groupPage<T extends { readonly values: GroupValues }>(
  groups: readonly T[],
  by: readonly string[],
  limit: number,
): { readonly groups: readonly T[]; readonly next: string | undefined } {
  const page = groups.slice(0, limit);
  const last = groups.length > limit ? page.at(-1) : undefined;
  const next =
    last && Buffer.from(JSON.stringify(['by', ...by, ...last.values]), 'utf8').toString('base64url');
  return { groups: page, next };
}

/** The group that a page of counts begins after. Errors: `ListRefusal` for the place of a list or of a count by other fields. */
export function readGroupCursor(by: readonly string[], cursor: string): GroupValues {
  const parts = partsOf(cursor) ?? [];
  const head = ['by', ...by];
  const values = parts.slice(head.length);
  const isOurs = head.every((part, i) => parts[i] === part) && values.length === by.length;
  if (isOurs && values.every((part) => part === null || isPlainText(part)))
    return values.map((part) => (part === null ? null : String(part)));
  throw new ListRefusal(
    'unknown-cursor',
    'after',
    'not a place in this count',
    'give the `next` of the page before',
  );
}

function partsOf(cursor: string): readonly unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

const isPlainText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\u0000');

function orderName(sort: ListQuery['sort']): string {
  return sort === undefined ? '' : `${sort.descending ? '-' : '+'}${sort.field}`;
}

/** Order of texts by code point, which is that of their UTF-8 bytes (COLLATE "C"). */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates before U+E000; by code point they come last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Order of decimal texts by value, exact for integers of any size. */
export function compareNumber(a: string, b: string): number {
  if (/^-?[0-9]+$/.test(a) && /^-?[0-9]+$/.test(b)) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const [left, right] = [Number(a), Number(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The schema of a top-level field, through wrappers, pipes and unions; undefined when there is none. */
function fieldSchema(schema: unknown, name: string): unknown {
  const shape = child(schema, 'shape');
  if (shape !== undefined) return child(shape, name);
  const def = child(schema, 'def');
  const options = child(def, 'options');
  if (Array.isArray(options)) {
    for (const option of options) {
      const found = fieldSchema(option, name);
      if (found !== undefined) return found;
    }
  }
  const inner = child(def, 'innerType') ?? child(def, 'in');
  return inner === undefined ? undefined : fieldSchema(inner, name);
}

/** The `kind` in a schema's meta data, through wrappers; integers and numbers without one are numbers. */
function kindOf(schema: unknown): string {
  if (schema === undefined) return 'text';
  const meta = child(schema, 'meta');
  const own: unknown =
    typeof meta === 'function' ? child(Reflect.apply(meta, schema, []), 'kind') : undefined;
  if (typeof own === 'string') return own;
  const def = child(schema, 'def');
  const type = child(def, 'type');
  if (type === 'number' || type === 'int') return 'number';
  const inner = child(def, 'innerType') ?? child(def, 'in');
  return inner === undefined ? 'text' : kindOf(inner);
}

function child(value: unknown, key: string): unknown {
  const container = typeof value === 'object' || typeof value === 'function';
  return container && value !== null ? Reflect.get(value, key) : undefined;
}
