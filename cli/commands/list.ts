import type { RecordType } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { type Connection, connect } from '../connect.ts';
import type { Exit } from '../exit-codes.ts';
import { type Call, expectJson } from '../http/api.ts';
import { isObject } from '../json/difference.ts';
import { typeAsked, writeFile } from '../lists/file.ts';
import { showGroups } from '../lists/groups.ts';
import { jsonText } from '../output.ts';
import { purposeHeaders } from '../purpose.ts';
import { addCondition } from '../query.ts';
import { rolesFor } from '../roles.ts';
import { declared } from '../systems.ts';
import { table } from '../table.ts';

const pageMax = 200;

/** Lists records, page after page with `--all`; with `--json` one record a line. `--by` counts them, `--format` writes all of them as a file. */
export const run: Run = async (invocation) => {
  const { args, options, output } = invocation;
  const [path = ''] = args;
  const { system, found: record } = await declared('record', path, (system) => system.records);
  const connection = await connect(invocation, { roles: rolesFor(record.system, record.readers) });
  const most = options.flag('all') ? Number.POSITIVE_INFINITY : (options.whole('limit', 1, 1_000_000) ?? 50);
  const query = queryOf(invocation);
  const headers = purposeHeaders(invocation, system, record);
  const type = typeAsked(invocation);
  if (type !== undefined) {
    await writeFile(
      connection.api,
      { method: 'GET', path, query, headers: { ...headers, accept: type } },
      invocation,
    );
    return 'done';
  }
  const by = options.text('by');
  if (by !== undefined) {
    query.set('by', by);
    await showGroups(
      output,
      by.split(','),
      await allItems(connection, { method: 'GET', path, query, headers }),
    );
    return 'done';
  }
  return await listAll(invocation, connection, record, { method: 'GET', path, query, headers }, most);
};

async function listAll(
  invocation: Invocation,
  connection: Connection,
  record: RecordType,
  call: Call & { readonly query: URLSearchParams },
  most: number,
): Promise<Exit> {
  const { output, stop } = invocation;
  const { query } = call;
  let shown = 0;
  for (;;) {
    query.set('limit', String(Math.min(pageMax, most - shown)));
    const { items, next } = await page(connection, call);
    await show(invocation, record, items, shown === 0);
    shown += items.length;
    if (next === undefined || shown >= most || stop.aborted) {
      if (shown === 0) output.note('No records.');
      else if (next !== undefined) output.note(`${shown} shown; there are more: --all, or --limit.`);
      return stop.aborted ? 'interrupted' : 'done';
    }
    query.set('cursor', next);
  }
}

async function allItems(
  connection: Connection,
  call: Call & { readonly query: URLSearchParams },
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (;;) {
    const { items, next } = await page(connection, call);
    all.push(...items);
    if (next === undefined) return all;
    call.query.set('cursor', next);
  }
}

function queryOf({ options }: Invocation): URLSearchParams {
  const query = new URLSearchParams();
  for (const condition of options.texts('where')) addCondition(query, condition);
  const sort = options.text('sort');
  if (sort !== undefined) query.set('sort', sort);
  const owner = options.text('owner');
  if (owner !== undefined) query.set('owner', owner);
  return query;
}

async function page(
  { api }: Connection,
  call: Call,
): Promise<{ readonly items: readonly unknown[]; readonly next: string | undefined }> {
  const json = expectJson(await api.call(call));
  if (!isObject(json) || !Array.isArray(json['data'])) return { items: [], next: undefined };
  const { data: items, next } = json;
  return { items, next: typeof next === 'string' ? next : undefined };
}

async function show(
  { output }: Invocation,
  record: RecordType,
  items: readonly unknown[],
  first: boolean,
): Promise<void> {
  if (output.json) {
    for (const item of items) await output.line(jsonText(item));
    return;
  }
  const rows = items.filter(isObject).map((item) => rowOf(item, record));
  const from = record.copies === 'all' ? ['FROM'] : [];
  const fields = record.list.length > 0 ? record.list : fieldsOf(items);
  const lines = table(
    ['SUBJECT', ...from, ...fields],
    rows.map((row) => [
      row.subject,
      ...from.map(() => row.owner),
      ...fields.map((field) => cell(row.value[field])),
    ]),
    output.width,
  );
  for (const line of rows.length === 0 ? [] : lines.slice(first ? 0 : 1)) output.say(line);
}

function rowOf(item: Readonly<Record<string, unknown>>, record: RecordType) {
  const value = isObject(item['value']) ? item['value'] : {};
  const key = record.each === undefined || item['id'] === '' ? '' : ` ${item['id']}`;
  return { subject: `${item['subject']}${key}`, owner: String(item['owner'] ?? ''), value };
}

function fieldsOf(items: readonly unknown[]): readonly string[] {
  const [first] = items;
  return isObject(first) && isObject(first['value']) ? Object.keys(first['value']).slice(0, 4) : [];
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : jsonText(value);
}
