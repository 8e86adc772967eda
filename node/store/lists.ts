import {
  checkCondition,
  cursorOf,
  type FindField,
  fieldOf,
  type GroupQuery,
  groupFields,
  groupPage,
  type ListQuery,
  type Place,
  partitionOf,
  type Reader,
  type RecordRow,
  readCursor,
  readGroupCursor,
  searchFields,
} from '@yitong/kernel';
import type { Line } from './line.ts';
import { fieldText, type RecordPlace, sortExpression } from './record-tables.ts';
import type { Raw } from './table.ts';

type Where = Omit<ListQuery, 'sort' | 'limit' | 'after'>;

/** Lists of records across partitions, and single ones. */
export function lists(
  line: Line,
  placeOf: (type: string) => RecordPlace,
  partitions: number,
): Pick<Reader, 'list' | 'count' | 'groups' | 'record'> {
  return {
    async list(query) {
      const place = placeOf(query.type);
      const asked = new Conditions(place, query, partitions);
      const sort = query.sort && fieldOf(place.find, query.sort.field);
      const order = sort ? ['(', sortExpression(sort), ')'].join('') : undefined;
      if (query.after !== undefined)
        asked.after(readCursor(query.sort, query.after), sort, query.sort?.descending);
      const direction = query.sort?.descending ? ' desc' : '';
      const by = [...(order ? [order] : []), ...key].map((part) => part + direction).join(', ');
      const raws = await line.ask({
        text: `select t.partition, ${order ?? `''`}::text as "sortValue", ${place.table.select('t')}
          from ${place.table.name} t where ${asked.text} order by ${by} limit ${asked.value(query.limit + 1)}::int`,
        values: asked.values,
      });
      const page = raws.slice(0, query.limit);
      const last = page.at(-1);
      const hasMore = last !== undefined && raws.length > page.length;
      const rows = page.map((raw) => placed(place, query.type, raw));
      return { rows, next: hasMore ? cursorOf(query.sort, placeIn(place, last)) : undefined };
    },
    async count(query) {
      const place = placeOf(query.type);
      const asked = new Conditions(place, query, partitions);
      const text = `select count(*) as count from ${place.table.name} t where ${asked.text}`;
      const [raw] = await line.ask({ text, values: asked.values });
      return Number(raw?.['count']);
    },
    groups: (query) => groups(line, placeOf(query.type), query, partitions),
    async record(type, subject, id, partition) {
      const { table } = placeOf(type);
      const [raw] = await line.ask({
        name: `one_${table.name}`.slice(0, 63),
        text: `select ${table.select('t')} from ${table.name} t
          where partition = $1::int and subject = $2::text and id = $3::text and owner = ''`,
        values: [partition, subject, id],
      });
      return raw && { type, ...table.row(raw) };
    },
  };
}

async function groups(
  line: Line,
  place: RecordPlace,
  query: GroupQuery,
  partitions: number,
): ReturnType<Reader['groups']> {
  const asked = new Conditions(place, query, partitions);
  const fields = groupFields(place.find, query.by);
  const values = fields.map((_, i) => `g${i}.value`);
  const order = values.map((value) => `${value} collate "C" nulls first`);
  if (query.after !== undefined) asked.afterGroup(values, readGroupCursor(query.by, query.after));
  const raws = await line.ask({
    text: `select json_build_array(${values.join(', ')}) as values, count(*) as rows, count(distinct t.subject) as subjects
      from ${place.table.name} t ${fields.map(eachValue).join(' ')} where ${asked.text}
      group by ${values.join(', ')} order by ${order.join(', ')} limit ${asked.value(query.limit + 1)}::int`,
    values: asked.values,
  });
  const found = raws.map((raw) => ({
    values: groupValues(raw['values']),
    rows: Number(raw['rows']),
    subjects: Number(raw['subjects']),
  }));
  return groupPage(found, query.by, query.limit);
}

/** A field's value as text, or each of a list's: an empty list has none, so the row is in no group. */
function eachValue(field: string, i: number): string {
  const value = `body::jsonb->'${field}'`;
  const list = `case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end`;
  return `cross join lateral jsonb_array_elements_text(${list}) g${i}(value)`;
}

function groupValues(raw: unknown): readonly (string | null)[] {
  const values: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
  return Array.isArray(values) ? values.map((value) => (value === null ? null : String(value))) : [];
}

const key = ['partition', 'subject', 'id', 'owner'] as const;

function placed(place: RecordPlace, type: string, raw: Raw): RecordRow & { readonly partition: number } {
  return { type, ...place.table.row(raw), partition: Number(raw['partition']) };
}

function placeIn(place: RecordPlace, raw: Raw): Place {
  const { subject, id, owner } = place.table.row(raw);
  return { sort: String(raw['sortValue']), partition: Number(raw['partition']), subject, id, owner };
}

/** A query's conditions as SQL, values apart. Names of fields come from declarations only. */
class Conditions {
  readonly values: unknown[] = [];
  #parts = ['home'];

  constructor(place: RecordPlace, query: Where, partitions: number) {
    const { subject } = query;
    if (subject !== undefined) {
      this.#parts.push(`partition = ${this.value(partitionOf(subject, partitions))}::int`);
      this.#parts.push(`subject = ${this.value(subject)}::text`);
    }
    if (query.owner !== 'all') this.#parts.push(query.owner === 'own' ? `owner = ''` : `owner <> ''`);
    for (const condition of query.where) {
      const field = fieldOf(place.find, condition.field);
      checkCondition(field, condition);
      this.#parts.push(...this.#meets(field, condition));
    }
    if (query.words !== undefined) this.#parts.push(this.#has(searchFields(place.find), query.words));
  }

  get text(): string {
    return this.#parts.join(' and ');
  }

  /** The placeholder of a value. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** Rows that lie after a place in the list's order. */
  after(place: Place, sort: FindField | undefined, descending: boolean | undefined): void {
    const types = { partition: 'int', subject: 'text', id: 'text', owner: 'text' } as const;
    const from = sort ? [this.#typed(sort, place.sort)] : [];
    const values = key.map((name) => `${this.value(place[name])}::${types[name]}`);
    const order = sort ? [sortExpression(sort)] : [];
    const compare = descending ? '<' : '>';
    this.#parts.push(`(${[...order, ...key].join(', ')}) ${compare} (${[...from, ...values].join(', ')})`);
  }

  /** Groups whose values come after these; a missing one is before all others. */
  afterGroup(fields: readonly string[], values: readonly (string | null)[]): void {
    const here = fields.map((field) => `${field} is not null, coalesce(${field}, '') collate "C"`);
    const there = values.map(
      (value) => `${this.value(value !== null)}::boolean, ${this.value(value ?? '')}::text`,
    );
    this.#parts.push(`(${here.join(', ')}) > (${there.join(', ')})`);
  }

  /** The indexed expression, which takes a missing value for the first of all: a missing value meets no condition. */
  #meets(field: FindField, condition: ListQuery['where'][number]): string[] {
    const expression = sortExpression(field);
    const there = `${fieldText(field)} is not null`;
    if (condition.is !== 'prefix')
      return [`${expression} ${condition.is} ${this.#typed(field, condition.value)}`, there];
    const from = `${expression} >= ${this.#typed(field, condition.value)}`;
    return [from, `starts_with(${expression}, ${this.#typed(field, condition.value)})`, there];
  }

  /** Looked through row by row: no index knows what stands in the middle of a text. */
  #has(names: readonly string[], words: string): string {
    const sought = `lower(${this.value(words)}::text collate "C")`;
    const parts = names.map((name) => `position(${sought} in lower(${fieldText({ name })} collate "C")) > 0`);
    return `(${parts.join(' or ')})`;
  }

  #typed(field: FindField, value: string): string {
    return `${this.value(value)}::${field.kind === 'number' ? 'numeric' : 'text'}`;
  }
}
