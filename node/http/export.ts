import { Readable } from 'node:stream';
import type { ListQuery, RecordView } from '@yitong/kernel';
import type { Locale, RecordType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesIn } from './code-names.ts';
import type { Door } from './context.ts';
import { byteOrderMark, csvLine } from './csv.ts';
import { fault, Refused } from './faults.ts';
import { featureOf } from './geojson.ts';
import { listSheet, sheetRowsMax } from './list-sheet.ts';
import { queryFault } from './query-faults.ts';
import { viewOf } from './rows.ts';
import { workbookType } from './workbook.ts';

/** Forms in which a list leaves the node beside JSON. */
export type ExportForm = 'csv' | 'geojson' | 'xlsx';

const types: Readonly<Record<ExportForm, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  geojson: 'application/geo+json',
  xlsx: workbookType,
};
const pageSize = 200;

/**
 * The form that `format=csv|xlsx|geojson` or the Accept header asks for; undefined for JSON. Errors: 400 for another form, and for
 * GeoJSON of records that lie nowhere.
 */
export function formAsked(record: RecordType, { query, headers }: FastifyRequest): ExportForm | undefined {
  const { format } = query as { format?: unknown };
  const accept = headers.accept ?? '';
  const form =
    format ??
    (accept.includes('text/csv') ? 'csv' : accept.includes('application/geo+json') ? 'geojson' : 'json');
  if (form === 'json') return undefined;
  if (form === 'csv' || form === 'xlsx' || (form === 'geojson' && record.map !== undefined)) return form;
  const forms = record.map === undefined ? ['json', 'csv', 'xlsx'] : ['json', 'csv', 'xlsx', 'geojson'];
  throw new Refused((locale) =>
    fault('invalid-query', locale, { errors: [queryFault('format', 'not-one-of', locale, forms)] }),
  );
}

/** A row's key and declared fields, as whoever asks may see them. */
export interface ShownRow {
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
  readonly value: object;
}

/** What an export needs of the list that it writes. */
export interface Exported {
  readonly record: RecordType;
  readonly query: ListQuery;
  /** Notes who was shown, before the rows leave. */
  note(views: readonly RecordView[]): Promise<void>;
  /** A row's key and declared fields, masked as in the list. */
  shown(view: RecordView): ShownRow;
}

/** Sends all rows of the list, page after page as they are read; `limit` and `cursor` do not count. */
export async function sendExport(
  door: Door,
  of: Exported,
  form: ExportForm,
  reply: FastifyReply,
  locale: Locale,
): Promise<FastifyReply> {
  const name = `${of.record.type.replace('/', '-')}.${form}`;
  reply.header('content-type', types[form]).header('content-disposition', `attachment; filename="${name}"`);
  if (form !== 'xlsx') return reply.send(Readable.from(form === 'csv' ? csv(door, of) : geojson(door, of)));
  const system = door.systems.find((one) => one.name === of.record.system);
  if (system === undefined) throw new Error(`${of.record.type} belongs to no system of this node`);
  const rows = await sheetRows(door, of);
  const { record } = of;
  const bodies = rows.map(({ value }) => value);
  const nameOf = await namesIn(door.reader, { system, record, locale }, bodies);
  return reply.send(await listSheet({ system, record, rows, member: door.config.member, locale, nameOf }));
}

/** Errors: 400 when there are more rows than a workbook holds. */
async function sheetRows(door: Door, of: Exported): Promise<readonly ShownRow[]> {
  if ((await door.reader.count(of.query)) > sheetRowsMax)
    throw new Refused((locale) =>
      fault('invalid-query', locale, { errors: [queryFault('format', 'not-one-of', locale, ['csv'])] }),
    );
  const rows: ShownRow[] = [];
  for await (const view of views(door, of)) rows.push(of.shown(view));
  return rows;
}

async function* csv(door: Door, of: Exported): AsyncGenerator<string> {
  const fields = of.record.list;
  yield byteOrderMark + csvLine(['subject', 'id', 'owner', ...fields]);
  for await (const view of views(door, of)) {
    const { subject, id, owner, value } = of.shown(view);
    const cells = fields.map((name) => Reflect.get(value, name) as unknown);
    yield csvLine([subject, id, owner || door.config.member, ...cells]);
  }
}

async function* geojson(door: Door, of: Exported): AsyncGenerator<string> {
  let between = '{"type":"FeatureCollection","features":[\n';
  for await (const view of views(door, of)) {
    const { subject, id, owner, value } = of.shown(view);
    const key = { subject, id, owner: owner || door.config.member };
    const shape = of.record.map?.(of.record.schema.parse(view.value));
    yield between + JSON.stringify(featureOf(Object.values(key).join(' '), shape, { ...key, ...value }));
    between = ',\n';
  }
  yield between.startsWith('{') ? `${between}]}\n` : '\n]}\n';
}

async function* views(door: Door, { record, query, note }: Exported): AsyncGenerator<RecordView> {
  let after: string | undefined;
  do {
    const page = await door.reader.list({ ...query, limit: pageSize, after });
    const all = page.rows.map((row) => viewOf(record, row));
    await note(all);
    yield* all;
    after = page.next;
  } while (after !== undefined);
}
