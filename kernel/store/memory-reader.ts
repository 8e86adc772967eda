import type { RecordType } from '@yitong/kit';
import {
  checkCondition,
  compareNumber,
  compareText,
  cursorOf,
  type FindField,
  type FindType,
  fieldOf,
  findTypes,
  groupFields,
  groupPage,
  missing,
  type Place,
  readCursor,
  readGroupCursor,
  searchFields,
  typeOf,
} from './find.ts';
import { groupsOf } from './memory-groups.ts';
import { type MemoryTables, newestFirst } from './memory-lookups.ts';
import { tableRows } from './memory-table-rows.ts';
import { keys, type MemoryStep, type PartitionTables } from './memory-tables.ts';
import type { BalanceRow, PostingRow, RecordRow, SentRow } from './rows.ts';
import type { ListQuery, MirrorEntry, Reader, StreamState } from './store.ts';

/** A memory database as its reader sees it. */
export interface ReadableDatabase extends MemoryTables {
  readonly options: {
    readonly records: readonly RecordType[];
    readonly creditAccounts?: ReadonlySet<string>;
  };
}

type PlacedRow = RecordRow & { readonly partition: number };

/** Reads of committed tables in memory. */
export function memoryReader(database: ReadableDatabase, step: MemoryStep): Reader {
  return { ...lists(database, step), ...books(database, step), ...states(database, step) };
}

function lists(
  database: ReadableDatabase,
  step: MemoryStep,
): Pick<Reader, 'list' | 'count' | 'groups' | 'record'> {
  const types = findTypes(database.options.records);
  return {
    async list(query) {
      await step('list');
      const type = typeOf(types, query.type);
      const sort = query.sort && fieldOf(type, query.sort.field);
      const compare = placeOrder(sort, query.sort?.descending ?? false);
      const after = query.after === undefined ? undefined : readCursor(query.sort, query.after);
      const places = matching(database, type, query)
        .map((row) => ({ row, place: { ...row, sort: sort ? sortValue(row, sort) : '' } }))
        .filter(({ place }) => after === undefined || compare(place, after) > 0)
        .sort((a, b) => compare(a.place, b.place));
      const page = places.slice(0, query.limit);
      const last = page.at(-1);
      const next = last && places.length > page.length ? cursorOf(query.sort, last.place) : undefined;
      return { rows: page.map(({ row }) => row), next };
    },
    async count(query) {
      await step('count');
      return matching(database, typeOf(types, query.type), query).length;
    },
    async groups(query) {
      await step('groups');
      const type = typeOf(types, query.type);
      const by = groupFields(type, query.by);
      const after = query.after === undefined ? undefined : readGroupCursor(by, query.after);
      return groupPage(groupsOf(matching(database, type, query), by, after), by, query.limit);
    },
    async record(type, subject, id, partition) {
      await step('record');
      typeOf(types, type);
      const rows = database.partition(partition).records.get(type)?.get(subject);
      return rows?.get(keys.record({ id, owner: '' }));
    },
  };
}

function matching(
  database: ReadableDatabase,
  type: FindType,
  query: Omit<ListQuery, 'sort' | 'limit' | 'after'>,
): PlacedRow[] {
  const tests = query.where.map((condition) => {
    const field = fieldOf(type, condition.field);
    checkCondition(field, condition);
    return (row: RecordRow) => meets(textOf(row, field), field, condition);
  });
  const { words } = query;
  const searched = words === undefined ? [] : searchFields(type);
  const hasWords = (row: RecordRow) =>
    words === undefined || searched.some((name) => lower(textOf(row, { name }) ?? '').includes(lower(words)));
  const isAsked = (row: RecordRow) =>
    row.home &&
    hasWords(row) &&
    (query.subject === undefined || row.subject === query.subject) &&
    (query.owner === 'all' || (row.owner === '') === (query.owner === 'own'));
  return database.tables.partitions.flatMap((tables, partition) =>
    recordRows(tables, query.type)
      .filter((row) => isAsked(row) && tests.every((test) => test(row)))
      .map((row) => ({ ...row, partition })),
  );
}

function recordRows(tables: PartitionTables, type: string): RecordRow[] {
  const subjects = tables.records.get(type)?.values() ?? [];
  return [...subjects].flatMap((rows) => [...rows.values()]);
}

function meets(text: string | undefined, field: FindField, condition: ListQuery['where'][number]): boolean {
  if (text === undefined) return false;
  const order = (field.kind === 'number' ? compareNumber : compareText)(text, condition.value);
  switch (condition.is) {
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case 'prefix':
      return text.startsWith(condition.value);
  }
}

/** A top-level field of the body as text; undefined when it is absent or null. */
function textOf(row: RecordRow, field: Pick<FindField, 'name'>): string | undefined {
  const body: unknown = JSON.parse(row.body ?? '{}');
  const value: unknown = Reflect.get(Object(body), field.name);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Latin letters made small, as the database does it under COLLATE "C". */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function sortValue(row: RecordRow, field: FindField): string {
  return textOf(row, field) ?? missing[field.kind];
}

function placeOrder(sort: FindField | undefined, descending: boolean): (a: Place, b: Place) => number {
  const bySort = sort?.kind === 'number' ? compareNumber : compareText;
  const compare = (a: Place, b: Place) =>
    bySort(a.sort, b.sort) ||
    a.partition - b.partition ||
    compareText(a.subject, b.subject) ||
    compareText(a.id, b.id) ||
    compareText(a.owner, b.owner);
  return descending ? (a, b) => compare(b, a) : compare;
}

type Books = Pick<Reader, 'balances' | 'mirrors' | 'mirrorTotals'>;

function books(database: ReadableDatabase, step: MemoryStep): Books {
  return {
    async balances(prefix) {
      await step('balances');
      const rows = database.tables.partitions.flatMap((tables) => [...tables.balances.values()]);
      const sums = new Map<string, BalanceRow>();
      for (const row of rows)
        if (row.account.startsWith(prefix)) sums.set(row.account, plus(sums.get(row.account), row));
      return [...sums.values()].sort((a, b) => compareText(a.account, b.account));
    },
    async mirrors(query) {
      await step('mirrors');
      const { after, limit } = query;
      const entries = mirrorEntries(database, query).filter(
        (row) => after === undefined || row.transfer > after,
      );
      const more = entries[limit]?.transfer === entries[limit - 1]?.transfer ? 1 : 0;
      return entries.slice(0, limit + more);
    },
    async mirrorTotals(query) {
      await step('mirrorTotals');
      return totals(mirrorEntries(database, query));
    },
  };
}

function plus(sum: BalanceRow | undefined, row: BalanceRow): BalanceRow {
  if (!sum) return row;
  return {
    account: row.account,
    debit: sum.debit + row.debit,
    credit: sum.credit + row.credit,
    heldDebit: sum.heldDebit + row.heldDebit,
    heldCredit: sum.heldCredit + row.heldCredit,
    at: Math.max(sum.at, row.at),
  };
}

/** Entries on mirrored accounts in order of (transfer, leg). */
function mirrorEntries(database: ReadableDatabase, query: { peer?: string; period?: string }): MirrorEntry[] {
  const credit = database.options.creditAccounts ?? new Set<string>();
  const placed = database.tables.partitions.flatMap((tables, partition) =>
    [...tables.postings.values()].map((row) => ({ row, partition })),
  );
  return placed
    .filter(({ row }) => row.peer !== null && (query.peer === undefined || row.peer === query.peer))
    .filter(({ row }) => query.period === undefined || row.period === query.period)
    .sort((a, b) => compareText(a.row.transfer, b.row.transfer) || a.row.leg - b.row.leg)
    .map(({ row, partition }) => mirrorEntry(row, partition, credit));
}

function mirrorEntry(row: PostingRow, partition: number, credit: ReadonlySet<string>): MirrorEntry {
  const { transfer, account, period, kind, at } = row;
  const fen = credit.has(systemAccount(account)) ? -row.fen : row.fen;
  return { transfer, account, peer: row.peer ?? '', period, fen, partition, kind, at };
}

/** The account without the member or party it is kept for. */
function systemAccount(account: string): string {
  return account.split(':', 1)[0] ?? account;
}

type MirrorTotal = Awaited<ReturnType<Reader['mirrorTotals']>>[number];

function totals(entries: readonly MirrorEntry[]): MirrorTotal[] {
  const sums = new Map<string, MirrorTotal>();
  for (const { account, peer, period, fen } of entries) {
    const key = `${systemAccount(account)}\n${peer}\n${period}`;
    const sum = sums.get(key) ?? { account: systemAccount(account), peer, period, count: 0, fen: 0n };
    sums.set(key, { ...sum, count: sum.count + 1, fen: sum.fen + fen });
  }
  const name = compareText;
  return [...sums.values()].sort(
    (a, b) => name(a.account, b.account) || name(a.peer, b.peer) || name(a.period, b.period),
  );
}

function states(
  database: ReadableDatabase,
  step: MemoryStep,
): Pick<Reader, 'conversation' | 'held' | 'streams' | 'table'> {
  return {
    async conversation(partition, command) {
      await step('conversation');
      return database.partition(partition).conversations.get(command);
    },
    async held(limit) {
      await step('held');
      const rows = database.tables.partitions.flatMap((tables, partition) =>
        [...tables.held.values()].map((row) => ({ ...row, partition })),
      );
      return rows.sort((a, b) => a.partition - b.partition || a.at - b.at).slice(0, limit);
    },
    async streams() {
      await step('streams');
      return database.tables.partitions.flatMap(streamStates);
    },
    async *table(name, partition) {
      await step('table');
      yield* tableRows(database.partition(partition), name);
    },
  };
}

function streamStates(tables: PartitionTables, partition: number): StreamState[] {
  const found = new Map<string, StreamState>();
  const at = (row: { peer: string; stream: string }): StreamState =>
    found.get(keys.stream(row)) ?? {
      partition,
      peer: row.peer,
      stream: row.stream,
      sentSeq: 0,
      receiptedSeq: 0,
      receivedSeq: 0,
    };
  for (const frames of newestFirst<SentRow>(tables.sent.values())) {
    const [last] = frames;
    const receiptedSeq = frames.find((row) => tables.receipts.has(keys.frame(row)))?.seq ?? 0;
    found.set(keys.stream(last), { ...at(last), sentSeq: last.seq, receiptedSeq });
  }
  for (const [last] of newestFirst(tables.received.values()))
    found.set(keys.stream(last), { ...at(last), receivedSeq: last.seq });
  return [...found.values()].sort((a, b) => compareText(a.peer, b.peer) || compareText(a.stream, b.stream));
}
