import type { Commit, CommitResult, RecordRow } from '@yitong/kernel';
import type { Client } from 'pg';
import { binaryArray, type Column, DataFault, integer, text } from './columns.ts';
import { isBroken, type Line, sqlState } from './line.ts';
import type { Months } from './months.ts';
import type { RecordPlace } from './record-tables.ts';
import type { Statement } from './table.ts';
import {
  awaited,
  balance,
  conversation,
  held,
  hold,
  journalBody,
  posting,
  receipt,
  received,
  seen,
  sent,
  timer,
} from './tables.ts';
import { together } from './together.ts';

/** How long a commit may take before its connection is cut, in ms: longer than any statement may. */
const commitMs = 60_000;

/** Where commits of a partition go. */
export interface CommitWay {
  readonly line: Line;
  readonly months: Months;
  readonly records: ReadonlyMap<string, RecordPlace>;
}

/**
 * Writes a batch as one transaction. Its statements are given to the connection in one synchronous stretch, so a second commit may be
 * given before the first has answered: the fence fails it if the first fails. With `rollback` it is only tried.
 */
export async function writeCommit(
  way: CommitWay,
  commit: Commit,
  end: 'commit' | 'rollback',
): Promise<CommitResult> {
  let statements: Statement[];
  try {
    statements = statementsOf(commit, way.records);
    if (end === 'rollback') statements.push(giveUp);
  } catch (error) {
    if (error instanceof DataFault) return { result: 'refused', code: error.code };
    throw error;
  }
  const months = way.months.missing(commit);
  let client: Client;
  try {
    if (months.length > 0) await way.months.make(months);
    client = await way.line.client();
  } catch (error) {
    if (isBroken(error)) return { result: 'unknown' };
    throw error;
  }
  return run(client, way.line, statements);
}

async function run(client: Client, line: Line, statements: readonly Statement[]): Promise<CommitResult> {
  let isCut = false;
  const watch = setTimeout(() => {
    isCut = true;
    line.drop(client);
  }, commitMs);
  const { done, error } = await together(client, statements).finally(() => clearTimeout(watch));
  if (isCut) return { result: 'unknown' };
  if (error === undefined) return { result: 'done' };
  if (isBroken(error)) {
    line.drop(client);
    return { result: 'unknown' };
  }
  const result = resultOf(sqlState(error) ?? '', statements[done]?.name ?? '');
  if (!result) throw error;
  // The server forgot what was prepared, or the prepared plan no longer fits: begin afresh.
  if (result.result === 'again') line.drop(client);
  return result;
}

/** What an error means; undefined: a mistake of this program. */
function resultOf(state: string, statement: string): CommitResult | undefined {
  if (statement === giveUp.name) return { result: 'done' };
  if (statement === fenceName && state === '22012') return { result: 'fenced' };
  if (state === '23505' && statement === journalName) return { result: 'fenced' };
  if (state === '23505' && statement === `i_${seen.name}`) return { result: 'duplicate' };
  if (state === '53100') return { result: 'full' };
  if (['40001', '40P01', '57014', '55P03', '26000', '0A000'].includes(state)) return { result: 'again' };
  if (state.startsWith('22') || state.startsWith('23')) return { result: 'refused', code: state };
  return undefined;
}

/** Fails behind all others: what is only tried is rolled back, and would have been done. */
const giveUp: Statement = { name: 'give_up', text: 'select 1 / (select 0)', values: [] };
const fenceName = 'fence';
const journalName = 'i_journal';

/** Divides by zero unless the lease is this writer's and the batch before is the one it built on. */
const fence = `select 1 / count(*) from lease l join journal j using (partition)
  where l.partition = $1::int and l.epoch = $2::bigint and j.seq = $3::bigint and j.link = $4::bytea`;

const journal = `insert into journal (partition, seq, epoch, now, count, root, prev, link, head, routes, peers)
  values ($1::int, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bytea, $7::bytea, $8::bytea, $9::bytea, $10::bigint[], $11::text[])`;

/** A hold leaves \`open\` once: the state of one that has left is no number. */
const closeHold = hold
  .upsert(0, [])
  .text.replace(
    '"state" = excluded."state"',
    `"state" = case hold."state" when 'open' then excluded."state" else (hold."state"::int)::text end`,
  );

function statementsOf(commit: Commit, records: CommitWay['records']): Statement[] {
  const { partition, journal: row } = commit;
  const links = [row.root, row.prev, row.link, row.head];
  const numbers = [row.seq, row.epoch, row.now, row.count];
  const statements: Statement[] = [
    { name: fenceName, text: fence, values: [partition, row.epoch, row.seq - 1, row.prev] },
    {
      name: journalName,
      text: journal,
      values: [partition, ...numbers, ...links, listOf(integer, row.routes), listOf(text(), row.peers)],
    },
  ];
  const add = <T>(rows: readonly T[], make: (rows: readonly T[]) => Statement) => {
    if (rows.length > 0) statements.push(make(rows));
  };
  add(commit.bodies, (rows) => journalBody.insert(partition, rows));
  add(commit.seen, (rows) => seen.insert(partition, rows));
  add(commit.received, (rows) => received.insert(partition, rows));
  add(commit.sent, (rows) => sent.insert(partition, rows));
  add(commit.receipts, (rows) => receipt.insert(partition, rows));
  statements.push(...recordStatements(commit, records));
  add(commit.postings, (rows) => posting.insert(partition, rows));
  add(commit.balances, (rows) => balance.upsert(partition, rows));
  const isOpen = (one: { state: string }) => one.state === 'open';
  add(commit.holds.filter(isOpen), (rows) => hold.insert(partition, rows));
  const closed = commit.holds.filter((one) => !isOpen(one));
  add(closed, (rows) => ({ ...hold.upsert(partition, rows), text: closeHold }));
  add(commit.timers.gone, (rows) => timer.remove(partition, ['subject', 'name'], rows));
  add(commit.timers.put, (rows) => timer.upsert(partition, rows));
  add(commit.held.put, (rows) => held.upsert(partition, rows));
  add(commit.held.gone, (rows) =>
    held.remove(
      partition,
      ['at'],
      rows.map((at) => ({ at })),
    ),
  );
  add(commit.conversations, (rows) => conversation.upsert(partition, rows));
  add(commit.awaited.put, (rows) => awaited.upsert(partition, rows));
  const answered = commit.awaited.gone.map((message) => ({ message }));
  add(answered, (rows) => awaited.remove(partition, ['message'], rows));
  return statements;
}

function listOf<V>(column: Column<V>, list: readonly V[]): Buffer {
  return binaryArray(column, list.length, (index) => list[index] as V);
}

function recordStatements(commit: Commit, places: CommitWay['records']): Statement[] {
  const byType = new Map<string, { put: (RecordRow & { body: string })[]; gone: RecordRow[] }>();
  for (const row of commit.records) {
    const rows = byType.get(row.type) ?? { put: [], gone: [] };
    byType.set(row.type, rows);
    const { body } = row;
    if (body === null) rows.gone.push(row);
    else rows.put.push({ ...row, body });
  }
  return [...byType].flatMap(([type, { put, gone }]) => {
    const table = places.get(type)?.table;
    if (!table) throw new Error(`no table for records of type ${type}`);
    const upsert = put.length > 0 ? [table.upsert(commit.partition, put)] : [];
    const key = ['subject', 'id', 'owner'] as const;
    return gone.length > 0 ? [...upsert, table.remove(commit.partition, key, gone)] : upsert;
  });
}
