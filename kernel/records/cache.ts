import type { RecordType } from '@yitong/kit';
import type {
  AwaitedRow,
  BalanceRow,
  ConversationRow,
  HoldRow,
  PostingRow,
  RecordRow,
} from '../store/rows.ts';
import type { Loaded, Miss } from '../store/store.ts';
import { Habits } from './habits.ts';
import { Weighed, weights } from './weighed.ts';

/** A record in memory: its row and, once asked for, its decoded value. */
export interface RecordState {
  row: RecordRow;
  value: unknown;
}

/** Keys of what lies in memory; `null` means: looked for, not there. */
export const recordKey = (type: string, subject: string, id: string, owner: string): string =>
  `${type}\n${subject}\n${id}\n${owner}`;
/** Key of all records of a type about a subject. */
export const groupKey = (type: string, subject: string): string => `${type}\n${subject}`;

/**
 * What a partition's writer has loaded or written lately. A partition has one writer, so what is here is the truth;
 * when the writer loses its lease all of it is dropped. "Not there" is known too.
 */
export class Cache {
  readonly #records = new Weighed<RecordState | null>((state) => weights.record(state?.row));
  /** For subjects whose records of a type are all here: keys of those that exist. */
  readonly #groups = new Weighed<Set<string>>(() => weights.group);
  readonly balances = new Weighed<BalanceRow | null>(() => weights.balance);
  readonly holds = new Weighed<readonly HoldRow[]>(weights.rows);
  readonly transfers = new Weighed<readonly PostingRow[]>(weights.rows);
  readonly conversations = new Weighed<ConversationRow | null>(weights.conversation);
  readonly awaited = new Weighed<AwaitedRow | null>(weights.awaited);
  readonly habits = new Habits();
  readonly #limit: number;

  /** `limit`: bytes after which all is dropped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** About how many bytes are here. */
  get bytes(): number {
    const { balances, holds, transfers, conversations, awaited } = this;
    const maps = [this.#records, this.#groups, balances, holds, transfers, conversations, awaited];
    return maps.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Undefined: not known here. Null: known not to exist. */
  record(type: string, subject: string, id: string, owner: string): RecordState | null | undefined {
    const found = this.#records.get(recordKey(type, subject, id, owner));
    if (found !== undefined) return found;
    return this.#groups.has(groupKey(type, subject)) ? null : undefined;
  }

  /** All records of a type about a subject, or undefined when not all are known. */
  group(type: string, subject: string): readonly RecordState[] | undefined {
    const keys = this.#groups.get(groupKey(type, subject));
    if (!keys) return undefined;
    const states: RecordState[] = [];
    for (const key of keys) {
      const state = this.#records.get(key);
      if (state) states.push(state);
    }
    return states;
  }

  /** Notes a row written or loaded; a body of null means that it is gone. */
  put(row: RecordRow, value: unknown): void {
    const key = recordKey(row.type, row.subject, row.id, row.owner);
    const gone = row.body === null;
    this.#records.set(key, gone ? null : { row, value });
    const group = this.#groups.get(groupKey(row.type, row.subject));
    if (gone) group?.delete(key);
    else group?.add(key);
  }

  /** Takes in what the store found for these misses, and that the rest does not exist. */
  fill(misses: readonly Miss[], loaded: Loaded): void {
    for (const miss of misses) this.#absent(miss);
    for (const row of loaded.records) this.put(row, undefined);
    for (const row of loaded.balances) this.balances.set(row.account, row);
    for (const row of loaded.conversations) this.conversations.set(row.command, row);
    for (const row of loaded.awaited) this.awaited.set(row.message, row);
    for (const row of loaded.holds) this.holds.set(row.name, [...(this.holds.get(row.name) ?? []), row]);
    for (const row of loaded.postings)
      this.transfers.set(row.transfer, [...(this.transfers.get(row.transfer) ?? []), row]);
  }

  #absent(miss: Miss): void {
    if (miss.table === 'records') this.#groups.set(groupKey(miss.type, miss.subject), new Set());
    else if (miss.table === 'record')
      this.#records.set(recordKey(miss.type, miss.subject, miss.id, ''), null);
    else if (miss.table === 'balance') this.balances.set(miss.account, null);
    else if (miss.table === 'hold') this.holds.set(miss.name, []);
    else if (miss.table === 'transfer') this.transfers.set(miss.transfer, []);
    else if (miss.table === 'conversation') this.conversations.set(miss.command, null);
    else this.awaited.set(miss.message, null);
  }

  /** Drops everything when it has grown beyond the limit; called between batches. */
  trim(): void {
    if (this.bytes > this.#limit) this.clear();
  }

  /** Drops everything; called between batches. */
  clear(): void {
    this.#records.clear();
    this.#groups.clear();
    this.balances.clear();
    this.holds.clear();
    this.transfers.clear();
    this.conversations.clear();
    this.awaited.clear();
  }
}

/** `each` key of a value of this record type, or ''. */
export function eachKey(record: RecordType, value: unknown): string {
  if (record.each === undefined) return '';
  const found: unknown = Reflect.get(Object(value), record.each);
  if (typeof found === 'string' && found !== '') return found;
  if (typeof found === 'number' || typeof found === 'bigint') return String(found);
  throw new Error(`${record.type}: the '${record.each}' field must hold a text or a number`);
}
