import { canonical } from '../exchange/canonical.ts';
import { positionOf } from '../runtime/ids.ts';
import type { JournalBatch } from '../store/store.ts';
import { entryJson, unpackEntries } from './entries.ts';
import { add, batchesOf, type Check, type Checked, type CheckOptions } from './verify.ts';

/** What folding a journal gives: records, balances, postings, holds and timers by key, as comparable texts. */
interface Folded {
  readonly record: Map<string, string>;
  readonly posting: Map<string, string>;
  readonly balance: Map<string, bigint[]>;
  readonly hold: Map<string, string>;
  readonly timer: Map<string, string>;
}

/** Folds the stored outcomes of every batch, without running a handler, and compares with the tables: no difference may be found (K24). */
export async function rebuildState(checked: Checked, options: CheckOptions = {}): Promise<Check> {
  const check: Check = { counts: { batches: 0, rows: 0 }, findings: [] };
  let total = 0;
  for (let partition = 0; partition < checked.partitions; partition += 1)
    total += (await checked.store.tail(partition)).journal.seq;
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    const folded: Folded = {
      record: new Map(),
      posting: new Map(),
      balance: new Map(),
      hold: new Map(),
      timer: new Map(),
    };
    for await (const batch of batchesOf(checked.store, partition)) {
      if (options.signal?.aborted) return check;
      foldBatch(batch, folded);
      options.progress?.(add(check, 'batches'), total);
    }
    await compareTables(checked, partition, folded, check);
  }
  return check;
}

function foldBatch(batch: JournalBatch, folded: Folded): void {
  const entries = batch.bodies.flatMap((body) => unpackEntries(body.body)).sort((a, b) => a.index - b.index);
  for (const entry of entries)
    if (entry.kind === 'put') foldPut(entryJson(entry), positionOf(batch.row.seq, entry.index), folded);
    else if (entry.kind === 'did') foldDid(entryJson(entry), folded);
}

function foldPut(put: Readonly<Record<string, unknown>>, at: number, folded: Folded): void {
  const { subject, type, id, owner, version, body, name, due, data, cause } = put;
  if (put['put'] === 'record') {
    const key = [type, subject, id, owner].join(' ');
    if (body === null) folded.record.delete(key);
    else folded.record.set(key, `${version} ${at} ${canonical(body)}`);
  }
  if (put['put'] === 'timer') folded.timer.set(`${subject} ${name}`, `${due} ${type} ${data} ${cause}`);
  if (put['put'] === 'timer-gone') folded.timer.delete(`${subject} ${name}`);
}

function foldDid(did: Readonly<Record<string, unknown>>, folded: Folded): void {
  for (const one of lists(did['hold'])) {
    const [transfer, , , debit, credit, fen, state] = one;
    const sign = state === 'open' ? 1n : -1n;
    folded.hold.set(String(transfer), `${debit} ${credit} ${fen} ${state}`);
    balance(folded, debit, 2, sign * BigInt(String(fen)));
    balance(folded, credit, 3, sign * BigInt(String(fen)));
  }
  for (const one of lists(did['book'])) {
    const [transfer, debit, credit, fen, kind, period, peer, reverses] = one;
    const amount = BigInt(String(fen));
    folded.posting.set(`${transfer} 0`, `${debit} ${amount} ${kind} ${period} ${peer} ${reverses}`);
    folded.posting.set(`${transfer} 1`, `${credit} ${-amount} ${kind} ${period} ${peer} ${reverses}`);
    balance(folded, debit, 0, amount);
    balance(folded, credit, 1, amount);
  }
}

function balance(folded: Folded, account: unknown, column: number, by: bigint): void {
  const sums = folded.balance.get(String(account)) ?? [0n, 0n, 0n, 0n];
  sums[column] = (sums[column] ?? 0n) + by;
  folded.balance.set(String(account), sums);
}

function lists(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value : [];
}

interface Table {
  readonly name: 'record' | 'posting' | 'balance' | 'hold' | 'timer';
  readonly key: readonly string[];
  readonly value: readonly string[];
}

const tables: readonly Table[] = [
  { name: 'record', key: ['type', 'subject', 'id', 'owner'], value: ['version', 'at', 'body'] },
  {
    name: 'posting',
    key: ['transfer', 'leg'],
    value: ['account', 'fen', 'kind', 'period', 'peer', 'reverses'],
  },
  { name: 'balance', key: ['account'], value: ['debit', 'credit', 'heldDebit', 'heldCredit'] },
  { name: 'hold', key: ['transfer'], value: ['debit', 'credit', 'fen', 'state'] },
  { name: 'timer', key: ['subject', 'name'], value: ['due', 'type', 'data', 'cause'] },
];

async function compareTables(
  checked: Checked,
  partition: number,
  folded: Folded,
  check: Check,
): Promise<void> {
  const balances = new Map([...folded.balance].map(([key, sums]) => [key, sums.join(' ')]));
  for (const { name, key, value } of tables) {
    const left = new Map(name === 'balance' ? balances : folded[name]);
    for await (const row of checked.reader.table(name, partition)) {
      if (row['body'] === null) continue;
      add(check, 'rows');
      const at = textOf(row, key);
      if (left.get(at) !== textOf(row, value))
        differs(
          check,
          partition,
          name,
          left.has(at) ? 'is not what the journal says' : 'is not in the journal',
        );
      left.delete(at);
    }
    for (const _ of left) differs(check, partition, name, 'is in the journal and not in the table');
  }
}

function textOf(row: Row, columns: readonly string[]): string {
  return columns.map((column) => String(row[column])).join(' ');
}

type Row = Readonly<Record<string, unknown>>;

/** A difference names table and partition only: keys may be personal. */
function differs(check: Check, partition: number, table: string, detail: string): void {
  check.findings.push({ at: `${partition} ${table}`, code: 'difference', detail: `a row ${detail}` });
}
