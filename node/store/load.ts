import type { Loaded, Miss, PostingRow, RecordRow, Store, TimerRow } from '@yitong/kernel';
import type { Line, Query } from './line.ts';
import type { RecordPlace } from './record-tables.ts';
import type { Table } from './table.ts';
import { awaited, balance, conversation, hold, posting, timer } from './tables.ts';

/** Finds what a batch lacks: one query for each table, all sent together. */
export async function loadMisses(
  line: Line,
  places: ReadonlyMap<string, RecordPlace>,
  partition: number,
  misses: readonly Miss[],
): Promise<Loaded> {
  const wanted = sorted(misses);
  const [records, balances, holds, postings, conversations, awaitedRows] = await Promise.all([
    loadRecords(line, places, partition, wanted),
    byKeys(line, balance, partition, 'account', 'text', wanted.accounts),
    byKeys(line, hold, partition, 'name', 'text', wanted.holds),
    byKeys<PostingRow>(line, posting, partition, 'transfer', 'uuid', wanted.transfers),
    byKeys(line, conversation, partition, 'command', 'uuid', wanted.commands),
    byKeys(line, awaited, partition, 'message', 'uuid', wanted.messages),
  ]);
  holds.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index));
  return { records, balances, holds, postings, conversations, awaited: awaitedRows };
}

/** Timers due, the earliest first, and when the next one after them is. */
export async function loadDue(
  line: Line,
  partition: number,
  now: number,
  limit: number,
): ReturnType<Store['due']> {
  const columns = timer.select('t');
  const raws = await line.ask({
    name: 'due',
    text: `(select ${columns} from timer t where partition = $1::int and due <= $2::bigint
        order by due, subject, name limit $3::int + 1)
      union all
      (select ${columns} from timer t where partition = $1::int and due > $2::bigint order by due, subject, name limit 1)`,
    values: [partition, now, limit],
  });
  const rows = raws.map(timer.row).sort((a, b) => a.due - b.due || compare(a, b));
  const timers = rows.filter((row) => row.due <= now).slice(0, limit);
  return { timers, nextDue: rows[timers.length]?.due };
}

function compare(a: TimerRow, b: TimerRow): number {
  return Buffer.compare(Buffer.from(`${a.subject}\n${a.name}`), Buffer.from(`${b.subject}\n${b.name}`));
}

interface Wanted {
  /** Whole subjects and single records, by type. */
  readonly subjects: Map<string, Set<string>>;
  readonly records: Map<string, { subject: string; id: string }[]>;
  readonly accounts: string[];
  readonly holds: string[];
  readonly transfers: string[];
  readonly commands: string[];
  readonly messages: string[];
}

function sorted(misses: readonly Miss[]): Wanted {
  const wanted: Wanted = {
    subjects: new Map(),
    records: new Map(),
    accounts: [],
    holds: [],
    transfers: [],
    commands: [],
    messages: [],
  };
  for (const miss of misses) {
    if (miss.table === 'records') add(wanted.subjects, miss.type, () => new Set<string>()).add(miss.subject);
    else if (miss.table === 'record') add(wanted.records, miss.type, () => []).push(miss);
    else if (miss.table === 'balance') wanted.accounts.push(miss.account);
    else if (miss.table === 'hold') wanted.holds.push(miss.name);
    else if (miss.table === 'transfer') wanted.transfers.push(miss.transfer);
    else if (miss.table === 'conversation') wanted.commands.push(miss.command);
    else wanted.messages.push(miss.message);
  }
  return wanted;
}

function add<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

async function byKeys<Row>(
  line: Line,
  table: Table<Row>,
  partition: number,
  key: string,
  type: 'text' | 'uuid',
  values: readonly string[],
): Promise<Row[]> {
  if (values.length === 0) return [];
  const raws = await line.ask({
    name: `l_${table.name}`,
    text: `select ${table.select('t')} from ${table.name} t where partition = $1::int and ${key} = any($2::${type}[])`,
    values: [partition, [...new Set(values)]],
  });
  return raws.map(table.row);
}

async function loadRecords(
  line: Line,
  places: ReadonlyMap<string, RecordPlace>,
  partition: number,
  wanted: Wanted,
): Promise<RecordRow[]> {
  const types = new Set([...wanted.subjects.keys(), ...wanted.records.keys()]);
  const found = await Promise.all(
    [...types].map(async (type) => {
      const table = places.get(type)?.table;
      if (!table) throw new Error(`no table for records of type ${type}`);
      const subjects = wanted.subjects.get(type) ?? new Set<string>();
      const single = (wanted.records.get(type) ?? []).filter(({ subject }) => !subjects.has(subject));
      const queries: Query[] = [];
      if (subjects.size > 0) queries.push(bySubject(table.name, table.select('t'), partition, [...subjects]));
      if (single.length > 0) queries.push(byRecord(table.name, table.select('t'), partition, single));
      const raws = await Promise.all(queries.map((query) => line.ask(query)));
      return raws.flat().map((raw) => ({ type, ...table.row(raw) }));
    }),
  );
  return unique(found.flat());
}

function bySubject(name: string, columns: string, partition: number, subjects: readonly string[]): Query {
  const text = `select ${columns} from ${name} t where partition = $1::int and subject = any($2::text[])
    order by subject, id, owner`;
  return { name: `s_${name}`, text, values: [partition, subjects] };
}

/** `offset 0` keeps the planner to one look into the key for each wanted record. */
function byRecord(
  name: string,
  columns: string,
  partition: number,
  wanted: readonly { subject: string; id: string }[],
): Query {
  const text = `select ${columns} from unnest($2::text[], $3::text[]) as k(subject, id) cross join lateral
    (select * from ${name} where partition = $1::int and subject = k.subject and id = k.id offset 0) t`;
  const [subjects, ids] = [wanted.map((one) => one.subject), wanted.map((one) => one.id)];
  return { name: `o_${name}`, text, values: [partition, subjects, ids] };
}

function unique(rows: readonly RecordRow[]): RecordRow[] {
  return [
    ...new Map(rows.map((row) => [`${row.type}\n${row.subject}\n${row.id}\n${row.owner}`, row])).values(),
  ];
}
