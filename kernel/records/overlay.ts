import type { AwaitedRow, BalanceRow, ConversationRow, HoldRow, PostingRow } from '../store/rows.ts';
import type { Miss } from '../store/store.ts';
import { type Cache, groupKey, type RecordState, recordKey } from './cache.ts';

/**
 * Thrown out of a handler that asked for something not in memory; its result counts for nothing, however it ended. One for all
 * misses: what is missing is noted elsewhere, and a stack for each would cost more than the rest of the look-up.
 */
const notInMemory = new Error('something is not in memory');

/** A balance that this batch changes. */
export type OwnBalance = { -readonly [K in keyof BalanceRow]: BalanceRow[K] };

/**
 * The state that messages of a batch see: what is in memory, and over it what earlier messages of the batch did.
 * What is not in memory is noted as a miss. Merged into the cache after COMMIT, dropped otherwise.
 */
export class Overlay {
  readonly #cache: Cache;
  readonly records = new Map<string, RecordState>();
  /** The same records by type and subject. */
  readonly #groups = new Map<string, Map<string, RecordState>>();
  readonly balances = new Map<string, OwnBalance>();
  readonly holds = new Map<string, readonly HoldRow[]>();
  readonly transfers = new Map<string, readonly PostingRow[]>();
  readonly conversations = new Map<string, ConversationRow>();
  readonly awaited = new Map<string, AwaitedRow | null>();
  readonly misses = new Map<string, Miss>();
  #own: Miss[] = [];

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** A message begins: what it lacks is counted from here. */
  begin(): void {
    this.#own = [];
  }

  /** Whether the message under way lacked something. */
  get missed(): boolean {
    return this.#own.length > 0;
  }

  /** Asks for something ahead: what is not in memory is noted, and the asking goes on. */
  ask(look: () => unknown): void {
    try {
      look();
    } catch (error) {
      if (error !== notInMemory) throw error;
    }
  }

  /** Asks for a record ahead: if it is not in memory that is noted, and the asking goes on. */
  askRecord(type: string, subject: string, id: string, owner = ''): void {
    if (this.#knownRecord(type, subject, id, owner) === undefined) this.#lackRecord(type, subject, id, owner);
  }

  /** Asks for an account's balance ahead. */
  askBalance(account: string): void {
    if (this.#knownBalance(account) === undefined) this.#lackBalance(account);
  }

  /** Ends a message that lacked something: asks for what messages of its type have lacked before. */
  askAsBefore(type: string, subject: string): void {
    const { habits } = this.#cache;
    habits.learn(type, subject, this.#own);
    for (const { record, all } of habits.of(type))
      if (!all) this.askRecord(record, subject, '');
      else if (!this.#cache.group(record, subject)) this.#lackGroup(record, subject);
  }

  /** Stops the message under way if it lacked something. */
  stopIfMissed(): void {
    if (this.missed) throw notInMemory;
  }

  /** A record as this batch leaves it. */
  write(state: RecordState): void {
    const { type, subject, id, owner } = state.row;
    const key = recordKey(type, subject, id, owner);
    this.records.set(key, state);
    const name = groupKey(type, subject);
    const group = this.#groups.get(name);
    if (group) group.set(key, state);
    else this.#groups.set(name, new Map([[key, state]]));
  }

  /** The record, or null when there is none. Notes a miss and throws when it is not known. */
  record(type: string, subject: string, id: string, owner = ''): RecordState | null {
    const known = this.#knownRecord(type, subject, id, owner);
    if (known !== undefined) return known;
    this.#lackRecord(type, subject, id, owner);
    throw notInMemory;
  }

  #knownRecord(type: string, subject: string, id: string, owner: string): RecordState | null | undefined {
    const written = this.records.get(recordKey(type, subject, id, owner));
    if (written) return written.row.body === null ? null : written;
    return this.#cache.record(type, subject, id, owner);
  }

  #lackRecord(type: string, subject: string, id: string, owner: string): void {
    const miss: Miss =
      owner === '' ? { table: 'record', type, subject, id } : { table: 'records', type, subject };
    this.#lack(`r\n${type}\n${subject}\n${id}\n${owner}`, miss);
  }

  /** All records of a type about a subject, copies included, in order of id and owner. */
  group(type: string, subject: string): readonly RecordState[] {
    const known = this.#cache.group(type, subject);
    if (!known) {
      this.#lackGroup(type, subject);
      throw notInMemory;
    }
    const all = new Map(
      known.map((state) => [recordKey(type, subject, state.row.id, state.row.owner), state]),
    );
    for (const [key, state] of this.#groups.get(groupKey(type, subject)) ?? [])
      if (state.row.body === null) all.delete(key);
      else all.set(key, state);
    return [...all.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  }

  #lackGroup(type: string, subject: string): void {
    this.#lack(`g\n${type}\n${subject}`, { table: 'records', type, subject });
  }

  balance(account: string): BalanceRow {
    const found = this.#knownBalance(account);
    if (found === undefined) {
      this.#lackBalance(account);
      throw notInMemory;
    }
    return found ?? noBalance(account);
  }

  /** An account's balance as the batch's own row, to be changed in place. */
  changing(account: string): OwnBalance {
    const own = this.balances.get(account);
    if (own) return own;
    const row = { ...this.balance(account) };
    this.balances.set(account, row);
    return row;
  }

  #lackBalance(account: string): void {
    this.#lack(`b\n${account}`, { table: 'balance', account });
  }

  #knownBalance(account: string): BalanceRow | null | undefined {
    return this.balances.get(account) ?? this.#cache.balances.get(account);
  }

  hold(name: string): readonly HoldRow[] {
    const found = this.holds.get(name) ?? this.#cache.holds.get(name);
    return found ?? this.#miss(`h\n${name}`, { table: 'hold', name });
  }

  /** Whether a hold or transfer of this id is in memory. Older ones meet their primary key at COMMIT: no load for what is new. */
  held(name: string): boolean {
    return (this.holds.get(name) ?? this.#cache.holds.get(name) ?? []).length > 0;
  }
  booked(transfer: string): boolean {
    return (this.transfers.get(transfer) ?? this.#cache.transfers.get(transfer) ?? []).length > 0;
  }

  transfer(transfer: string): readonly PostingRow[] {
    const found = this.transfers.get(transfer) ?? this.#cache.transfers.get(transfer);
    return found ?? this.#miss(`t\n${transfer}`, { table: 'transfer', transfer });
  }

  conversation(command: string): ConversationRow | null {
    const found = this.conversations.get(command) ?? this.#cache.conversations.get(command);
    return found === undefined ? this.#miss(`c\n${command}`, { table: 'conversation', command }) : found;
  }

  awaits(message: string): AwaitedRow | null {
    const found = this.awaited.get(message) ?? this.#cache.awaited.get(message);
    return found === undefined ? this.#miss(`a\n${message}`, { table: 'awaited', message }) : found;
  }

  /** After COMMIT: what the batch did becomes what is in memory. */
  merge(): void {
    for (const state of this.records.values()) this.#cache.put(state.row, state.value);
    for (const [key, row] of this.balances) this.#cache.balances.set(key, row);
    for (const [key, rows] of this.holds) this.#cache.holds.set(key, rows);
    for (const [key, rows] of this.transfers) this.#cache.transfers.set(key, rows);
    for (const [key, row] of this.conversations) this.#cache.conversations.set(key, row);
    for (const [key, row] of this.awaited) this.#cache.awaited.set(key, row);
  }

  #miss(key: string, miss: Miss): never {
    this.#lack(key, miss);
    throw notInMemory;
  }

  #lack(key: string, miss: Miss): void {
    this.misses.set(key, miss);
    this.#own.push(miss);
  }
}

function noBalance(account: string): BalanceRow {
  return { account, debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n, at: 0 };
}
