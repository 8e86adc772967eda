import { createHash } from 'node:crypto';
import type { FindField, FindType } from '@yitong/kernel';
import { missing } from '@yitong/kernel';
import type { Line } from './line.ts';
import type { Table } from './table.ts';
import { recordTable, type StoredRecord } from './tables.ts';

/** A record type's declaration and its table. */
export interface RecordPlace {
  readonly find: FindType;
  readonly table: Table<StoredRecord>;
}

/** The tables of record types, by type. Throws when two types would share one, or a name is longer than SQL takes. */
export function recordPlaces(types: ReadonlyMap<string, FindType>): ReadonlyMap<string, RecordPlace> {
  const names = new Map<string, string>();
  for (const { record } of types.values()) {
    const name = `r_${record.system}_${record.name}`.replaceAll('-', '_');
    if (name.length > 58)
      throw new Error(`${record.type}: its table's name '${name}' is longer than 58 characters`);
    const other = names.get(name);
    if (other !== undefined) throw new Error(`${record.type} and ${other} would share the table ${name}`);
    names.set(name, record.type);
  }
  return new Map(
    [...names].map(([name, type]) => {
      const find = types.get(type);
      if (!find) throw new Error(`no record type ${type}`);
      return [type, { find, table: recordTable(name) }];
    }),
  );
}

/** The value that lists compare and sort by: missing ones come first. */
export function sortExpression(field: FindField): string {
  const value = fieldText(field);
  const first = `'${missing[field.kind]}'`;
  return field.kind === 'number'
    ? `coalesce((${value})::numeric, ${first})`
    : `coalesce(${value}, ${first}) collate "C"`;
}

/** A top-level field as text, null when it is missing. */
export function fieldText(field: Pick<FindField, 'name'>): string {
  return `(body->>'${field.name}')`;
}

/** Makes the tables that are missing, and the indexes of declared fields: at once on a new table, else without stopping writers. */
export async function makeRecordTables(line: Line, places: Iterable<RecordPlace>): Promise<void> {
  for (const { find, table } of places) {
    const [found] = await line.ask({
      text: 'select to_regclass($1) is not null as there',
      values: [table.name],
    });
    const isNew = found?.['there'] !== true;
    if (isNew) {
      await line.ask({
        text: `create table if not exists ${table.name} (${table.definition()}) with (fillfactor = 85)`,
        values: [],
      });
    }
    for (const field of find.fields.values()) await makeIndex(line, table.name, field, isNew);
  }
}

async function makeIndex(line: Line, name: string, field: FindField, isNew: boolean): Promise<void> {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(field.name))
    throw new Error(`${name}: '${field.name}' is no field name`);
  const index = indexName(name, field);
  const [found] = await line.ask({
    text: 'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    values: [index],
  });
  if (found?.['valid'] === true) return;
  // A build that was cut off leaves an index that is written to and never read.
  if (found) await line.ask({ text: `drop index concurrently if exists ${index}`, values: [] });
  const columns = `(${sortExpression(field)}), partition, subject, id, owner`;
  const how = isNew ? '' : 'concurrently';
  await line.ask({
    text: `create index ${how} if not exists ${index} on ${name} (${columns}) where home`,
    values: [],
  });
}

function indexName(table: string, field: FindField): string {
  const digest = createHash('sha256')
    .update(`${table} ${field.name} ${field.kind}`)
    .digest('hex')
    .slice(0, 8);
  const words = `${table}_${field.name}`.toLowerCase().slice(0, 50);
  return `${words}_${digest}`;
}
