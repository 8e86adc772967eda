import { createHash } from 'node:crypto';
import { f, object, Person, type RecordType, subject, system, years, z } from '@yitong/kit';
import { compareText } from '../find.ts';
import type { BalanceRow, HoldRow, JournalRow, PostingRow, RecordRow, SentRow, TimerRow } from '../rows.ts';
import type { Commit, CommitResult, Eraser, Reader, Store } from '../store.ts';

/** A store under test, empty. `second` is another process on the same database; `elapse` moves the database's clock. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly second: Store;
  readonly reader: Reader;
  readonly eraser: Eraser;
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Partitions and accounts that the suite needs a store to be opened with. */
export const suiteOptions = {
  partitions: 4,
  creditAccounts: new Set(['ledger/due-to']),
} as const;

const ledger = system('ledger', {
  roles: ['clerk'],
  parameters: {},
  texts: { 'zh-CN': {}, en: {} },
});
const about = { about: Person, keep: years(5), readers: ['clerk'] } as const;
/** The record type that the suite lists and finds by. */
export const claim = ledger.record('claim', {
  ...about,
  schema: object({
    code: f.code(/^.+$/),
    state: f.choice(['open', 'closed']),
    amount: f.signedMoney,
    items: f.count.optional(),
    day: f.day,
    note: f.text(2000).optional(),
    tags: z.array(f.line(20)).optional(),
  }),
  each: 'code',
  list: ['code', 'state', 'amount', 'day'],
  find: ['code', 'state', 'amount', 'items', 'day', 'note'],
  search: ['code', 'note'],
  groups: ['state', 'items', 'note', 'tags'],
});
/** A second record type, of which members hold copies. */
export const place = ledger.record('place-of-care', {
  about: subject('place'),
  keep: years(5),
  readers: ['public'],
  schema: object({ name: f.line(100) }),
  find: ['name'],
  copies: 'all',
});

/** Record types that the suite writes; a store under test is opened with them. */
export const suiteRecords: readonly RecordType[] = [claim, place];

/** Commits of one writer: each follows the one before. */
export class Chain {
  readonly store: Store;
  readonly partition: number;
  readonly epoch: number;
  row: JournalRow;

  constructor(store: Store, partition: number, epoch: number, row: JournalRow) {
    this.store = store;
    this.partition = partition;
    this.epoch = epoch;
    this.row = row;
  }

  static async take(store: Store, partition: number, holder = 'first'): Promise<Chain> {
    const [lease] = await store.acquire([partition], holder, '');
    if (!lease) throw new Error('the lease is not free');
    return new Chain(store, partition, lease.epoch, (await store.tail(partition)).journal);
  }

  /** Position of an entry of the next batch. */
  at(index = 0): number {
    return (this.row.seq + 1) * 2 ** 20 + index;
  }

  next(rows: Partial<Commit> = {}, journal: Partial<JournalRow> = {}): Commit {
    const seq = this.row.seq + 1;
    const link = digest(`${this.partition} ${this.epoch} ${seq} ${JSON.stringify(journal)}`);
    const own = {
      seq,
      epoch: this.epoch,
      now: 1_795_000_000_000 + seq,
      count: 3,
      root: digest('root'),
      link,
    };
    const head = new TextEncoder().encode(`yitong-journal/1\nseq ${seq}\n`);
    const row: JournalRow = {
      ...own,
      prev: this.row.link,
      head,
      routes: [0, seq, 0, 0],
      peers: [],
      ...journal,
    };
    return {
      ...empty,
      bodies: [{ month: '2026-11', seq, class: '5y', body: link }],
      ...rows,
      partition: this.partition,
      journal: row,
    };
  }

  /** Commits the next batch; the chain goes on when it is done. */
  async write(rows: Partial<Commit> = {}, journal: Partial<JournalRow> = {}): Promise<CommitResult> {
    const commit = this.next(rows, journal);
    const result = await this.store.commit(commit);
    if (result.result === 'done') this.row = commit.journal;
    return result;
  }

  /** Tries the next batch. */
  probe(rows: Partial<Commit>): Promise<CommitResult> {
    return this.store.probe(this.next(rows));
  }
}

const empty: Omit<Commit, 'partition' | 'journal'> = {
  bodies: [],
  seen: [],
  received: [],
  sent: [],
  receipts: [],
  records: [],
  postings: [],
  balances: [],
  holds: [],
  timers: { put: [], gone: [] },
  held: { put: [], gone: [] },
  conversations: [],
  awaited: { put: [], gone: [] },
};

/** What a commit that went in is told. */
export const done = { result: 'done' };
/** What a commit of another epoch or link is told. */
export const fenced = { result: 'fenced' };

/** SHA-256 of a text. */
export function digest(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest());
}

/** A UUIDv7 of November 2026 (or of `ms`) that the text decides. */
export function idOf(text: string, ms = 1_795_000_000_000): string {
  const time = ms.toString(16).padStart(12, '0');
  const hex = createHash('sha256').update(text).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

/** A claim of person 1 with this code; `body` changes fields of its value. */
export function recordOf(
  code: string,
  more: Partial<RecordRow> = {},
  body: Record<string, unknown> = {},
): RecordRow {
  const value = { amount: '100', code, day: '2026-11-23', state: 'open', ...body };
  const text = JSON.stringify(value, Object.keys(value).sort());
  const key = { type: claim.type, subject: 'person:1', id: code, owner: '' };
  return { ...key, version: 1, at: 2 ** 20, schema: 1, body: text, home: true, ...more };
}

/** Both legs of a transfer from the fund to what is due to 330000. */
export function legs(transfer: string, fen: bigint, more: Partial<PostingRow> = {}): PostingRow[] {
  const row = {
    transfer,
    kind: 'post',
    period: '2026-11',
    peer: null,
    reverses: null,
    at: 2 ** 20,
    ...more,
  } as const;
  return [
    { account: 'ledger/fund', ...row, leg: 0, fen },
    { account: 'ledger/due-to:330000', ...row, leg: 1, fen: -fen },
  ];
}

/** A balance of nothing but what `more` says. */
export function balanceOf(account: string, more: Partial<BalanceRow> = {}): BalanceRow {
  return { account, debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n, at: 2 ** 20, ...more };
}

/** An open hold of 5 fen, one of several under a name. */
export function holdOf(name: string, index: number, more: Partial<HoldRow> = {}): HoldRow {
  const transfer = idOf(`hold ${name} ${index}`);
  return {
    transfer,
    name,
    index,
    debit: 'ledger/fund',
    credit: 'ledger/cash',
    fen: 5n,
    state: 'open',
    at: 2 ** 20,
    ...more,
  };
}

/** A timer due at a time in ms. */
export function timerOf(subjectOf: string, timer: string, due: number): TimerRow {
  return {
    subject: subjectOf,
    name: timer,
    due,
    type: 'ledger/late',
    version: 3,
    data: '{"件":"一"}',
    cause: 'c\u001f\n',
    at: 2 ** 20,
  };
}

/** A frame of ten messages in ((seq) · 100, (seq + 1) · 100]. */
export function sentOf(peer: string, stream: string, seq: number, more: Partial<SentRow> = {}): SentRow {
  const key = { peer, stream, epoch: 1, seq };
  const bytes = { head: digest(`h${seq}`), signature: digest(`s${seq}`), link: digest(`l${seq}`) };
  return {
    ...key,
    ...bytes,
    number: seq * 10,
    count: 10,
    fromAt: seq * 100,
    uptoAt: (seq + 1) * 100,
    ...more,
  };
}

/** All rows of a table in one partition. */
export async function rowsOf(
  reader: Reader,
  table: Parameters<Reader['table']>[0],
  partition: number,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of reader.table(table, partition)) rows.push(row);
  return rows;
}

/** The store of the test that runs. */
export type Under = () => StoreUnderTest;
/** Takes a partition's lease and goes on from its tail. */
export type Take = (partition: number) => Promise<Chain>;

/** An accepted id of November 2026. */
export function seenOf(name: string, ms?: number): Commit['seen'][number] {
  return { month: '2026-11', source: '310000', id: idOf(name, ms), leaf: digest(name), at: 2 ** 20 + 1 };
}

/** Order of keys part by part, texts by code point. */
export function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    const order = typeof left === 'number' ? left - Number(right) : compareText(left, String(right));
    if (order !== 0) return order;
  }
  return 0;
}
