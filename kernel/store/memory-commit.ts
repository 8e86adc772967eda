import { keys, type PartitionTables } from './memory-tables.ts';
import type { RecordRow } from './rows.ts';
import type { Commit, CommitResult } from './store.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const fenMax = 2n ** 63n - 1n;
const done: CommitResult = { result: 'done' };
const refused = (code: string): CommitResult => ({ result: 'refused', code });

/** Writes a commit or nothing, by the rules that PostgreSQL's keys and types keep, in the order in which it meets them. */
export function applyCommit(
  tables: PartitionTables,
  commit: Commit,
  types: ReadonlySet<string>,
): CommitResult {
  const result = probeCommit(tables, commit, types);
  if (result.result !== 'done') return result;
  writeJournal(tables, commit);
  writeExchange(tables, commit);
  for (const row of commit.records) writeRecord(tables, row);
  writeLedger(tables, commit);
  writeWork(tables, commit);
  return done;
}

/** What would become of a commit. */
export function probeCommit(
  tables: PartitionTables,
  commit: Commit,
  types: ReadonlySet<string>,
): CommitResult {
  return fenceFault(tables, commit) ?? keyFault(tables, commit) ?? dataFault(commit, types) ?? done;
}

function fenceFault(tables: PartitionTables, { journal }: Commit): CommitResult | undefined {
  const before = tables.journal[journal.seq - 1];
  const follows = before !== undefined && Buffer.compare(before.link, journal.prev) === 0;
  if (tables.lease.epoch === journal.epoch && follows && tables.journal[journal.seq] === undefined)
    return undefined;
  return { result: 'fenced' };
}

/** Insert-only tables refuse a key that is there; the second of two equal keys within a commit as well. */
function keyFault(tables: PartitionTables, commit: Commit): CommitResult | undefined {
  if (taken(commit.bodies, (row) => `${row.month}\n${row.class}`, new Map())) return refused('23505');
  if (taken(commit.seen, keys.seen, tables.seen)) return { result: 'duplicate' };
  if (taken(commit.received, keys.frame, tables.received)) return refused('23505');
  if (taken(commit.sent, keys.frame, tables.sent)) return refused('23505');
  if (taken(commit.receipts, keys.frame, tables.receipts)) return refused('23505');
  if (taken(commit.postings, keys.leg, tables.postings)) return refused('23505');
  const reversals = commit.postings.filter((row) => row.reverses !== null);
  const reversal = (row: { reverses: string | null; leg: number }) => `${row.reverses}\n${row.leg}`;
  if (taken(reversals, reversal, tables.reversed)) return refused('23505');
  for (const row of commit.holds) {
    const there = tables.holds.get(row.transfer);
    if (there && row.state === 'open') return refused('23505');
    // A hold leaves `open` once.
    if (there && there.state !== 'open') return refused('22P02');
  }
  checkUpserts(commit);
  return undefined;
}

function taken<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  there: { has(key: string): boolean },
): boolean {
  const own = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    if (there.has(key) || own.has(key)) return true;
    own.add(key);
  }
  return false;
}

/** The same key twice in one bulk write is a mistake of the writer (SQL 21000), not of the data. */
function checkUpserts(commit: Commit): void {
  const none = new Set<string>();
  const twice =
    taken(commit.records, (row) => `${row.type}\n${row.subject}\n${keys.record(row)}`, none) ||
    taken(commit.balances, (row) => row.account, none) ||
    taken(commit.holds, (row) => row.transfer, none) ||
    taken(commit.timers.put, keys.timer, none) ||
    taken(commit.held.put, (row) => String(row.at), none) ||
    taken(commit.conversations, (row) => row.command, none) ||
    taken(commit.awaited.put, (row) => row.message, none);
  if (twice) throw new Error('a commit writes the same key twice');
}

/** What SQL's types refuse: text with NUL, ids that are no UUIDs, amounts beyond bigint, bodies that are no JSON. */
function dataFault(commit: Commit, types: ReadonlySet<string>): CommitResult | undefined {
  for (const row of commit.records) {
    if (!types.has(row.type)) throw new Error(`no table for records of type ${row.type}`);
    const fault = bodyFault(row.body) ?? textFault(row.subject + row.id + row.owner);
    if (fault) return fault;
  }
  const ids = [
    ...commit.seen.map((row) => row.id),
    ...commit.postings.map((row) => row.transfer),
    ...commit.holds.map((row) => row.transfer),
    ...commit.conversations.map((row) => row.command),
    ...commit.awaited.put.map((row) => row.message),
  ];
  if (!ids.every((id) => uuid.test(id))) return refused('22P02');
  const amounts = [
    ...commit.postings.map((row) => row.fen),
    ...commit.balances.flatMap((row) => [row.debit, row.credit, row.heldDebit, row.heldCredit]),
    ...commit.holds.map((row) => row.fen),
  ];
  if (amounts.some((fen) => fen > fenMax || fen < -fenMax - 1n)) return refused('22003');
  const texts = [
    ...commit.timers.put.map((row) => row.subject + row.name + row.data),
    ...commit.held.put.map((row) => row.subject + row.reason),
    ...commit.awaited.put.map((row) => row.data),
    ...commit.conversations.map((row) => row.problem),
  ];
  return texts.map(textFault).find((fault) => fault !== undefined);
}

function textFault(text: string): CommitResult | undefined {
  return text.includes('\u0000') ? refused('22021') : undefined;
}

function bodyFault(body: string | null): CommitResult | undefined {
  if (body === null) return undefined;
  try {
    JSON.parse(body);
  } catch {
    return refused('22P02');
  }
  // An even number of backslashes before it are escaped backslashes, and then it is no NUL.
  return /(?<!\\)(?:\\\\)*\\u0000/.test(body) ? refused('22P05') : undefined;
}

function writeJournal(tables: PartitionTables, commit: Commit): void {
  const { journal, bodies } = commit;
  tables.journal.push(journal);
  if (bodies.length > 0)
    tables.bodies.set(
      journal.seq,
      [...bodies].sort((a, b) => (a.class < b.class ? -1 : 1)),
    );
}

function writeExchange(tables: PartitionTables, commit: Commit): void {
  for (const row of commit.seen) tables.seen.set(keys.seen(row), row);
  for (const row of commit.received) tables.received.set(keys.frame(row), row);
  for (const row of commit.sent) tables.sent.set(keys.frame(row), row);
  for (const row of commit.receipts) tables.receipts.set(keys.frame(row), row);
}

function writeRecord(tables: PartitionTables, row: RecordRow): void {
  const subjects = tables.records.get(row.type) ?? new Map<string, Map<string, RecordRow>>();
  tables.records.set(row.type, subjects);
  const rows = subjects.get(row.subject) ?? new Map<string, RecordRow>();
  subjects.set(row.subject, rows);
  if (row.body === null) rows.delete(keys.record(row));
  else rows.set(keys.record(row), row);
  if (rows.size === 0) subjects.delete(row.subject);
}

function writeLedger(tables: PartitionTables, commit: Commit): void {
  for (const row of commit.postings) {
    tables.postings.set(keys.leg(row), row);
    if (row.reverses !== null) tables.reversed.add(`${row.reverses}\n${row.leg}`);
  }
  for (const row of commit.balances) tables.balances.set(row.account, row);
  for (const row of commit.holds) {
    const named = tables.holdNames.get(row.name) ?? [];
    if (!named.includes(row.transfer)) tables.holdNames.set(row.name, [...named, row.transfer]);
    tables.holds.set(row.transfer, row);
  }
}

/** A timer that fired may be armed again in the same batch; what is held or awaited may end in the batch that began it. */
function writeWork(tables: PartitionTables, commit: Commit): void {
  for (const row of commit.timers.gone) tables.timers.delete(keys.timer(row));
  for (const row of commit.timers.put) tables.timers.set(keys.timer(row), row);
  for (const row of commit.held.put) tables.held.set(row.at, row);
  for (const at of commit.held.gone) tables.held.delete(at);
  for (const row of commit.conversations) tables.conversations.set(row.command, row);
  for (const row of commit.awaited.put) tables.awaited.set(row.message, row);
  for (const message of commit.awaited.gone) tables.awaited.delete(message);
}
