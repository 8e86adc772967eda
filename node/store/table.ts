import { binaryArray, type Column } from './columns.ts';

/** A row as the driver gives it, by the names of the row type. */
export type Raw = Readonly<Record<string, unknown>>;

/** A table's columns after `partition`, by the names of its row type. */
export type Columns<Row> = { readonly [K in keyof Row]: Column<Row[K]> };

/** A statement for the driver: `name` prepares it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** One of a partition's tables: its SQL, and its rows to and from the wire. Each statement's first parameter is the partition. */
export interface Table<Row> {
  readonly name: string;
  readonly key: readonly (keyof Row & string)[];
  readonly columns: Columns<Row>;
  /** `"from_at" as "fromAt", …` for a query in which the table has this alias. */
  select(alias: string): string;
  /** Columns with types, and the primary key. */
  definition(): string;
  insert(partition: number, rows: readonly Row[]): Statement;
  /** Insert, or put the new row in the place of the one with the same key. */
  upsert(partition: number, rows: readonly Row[]): Statement;
  /** Takes rows away by key. */
  remove<K extends keyof Row & string>(
    partition: number,
    names: readonly K[],
    rows: readonly Pick<Row, K>[],
  ): Statement;
  row(raw: Raw): Row;
}

/** Describes a table. */
export function table<Row extends object>(
  name: string,
  key: readonly (keyof Row & string)[],
  columns: Columns<Row>,
): Table<Row> {
  // Object.keys forgets that its results are keys of this very object.
  const fields = Object.keys(columns) as (keyof Row & string)[];
  const texts = statements(name, key, fields, columns);
  const arrays = (partition: number, rows: readonly Row[]): unknown[] => [
    partition,
    ...fields.map((field) => arrayOf(columns, field, rows)),
  ];
  return {
    name,
    key,
    columns,
    select: (alias) => fields.map((field) => `${alias}.${column(field)} as "${field}"`).join(', '),
    definition: () => definition(key, fields, columns),
    insert: (partition, rows) => ({
      name: `i_${name}`.slice(0, 63),
      text: texts.insert,
      values: arrays(partition, rows),
    }),
    upsert: (partition, rows) => ({
      name: `u_${name}`.slice(0, 63),
      text: texts.upsert,
      values: arrays(partition, rows),
    }),
    remove: (partition, names, rows) => removal(name, columns, partition, names, rows),
    // The cast gathers what each column made sure of by itself.
    row: (raw) => Object.fromEntries(fields.map((field) => [field, columns[field].read(raw[field])])) as Row,
  };
}

/** Quoted name of a field's column: `fromAt` is `"from_at"`. */
export function column(field: string): string {
  return `"${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
}

function arrayOf<Row, K extends keyof Row>(
  columns: Columns<Row>,
  field: K,
  rows: readonly Pick<Row, K>[],
): Buffer {
  return binaryArray(columns[field], rows.length, (index) => at(rows, index)[field]);
}

function at<T>(rows: readonly T[], index: number): T {
  const row = rows[index];
  if (row === undefined) throw new Error(`no row ${index}`);
  return row;
}

const bare = (sql: string): string => sql.split(' ', 1)[0] ?? sql;

function statements<Row>(
  name: string,
  key: readonly (keyof Row & string)[],
  fields: readonly (keyof Row & string)[],
  columns: Columns<Row>,
): { insert: string; upsert: string } {
  const names = fields.map(column);
  const arrays = fields.map((field, index) => `$${index + 2}::${bare(columns[field].sql)}[]`);
  const source = `select $1::int, * from unnest(${arrays.join(', ')})`;
  const insert = `insert into ${name} (partition, ${names.join(', ')}) ${source}`;
  const target = ['partition', ...key.map(column)].join(', ');
  const changed = fields.filter((field) => !key.includes(field)).map(column);
  const sets = changed.map((one) => `${one} = excluded.${one}`).join(', ');
  return { insert, upsert: `${insert} on conflict (${target}) do update set ${sets}` };
}

function definition<Row>(
  key: readonly (keyof Row & string)[],
  fields: readonly (keyof Row & string)[],
  columns: Columns<Row>,
): string {
  const lines = fields.map((field) => {
    const { sql, nullable } = columns[field];
    return `${column(field)} ${sql}${nullable ? '' : ' not null'}`;
  });
  return `partition int not null, ${lines.join(', ')}, primary key (partition, ${key.map(column).join(', ')})`;
}

function removal<Row, K extends keyof Row & string>(
  name: string,
  columns: Columns<Row>,
  partition: number,
  names: readonly K[],
  rows: readonly Pick<Row, K>[],
): Statement {
  const arrays = names.map((field, index) => `$${index + 2}::${bare(columns[field].sql)}[]`);
  const list = names.map(column).join(', ');
  const same = names.map((field) => `t.${column(field)} = gone.${column(field)}`).join(' and ');
  const from = `unnest(${arrays.join(', ')}) as gone(${list})`;
  const text = `delete from ${name} t using ${from} where t.partition = $1::int and ${same}`;
  const values = [partition, ...names.map((field) => arrayOf(columns, field, rows))];
  return { name: `d_${name}`.slice(0, 63), text, values };
}
