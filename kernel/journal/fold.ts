import { legalDay } from '@yitong/kit';
import { canonical } from '../exchange/canonical.ts';
import { type Message, schemaMajor } from '../exchange/message.ts';
import type { Suite } from '../exchange/suite.ts';
import { uuidTimeMs } from '../exchange/uuid.ts';
import { positionOf } from '../runtime/ids.ts';
import type { JournalRow } from '../store/rows.ts';
import type { TableName } from '../store/store.ts';
import { entryJson, type PackedEntry } from './entries.ts';
import { leafHash } from './merkle.ts';

/** Tables that the journal alone gives again, frames apart. */
export type FoldedTable = Exclude<TableName, 'sent' | 'received' | 'receipt'>;

/** A row as plain data, by the names of its type. */
export type Row = Readonly<Record<string, unknown>>;

/** What folding a partition's journal gives: each table's rows by key (kernel rules K24 and 12.5). */
export type Folded = { readonly [T in FoldedTable]: Map<string, Row> };

/** Columns that name a row of each table, in the order of its key. */
export const keys: { readonly [T in FoldedTable]: readonly string[] } = {
  record: ['type', 'subject', 'id', 'owner'],
  posting: ['transfer', 'leg'],
  balance: ['account'],
  hold: ['transfer'],
  timer: ['subject', 'name'],
  held: ['at'],
  conversation: ['command'],
  awaited: ['message'],
  seen: ['month', 'source', 'id'],
};

/** Key of a row within its table. */
export function keyOf(table: FoldedTable, row: Row): string {
  return keys[table].map((column) => String(row[column])).join('\n');
}

/** Folds stored outcomes, batch by batch, without running a handler. */
export class Fold {
  readonly rows: Folded = {
    record: new Map(),
    posting: new Map(),
    balance: new Map(),
    hold: new Map(),
    timer: new Map(),
    held: new Map(),
    conversation: new Map(),
    awaited: new Map(),
    seen: new Map(),
  };
  /** Time of the newest batch, in ms. */
  now = 0;
  readonly #source: string;
  /** Accounts of the input under way. */
  #touched = new Set<string>();

  readonly #changed: ((balance: Row, at: number) => void) | undefined;

  /** `here`: the member whose journal it is; `changed` is told of each balance that an input leaves. */
  constructor(here: string, changed?: (balance: Row, at: number) => void) {
    this.#source = `yitong:${here}`;
    this.#changed = changed;
  }

  /** Takes the entries of the next batch, in the order of their index; `suite`: the one its head names. */
  batch(suite: Suite, { seq, now }: Pick<JournalRow, 'seq' | 'now'>, entries: readonly PackedEntry[]): void {
    this.now = now;
    const skipped = new Set<unknown>();
    for (const entry of entries) {
      if (entry.kind === 'put') this.#putEntry(entryJson(entry), positionOf(seq, entry.index));
      if (entry.kind !== 'did') continue;
      const did = entryJson(entry);
      if (did['outcome'] === 'dup' || did['outcome'] === 'bad') skipped.add(did['did']);
      this.#did(did, seq, entries);
    }
    for (const entry of entries)
      if (entry.kind === 'in' && !skipped.has(entry.index))
        this.#seen(suite, entry, positionOf(seq, entry.index));
  }

  #put(table: FoldedTable, row: Row): void {
    this.rows[table].set(keyOf(table, row), row);
  }

  #putEntry({ put, previous: _, ...row }: Row, at: number): void {
    if (put === 'record' && row['body'] === null) this.rows.record.delete(keyOf('record', row));
    else if (put === 'record') this.#put('record', { ...row, at, body: canonical(row['body']) });
    else if (put === 'timer') this.#put('timer', { version: 1, ...row, at });
    else if (put === 'timer-gone') this.rows.timer.delete(keyOf('timer', row));
    else if (put === 'held') this.#put('held', row);
    else if (put === 'held-gone') this.rows.held.delete(keyOf('held', row));
    else if (put === 'conversation') this.#put('conversation', { ...row, at: positionOf(placeSeq(at), 0) });
    else throw new Error(`a put of an unknown kind: ${String(put)}`);
  }

  #did(did: Row, seq: number, entries: readonly PackedEntry[]): void {
    const touched = new Set<string>();
    this.#touched = touched;
    for (const one of lists(did['hold'])) this.#hold(one, positionOf(seq, 0));
    for (const one of lists(did['book'])) this.#book(one, seq, Number(did['did']));
    for (const account of touched)
      this.#changed?.(this.rows.balance.get(account) ?? {}, positionOf(seq, Number(did['did'])));
    for (const message of list(did['answered'])) this.rows.awaited.delete(String(message));
    for (const index of list(did['awaits'])) {
      const entry = entries.find((one) => one.index === index);
      if (entry && entry.kind !== 'gone') this.#awaited(entry, positionOf(seq, entry.index));
    }
  }

  #hold([transfer, name, index, debit, credit, amount, state]: readonly unknown[], at: number): void {
    const fen = BigInt(String(amount));
    this.#put('hold', { transfer, name, index, debit, credit, fen, state, at });
    const by = state === 'open' ? fen : -fen;
    this.#balance(debit, 'heldDebit', by, at);
    this.#balance(credit, 'heldCredit', by, at);
  }

  #book(one: readonly unknown[], seq: number, index: number): void {
    const [transfer, debit, credit, amount, kind, period, peer, reverses] = one;
    const fen = BigInt(String(amount));
    const both = { transfer, kind, period, peer, reverses, at: positionOf(seq, index) };
    this.#put('posting', { ...both, leg: 0, account: debit, fen });
    this.#put('posting', { ...both, leg: 1, account: credit, fen: -fen });
    this.#balance(debit, 'debit', fen, positionOf(seq, 0));
    this.#balance(credit, 'credit', fen, positionOf(seq, 0));
  }

  #balance(account: unknown, column: string, by: bigint, at: number): void {
    const none = { account, debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n };
    const before = this.rows.balance.get(String(account)) ?? none;
    const sum = BigInt(String(Reflect.get(before, column))) + by;
    this.#put('balance', { ...before, [column]: sum, at });
    this.#touched.add(String(account));
  }

  /** The row of a message whose answer is awaited, from the message itself. */
  #awaited(entry: PackedEntry, at: number): void {
    const { id, to, conversation, replyto, type, data, dataschema }: Message = messageOf(entry);
    const row = { message: id, peer: to, conversation: conversation ?? '', subject: replyto, type };
    this.#put('awaited', { ...row, version: schemaMajor(dataschema), data: canonical(data), at });
  }

  /** Ids of commands and of peers' messages are kept; timers and what a handler sent to its own node are not (K9). */
  #seen(suite: Suite, entry: PackedEntry, at: number): void {
    const { source, id, actor }: Message & { readonly actor?: string } = messageOf(entry);
    if (source === this.#source && actor === undefined) return;
    const month = legalDay(uuidTimeMs(id) ?? 0).slice(0, 7);
    this.#put('seen', { month, source, id, leaf: leafHash(suite, entry.bytes), at });
  }
}

function messageOf(entry: PackedEntry): Message {
  return JSON.parse(Buffer.from(entry.bytes).toString('utf8'));
}

const placeSeq = (at: number): number => Math.floor(at / positionOf(1, 0));

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function lists(value: unknown): readonly (readonly unknown[])[] {
  return list(value).map(list);
}
