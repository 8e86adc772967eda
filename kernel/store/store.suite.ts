import { createHash } from 'node:crypto';
import { f, object, Person, type RecordType, subject, system, years } from '@yitong/kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compareText, ListRefusal } from './find.ts';
import type { BalanceRow, HoldRow, JournalRow, PostingRow, RecordRow, SentRow, TimerRow } from './rows.ts';
import type { Commit, CommitResult, ListQuery, Reader, Store } from './store.ts';

/** A store under test, empty. `second` is another process on the same database; `elapse` moves the database's clock. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly second: Store;
  readonly reader: Reader;
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
const claim = ledger.record('claim', {
  ...about,
  schema: object({
    code: f.code(/^.+$/),
    state: f.choice(['open', 'closed']),
    amount: f.signedMoney,
    items: f.count.optional(),
    day: f.day,
    note: f.text(2000).optional(),
  }),
  each: 'code',
  list: ['code', 'state', 'amount', 'day'],
  find: ['code', 'state', 'amount', 'items', 'day', 'note'],
});
const place = ledger.record('place-of-care', {
  about: subject('place'),
  keep: years(5),
  readers: ['public'],
  schema: object({ name: f.line(100) }),
  find: ['name'],
  copies: 'all',
});

/** Record types that the suite writes; a store under test is opened with them. */
export const suiteRecords: readonly RecordType[] = [claim, place];

/** Every store keeps these promises. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(async () => {
      await under.close();
    });
    const take = async (partition: number) => Chain.take(under.store, partition);

    chainTests(() => under, take);
    refusalTests(() => under, take);
    rowTests(() => under, take);
    frameTests(() => under, take);
    leaseTests(() => under, take);
    listTests(() => under, take);
    bookTests(() => under, take);
    propertyTests(() => under, take);
  });
}

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

const done = { result: 'done' };
const fenced = { result: 'fenced' };

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

function balanceOf(account: string, more: Partial<BalanceRow> = {}): BalanceRow {
  return { account, debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n, at: 2 ** 20, ...more };
}

function holdOf(name: string, index: number, more: Partial<HoldRow> = {}): HoldRow {
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

function timerOf(subjectOf: string, timer: string, due: number): TimerRow {
  return {
    subject: subjectOf,
    name: timer,
    due,
    type: 'ledger/late',
    data: '{"件":"一"}',
    cause: 'c\u001f\n',
    at: 2 ** 20,
  };
}

function sentOf(peer: string, stream: string, seq: number, more: Partial<SentRow> = {}): SentRow {
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

async function rowsOf(
  reader: Reader,
  table: Parameters<Reader['table']>[0],
  partition: number,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of reader.table(table, partition)) rows.push(row);
  return rows;
}

type Under = () => StoreUnderTest;
type Take = (partition: number) => Promise<Chain>;

function chainTests(under: Under, take: Take): void {
  test('begins each partition with the genesis row', async () => {
    const zeros = new Uint8Array(32);
    const row = {
      seq: 0,
      epoch: 0,
      now: 0,
      count: 0,
      root: zeros,
      prev: zeros,
      link: zeros,
      head: new Uint8Array(0),
    };
    for (const partition of [0, 1, 2, 3]) {
      const tail = await under().store.tail(partition);
      expect(tail).toEqual({
        journal: { ...row, routes: [], peers: [] },
        sent: [],
        received: [],
        held: [],
        nextDue: undefined,
      });
      expect(await under().store.read(partition, 0, 10)).toEqual([]);
    }
  });

  test('shows the batch just written as the tail, byte for byte', async () => {
    const chain = await take(1);
    const commit = chain.next({}, { peers: ['330000', '', '中'], routes: [2 ** 52, 0, 7, 1], now: 2 ** 43 });
    expect(await under().store.commit(commit)).toEqual(done);
    expect((await under().store.tail(1)).journal).toEqual(commit.journal);
    expect(await under().store.read(1, 0, 10)).toEqual([{ row: commit.journal, bodies: commit.bodies }]);
    expect((await under().store.tail(2)).journal.seq).toBe(0);
  });

  test('fences another epoch, another link, a gap and a number that is taken', async () => {
    const chain = await take(0);
    expect(await chain.write()).toEqual(done);
    const { store } = under();
    const next = chain.next({ records: [recordOf('a')] });
    const journals: Partial<JournalRow>[] = [
      { epoch: chain.epoch + 1 },
      { epoch: chain.epoch - 1 },
      { prev: digest('another') },
      { seq: chain.row.seq + 2 },
      { seq: chain.row.seq },
    ];
    for (const journal of journals)
      expect(await store.commit({ ...next, bodies: [], journal: { ...next.journal, ...journal } })).toEqual(
        fenced,
      );
    expect(await rowsOf(under().reader, 'record', 0)).toEqual([]);
    expect(await store.commit(next)).toEqual(done);
    expect(await store.commit(next)).toEqual(fenced);
  });

  test('takes a second commit given before the first has answered, and fences it when the first fails', async () => {
    const chain = await take(0);
    const { store } = under();
    const one = chain.next();
    const two = new Chain(store, 0, chain.epoch, one.journal).next();
    expect(await Promise.all([store.commit(one), store.commit(two)])).toEqual([done, done]);
    const three = new Chain(store, 0, chain.epoch, two.journal).next({ seen: [seenOf('x'), seenOf('x')] });
    const four = new Chain(store, 0, chain.epoch, three.journal).next();
    expect(await Promise.all([store.commit(three), store.commit(four)])).toEqual([
      { result: 'duplicate' },
      fenced,
    ]);
    expect((await store.tail(0)).journal.seq).toBe(2);
  });

  test('leaves no hole and no double when two writers fight over a partition', async () => {
    const first = await take(0);
    const rival = new Chain(under().second, 0, first.epoch, first.row);
    let wins = 0;
    for (let round = 0; round < 20; round++) {
      const results = await Promise.all([
        first.write({}, { head: digest('a') }),
        rival.write({}, { head: digest('b') }),
      ]);
      const winners = results.filter((result) => result.result === 'done').length;
      expect(winners).toBe(1);
      wins += winners;
      first.row = (await under().store.tail(0)).journal;
      rival.row = first.row;
    }
    const batches = await under().store.read(0, 1, 100);
    expect(batches.map(({ row }) => row.seq)).toEqual(Array.from({ length: wins }, (_, n) => n + 1));
    for (const [n, { row }] of batches.entries())
      if (n > 0) expect(row.prev).toEqual(batches[n - 1]?.row.link);
  });

  test('reads batches from a number on, those for a peer, with bodies of all classes', async () => {
    const chain = await take(2);
    for (let seq = 1; seq <= 7; seq++) {
      const body = digest(`${seq}`);
      const classes = [
        { month: '2026-11', seq, class: 'ever' as const, body },
        { month: seq > 4 ? '2026-12' : '2026-11', seq, class: '15y' as const, body: new Uint8Array(0) },
      ];
      expect(
        await chain.write(
          { bodies: seq === 3 ? [] : classes },
          { peers: seq % 2 ? ['330000'] : ['340000', ''] },
        ),
      ).toEqual(done);
    }
    const seqs = async (...args: [number, number, string?]) =>
      (await under().store.read(2, ...args)).map(({ row, bodies }) => [
        row.seq,
        bodies.map((body) => body.class),
      ]);
    const both = ['15y', 'ever'];
    expect(await seqs(2, 3)).toEqual([
      [2, both],
      [3, []],
      [4, both],
    ]);
    expect(await seqs(2, 2, '330000')).toEqual([
      [3, []],
      [5, both],
    ]);
    expect(await seqs(1, 9, '')).toEqual([
      [2, both],
      [4, both],
      [6, both],
    ]);
    expect(await seqs(1, 9, '110000')).toEqual([]);
    expect(await seqs(8, 9)).toEqual([]);
  });
}

function seenOf(name: string, ms?: number): Commit['seen'][number] {
  return { month: '2026-11', source: '310000', id: idOf(name, ms), leaf: digest(name), at: 2 ** 20 + 1 };
}

function refusalTests(under: Under, take: Take): void {
  test('calls an id that was accepted before a duplicate, and writes nothing of the batch', async () => {
    const chain = await take(0);
    expect(await chain.write({ seen: [seenOf('a'), seenOf('b')] })).toEqual(done);
    const again = { seen: [seenOf('c'), seenOf('b')], records: [recordOf('x')] };
    expect(await chain.write(again)).toEqual({ result: 'duplicate' });
    expect(await rowsOf(under().reader, 'record', 0)).toEqual([]);
    expect(await rowsOf(under().reader, 'seen', 0)).toHaveLength(2);
    expect(await chain.write({ seen: [seenOf('c')] })).toEqual(done);
    expect(await (await take(1)).write({ seen: [seenOf('a')] })).toEqual(done);
  });

  const wrong: readonly [string, string, Partial<Commit>][] = [
    ['a transfer booked before', '23505', { postings: legs(idOf('t'), 1n) }],
    [
      'a transfer reversed before',
      '23505',
      { postings: legs(idOf('r2'), 1n, { kind: 'reversal', reverses: idOf('t') }) },
    ],
    ['a hold opened before', '23505', { holds: [holdOf('h', 0)] }],
    ['a hold that has left open', '22P02', { holds: [holdOf('gone', 0, { state: 'settled' })] }],
    ['a frame sent before', '23505', { sent: [sentOf('330000', 'main.0', 1)] }],
    ['a body that is no JSON', '22P02', { records: [recordOf('x', { body: '{"a":' })] }],
    ['a body with NUL', '22P05', { records: [recordOf('x', { body: '{"a":"\\u0000"}' })] }],
    ['a subject with NUL', '22021', { records: [recordOf('x', { subject: 'person:\u0000' })] }],
    ['a sum beyond 2^63', '22003', { balances: [balanceOf('ledger/fund', { debit: 2n ** 63n })] }],
    ['a transfer that is no UUID', '22P02', { postings: legs('transfer', 1n) }],
  ];
  test.for(wrong)('refuses %s as %s and writes nothing', async ([_, code, rows]) => {
    const chain = await take(0);
    const before: Partial<Commit> = {
      postings: [...legs(idOf('t'), 1n), ...legs(idOf('r'), -1n, { kind: 'reversal', reverses: idOf('t') })],
      holds: [holdOf('h', 0), holdOf('gone', 0)],
      sent: [sentOf('330000', 'main.0', 1)],
    };
    expect(await chain.write(before)).toEqual(done);
    expect(await chain.write({ holds: [holdOf('gone', 0, { state: 'void' })] })).toEqual(done);
    const result = await chain.write({ ...rows, timers: { put: [timerOf('person:1', 'n', 1)], gone: [] } });
    expect(result).toEqual({ result: 'refused', code });
    expect(await rowsOf(under().reader, 'timer', 0)).toEqual([]);
    expect((await under().store.tail(0)).journal).toEqual(chain.row);
    expect(await chain.write({ records: [recordOf('x', { body: '{"a":"\\\\u0000"}' })] })).toEqual(done);
  });

  test('throws for a record type that it does not know', async () => {
    const chain = await take(0);
    await expect(chain.write({ records: [recordOf('x', { type: 'other/claim' })] })).rejects.toThrow(
      'other/claim',
    );
    await expect(under().reader.record('other/claim', 's', '', 0)).rejects.toThrow(ListRefusal);
  });
}

const strange = [
  '',
  '住院诊察费',
  '𠮷野家 🏥',
  'a"b\\c\nd\te',
  "o'neil; drop table",
  '\uffff',
  ' ',
  'NULL',
  '{}',
];

function rowTests(under: Under, take: Take): void {
  test('keeps rows of every kind exactly: amounts beyond 2^53, bytes, Chinese, empty texts', async () => {
    const chain = await take(3);
    const at = 2 ** 52 + 3;
    const all = new Uint8Array(256).map((_, n) => n);
    const huge = 2n ** 63n - 1n;
    const frame = {
      peer: '330000',
      stream: 'main.3',
      epoch: 2,
      seq: 7,
      head: all,
      signature: all.slice(1),
      link: all.slice(2),
    };
    const commit: Partial<Commit> = {
      bodies: [{ month: '2027-01', seq: 1, class: '30y', body: all }],
      seen: strange.map((source) => ({ ...seenOf(source), source, at })),
      received: [
        { ...frame, next: at, at, receipt: all, receiptSignature: all.slice(3), refusals: '[{"at":"/中"}]' },
      ],
      sent: [{ ...frame, number: at, count: 1000, fromAt: at - 5, uptoAt: at }],
      receipts: [
        { peer: '330000', stream: 'main.3', epoch: 2, seq: 7, receipt: all, signature: all, refusals: '' },
      ],
      records: strange.map((text, n) =>
        recordOf(
          `${n}`,
          {
            subject: `person:${text}`,
            id: text,
            owner: n % 2 ? '340000' : '',
            version: n + 1,
            at,
            schema: 3,
            home: n % 3 > 0,
          },
          { note: text, items: 9007199254740991 },
        ),
      ),
      postings: [
        ...legs(idOf('p'), huge, { peer: '330000', at }),
        ...legs(idOf('q'), -(2n ** 60n) + 1n, { reverses: idOf('z'), kind: 'reversal' }),
      ],
      balances: strange.map((account) =>
        balanceOf(account, { debit: huge, credit: 2n ** 53n + 1n, heldDebit: 1n, heldCredit: 0n, at }),
      ),
      holds: strange.map((name, n) => holdOf(name, n, { fen: huge - BigInt(n), at })),
      timers: { put: strange.map((text, n) => timerOf(`person:${text}`, text, at + n)), gone: [] },
      held: {
        put: [{ at, subject: 'person:中', reason: 'Error: 错误\n  at x', kind: 'held', since: at }],
        gone: [],
      },
      conversations: strange.map((problem, n) => ({
        command: idOf(problem),
        state: n % 2 ? 'open' : 'refused',
        open: n,
        problem,
        made:
          n % 2
            ? []
            : [
                ['ledger/claim', problem, ''],
                ['ledger/claim', 'person:1', '中'],
              ],
        at,
      })),
      awaited: {
        put: strange.map((text) => ({
          message: idOf(text),
          peer: '330000',
          conversation: text,
          subject: text,
          type: 'a/b',
          data: text,
          at,
        })),
        gone: [],
      },
    };
    expect(await chain.write(commit, { peers: strange })).toEqual(done);
    const stored = async (table: Parameters<Reader['table']>[0]) => rowsOf(under().reader, table, 3);
    const same = <T>(rows: readonly T[] | undefined, keyOf: (row: T) => readonly (string | number)[]) =>
      [...(rows ?? [])].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
    expect(await stored('seen')).toEqual(same(commit.seen, (row) => [row.source]));
    expect(await stored('received')).toEqual(commit.received);
    expect(await stored('sent')).toEqual(commit.sent);
    expect(await stored('receipt')).toEqual(commit.receipts);
    expect(await stored('record')).toEqual(same(commit.records, (row) => [row.subject]));
    expect(await stored('posting')).toEqual(same(commit.postings, (row) => [row.transfer, row.leg]));
    expect(await stored('balance')).toEqual(same(commit.balances, (row) => [row.account]));
    expect(await stored('hold')).toEqual(same(commit.holds, (row) => [row.transfer]));
    expect(await stored('timer')).toEqual(same(commit.timers?.put, (row) => [row.subject]));
    expect(await stored('held')).toEqual(commit.held?.put);
    expect(await stored('conversation')).toEqual(same(commit.conversations, (row) => [row.command]));
    expect(await stored('awaited')).toEqual(same(commit.awaited?.put, (row) => [row.message]));
    expect(await under().store.read(3, 1, 1)).toEqual([{ row: chain.row, bodies: commit.bodies }]);
    expect((await under().store.tail(3)).held).toEqual(commit.held?.put);
  });

  test('pages whole tables without losing or doubling a row', async () => {
    const chain = await take(0);
    const records = Array.from({ length: 1203 }, (_, n) => recordOf(`${n}`, { subject: `person:${n % 7}` }));
    expect(await chain.write({ records })).toEqual(done);
    const rows = await rowsOf(under().reader, 'record', 0);
    expect(rows).toEqual([...records].sort((a, b) => compareKeys([a.subject, a.id], [b.subject, b.id])));
  });

  test('puts the newest version in the place of the old, takes away, and keeps copies apart', async () => {
    const chain = await take(0);
    const copy = recordOf('a', { owner: '340000', type: claim.type });
    expect(await chain.write({ records: [recordOf('a'), recordOf('b'), copy] })).toEqual(done);
    const newer = recordOf('a', { version: 2, at: 2 ** 21 }, { amount: '7' });
    expect(
      await chain.write({
        records: [newer, recordOf('b', { body: null, version: 2 }), recordOf('z', { body: null })],
      }),
    ).toEqual(done);
    const all = await under().store.load(0, [{ table: 'records', type: claim.type, subject: 'person:1' }]);
    expect(all.records).toEqual([newer, copy]);
    expect(await under().reader.record(claim.type, 'person:1', 'a', 0)).toEqual(newer);
    expect(await under().reader.record(claim.type, 'person:1', 'b', 0)).toBeUndefined();
    expect(await under().reader.record(claim.type, 'person:1', 'a', 1)).toBeUndefined();
  });

  test('finds what misses ask for, each row once, and nothing of other partitions', async () => {
    const other = await take(1);
    expect(
      await other.write({ records: [recordOf('a')], balances: [balanceOf('x')], holds: [holdOf('h', 0)] }),
    ).toEqual(done);
    const chain = await take(0);
    const [command, message] = [idOf('command'), idOf('message')];
    const conversation = { command, state: 'open', open: 1, problem: '', made: [], at: 1 } as const;
    const awaits = {
      message,
      peer: '330000',
      conversation: command,
      subject: 's',
      type: 't',
      data: '{}',
      at: 1,
    };
    const rows: Partial<Commit> = {
      records: [recordOf('a'), recordOf('b'), recordOf('c', { subject: 'person:2' })],
      balances: [balanceOf('x', { debit: 3n })],
      holds: [holdOf('h', 1), holdOf('h', 0), holdOf('i', 0)],
      postings: [...legs(idOf('t'), 5n), ...legs(idOf('u'), 6n)],
      conversations: [conversation],
      awaited: { put: [awaits], gone: [] },
    };
    expect(await chain.write(rows)).toEqual(done);
    const misses = [
      { table: 'records', type: claim.type, subject: 'person:1' },
      { table: 'record', type: claim.type, subject: 'person:1', id: 'a' },
      { table: 'record', type: claim.type, subject: 'person:2', id: 'c' },
      { table: 'record', type: claim.type, subject: 'person:2', id: 'none' },
      { table: 'record', type: place.type, subject: 'place:1', id: '' },
      { table: 'balance', account: 'x' },
      { table: 'balance', account: 'none' },
      { table: 'hold', name: 'h' },
      { table: 'hold', name: 'h' },
      { table: 'transfer', transfer: idOf('t') },
      { table: 'conversation', command },
      { table: 'awaited', message },
      { table: 'awaited', message: idOf('none') },
    ] as const;
    const found = await under().store.load(0, misses);
    expect([...found.records].sort((a, b) => compareText(a.id, b.id))).toEqual(rows.records);
    expect(found.balances).toEqual(rows.balances);
    expect(found.holds).toEqual([holdOf('h', 0), holdOf('h', 1)]);
    expect(found.postings).toEqual(legs(idOf('t'), 5n));
    expect(found.conversations).toEqual([conversation]);
    expect(found.awaited).toEqual([awaits]);
    expect(await under().reader.conversation(0, command)).toEqual(conversation);
    expect(await under().reader.conversation(1, command)).toBeUndefined();
  });

  test('gives due timers in order, the earliest first, and when the next one is due', async () => {
    const chain = await take(0);
    const timers = [
      timerOf('b', 'x', 30),
      timerOf('a', 'y', 20),
      timerOf('a', 'x', 20),
      timerOf('a', 'z', 10),
      timerOf('中', 'x', 40),
    ];
    expect(await chain.write({ timers: { put: timers, gone: [] } })).toEqual(done);
    const due = async (now: number, limit: number) => {
      const found = await under().store.due(0, now, limit);
      return [found.timers.map((timer) => `${timer.subject}${timer.name}`).join(' '), found.nextDue];
    };
    expect(await due(5, 9)).toEqual(['', 10]);
    expect(await due(20, 9)).toEqual(['az ax ay', 30]);
    expect(await due(30, 2)).toEqual(['az ax', 20]);
    expect(await due(99, 9)).toEqual(['az ax ay bx 中x', undefined]);
    expect((await under().store.tail(0)).nextDue).toBe(10);
    const again = timerOf('a', 'x', 50);
    const gone = [
      { subject: 'a', name: 'z' },
      { subject: 'a', name: 'x' },
    ];
    expect(await chain.write({ timers: { put: [again], gone } })).toEqual(done);
    expect(await due(99, 9)).toEqual(['ay bx 中x ax', undefined]);
    expect(await under().store.due(1, 99, 9)).toEqual({ timers: [], nextDue: undefined });
  });

  test('ends what is held and awaited, even in the batch that began it', async () => {
    const chain = await take(2);
    const heldOf = (at: number) => ({ at, subject: 's', reason: 'r', kind: 'waiting', since: 1 }) as const;
    const awaits = (name: string) => ({
      message: idOf(name),
      peer: '',
      conversation: '',
      subject: 's',
      type: 't',
      data: '',
      at: 1,
    });
    const begin: Partial<Commit> = {
      held: { put: [heldOf(3), heldOf(1), heldOf(2)], gone: [2] },
      awaited: { put: [awaits('a'), awaits('b')], gone: [idOf('b')] },
    };
    expect(await chain.write(begin)).toEqual(done);
    expect((await under().store.tail(2)).held).toEqual([heldOf(1), heldOf(3)]);
    expect(await under().reader.held(1)).toEqual([{ ...heldOf(1), partition: 2 }]);
    expect(
      await chain.write({ held: { put: [], gone: [1, 3] }, awaited: { put: [], gone: [idOf('a')] } }),
    ).toEqual(done);
    expect(await under().reader.held(9)).toEqual([]);
    expect(await rowsOf(under().reader, 'awaited', 2)).toEqual([]);
  });

  test('finds ids accepted in one partition or in any, whatever their month', async () => {
    // 2026-01-01 01:00 in Shanghai, still 2025 in UTC.
    const old = { ...seenOf('old', 1_767_200_400_000), month: '2026-01' };
    const [zero, one] = [await take(0), await take(1)];
    expect(await zero.write({ seen: [seenOf('a'), old] })).toEqual(done);
    expect(await one.write({ seen: [seenOf('b')] })).toEqual(done);
    const ids = [seenOf('a'), seenOf('b'), old, { ...seenOf('a'), source: '320000' }];
    const { store } = under();
    expect(await store.seen(0, [])).toEqual([]);
    expect(await store.seen(1, ids)).toEqual([{ ...seenOf('b'), partition: 1 }]);
    const any = [...(await store.seen(undefined, ids))].sort((a, b) =>
      compareKeys([a.partition, a.month], [b.partition, b.month]),
    );
    expect(any).toEqual([
      { ...old, partition: 0 },
      { ...seenOf('a'), partition: 0 },
      { ...seenOf('b'), partition: 1 },
    ]);
  });
}

function frameTests(under: Under, take: Take): void {
  test('tells of each stream the last frame, those without receipt, and who sent what when', async () => {
    const chain = await take(0);
    const receiptOf = (peer: string, stream: string, seq: number) => ({
      ...{ peer, stream, epoch: 1, seq, receipt: digest('r'), signature: digest('s'), refusals: '' },
    });
    const sent = [1, 2, 3].map((seq) => sentOf('330000', 'main.0', seq));
    const urgent = sentOf('330000', 'urgent.0', 1, { fromAt: 0, uptoAt: 1000 });
    const next = sentOf('340000', 'main.0', 4, { epoch: 2 });
    const before = sentOf('340000', 'main.0', 9);
    const receivedOf = (stream: string, seq: number, epoch = 1) => ({
      ...{
        peer: '330000',
        stream,
        epoch,
        seq,
        head: digest('h'),
        signature: digest('s'),
        link: digest(`${seq}`),
      },
      ...{ next: 1, at: seq, receipt: digest('r'), receiptSignature: digest('x'), refusals: '' },
    });
    const receipts = [receiptOf('330000', 'main.0', 2), receiptOf('340000', 'main.0', 9)];
    const received = [
      receivedOf('main.0', 1),
      receivedOf('main.0', 2),
      receivedOf('main.1', 5),
      receivedOf('main.1', 6, 0),
    ];
    expect(await chain.write({ sent: [...sent, urgent, before, next], receipts, received })).toEqual(done);
    const { store, reader } = under();
    const tail = await store.tail(0);
    expect(tail.sent).toEqual([
      { last: sent[2], unreceipted: [sent[0], sent[2]] },
      { last: urgent, unreceipted: [urgent] },
      { last: next, unreceipted: [next] },
    ]);
    expect(tail.received).toEqual([received[1], received[2]]);
    expect(await store.received(0, '330000', 'main.0', 1, 1)).toEqual(received[0]);
    expect(await store.received(0, '330000', 'main.0', 2, 1)).toBeUndefined();
    expect(await store.received(1, '330000', 'main.0', 1, 1)).toBeUndefined();
    expect(await store.sentAt(0, '330000', 'main.0', 300)).toEqual({ sent: sent[1], receipt: receipts[0] });
    expect(await store.sentAt(0, '330000', 'main.0', 301)).toEqual({ sent: sent[2], receipt: undefined });
    expect(await store.sentAt(0, '330000', 'urgent.0', 301)).toEqual({ sent: urgent, receipt: undefined });
    expect(await store.sentAt(0, '330000', 'main.0', 100)).toBeUndefined();
    expect(await store.sentAt(0, '330000', 'main.0', 401)).toBeUndefined();
    const stream = (
      peer: string,
      name: string,
      sentSeq: number,
      receiptedSeq: number,
      receivedSeq: number,
    ) => ({
      ...{ partition: 0, peer, stream: name, sentSeq, receiptedSeq, receivedSeq },
    });
    expect(await reader.streams()).toEqual([
      stream('330000', 'main.0', 3, 2, 2),
      stream('330000', 'main.1', 0, 0, 5),
      stream('330000', 'urgent.0', 1, 0, 0),
      stream('340000', 'main.0', 4, 9, 0),
    ]);
  });

  test('appends to the log tree what follows it, under the lease of partition 0', async () => {
    const chain = await take(0);
    const { store } = under();
    const leaf = (number: number) => ({
      number,
      partition: number % 4,
      first: 1,
      last: 5,
      root: digest(`${number}`),
    });
    const state = (number: number) => ({
      number,
      text: `yitong.csj.310000/journal\n${number}\n中\n`,
      at: 2 ** 43,
    });
    expect(await store.segments()).toEqual({ segments: [], checkpoint: undefined });
    expect(await store.checkpoint(chain.epoch, [leaf(0), leaf(1)], state(2))).toBe(true);
    expect(await store.checkpoint(chain.epoch, [leaf(1)], state(2))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [leaf(3)], state(4))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [leaf(2)], state(4))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [], state(2))).toBe(false);
    expect(await store.checkpoint(chain.epoch + 1, [leaf(2)], state(3))).toBe(false);
    expect(await store.segments()).toEqual({ segments: [leaf(0), leaf(1)], checkpoint: state(2) });
    expect(await store.checkpoint(chain.epoch, [leaf(2)], state(3))).toBe(true);
    expect(await store.segments()).toEqual({ segments: [leaf(0), leaf(1), leaf(2)], checkpoint: state(3) });
  });
}

function leaseTests(under: Under, take: Take): void {
  test('gives each free partition to one holder until it lets go', async () => {
    const { store, second } = under();
    const [mine, theirs] = await Promise.all([
      store.acquire([0, 1, 2, 3], 'first', 'a:1'),
      second.acquire([3, 2, 1, 0], 'second', 'b:1'),
    ]);
    const all = [...mine, ...theirs].map((lease) => lease.partition).sort();
    expect(new Set(all).size).toBe(all.length);
    // A row that the other is looking at is passed over: it comes with the next try.
    const rest = await store.acquire([0, 1, 2, 3], 'third', '');
    expect([...all, ...rest.map((lease) => lease.partition)].sort()).toEqual([0, 1, 2, 3]);
    expect(await second.acquire([0, 1, 2, 3], 'second', 'b:1')).toEqual([]);
    expect(await store.renew([...mine, ...theirs], 'first')).toEqual(mine.map((lease) => lease.partition));
    await second.release(mine, 'second');
    expect(await second.acquire([0, 1, 2, 3], 'second', 'b:1')).toEqual([]);
    await store.release(mine, 'first');
    const again = await second.acquire([0, 1, 2, 3], 'second', 'b:1');
    expect(again).toEqual(mine.map(({ partition, epoch }) => ({ partition, epoch: epoch + 1 })));
  });

  test('passes a lease on when its time is over, and fences who wakes late', async () => {
    const sleeper = await take(0);
    expect(await sleeper.write()).toEqual(done);
    const { store, second } = under();
    const lease = { partition: 0, epoch: sleeper.epoch };
    await under().elapse(4_000);
    expect(await second.acquire([0], 'second', '')).toEqual([]);
    expect(await store.renew([lease], 'first')).toEqual([0]);
    await under().elapse(4_000);
    expect(await second.acquire([0], 'second', '')).toEqual([]);
    await under().elapse(2_000);
    const taker = await Chain.take(second, 0, 'second');
    expect(taker.epoch).toBe(sleeper.epoch + 1);
    expect(taker.row).toEqual(sleeper.row);
    expect(await store.renew([lease], 'first')).toEqual([]);
    expect(await sleeper.write()).toEqual(fenced);
    expect(await taker.write()).toEqual(done);
    await store.release([lease], 'first');
    expect(await taker.write()).toEqual(done);
  });
}

function listTests(under: Under, take: Take): void {
  const notes = [undefined, '甲', '乙', '𠮷', '\uffee', 'a', 'A', ''];
  const claims = Array.from({ length: 60 }, (_, n) => {
    const body: Record<string, unknown> = {
      amount: String((BigInt(n % 9) - 4n) * 10n ** BigInt((n % 4) * 5)),
      state: n % 3 === 0 ? 'closed' : 'open',
      day: `2026-${n % 2 ? '02' : '10'}-${String((n % 5) + 1).padStart(2, '0')}`,
    };
    if (n % 4 > 0) body['items'] = n * 3;
    const note = notes[n % notes.length];
    if (note !== undefined) body['note'] = note;
    const owner = n % 10 === 7 ? '340000' : '';
    const row = recordOf(`C-${n}`, { subject: `person:${n % 11}`, owner, home: n !== 13 }, body);
    return { row, partition: n % 4 };
  });
  const base: ListQuery = {
    type: claim.type,
    where: [],
    sort: undefined,
    limit: 7,
    after: undefined,
    owner: 'all',
  };
  const fill = async () => {
    for (const partition of [0, 1, 2, 3]) {
      const records = claims.filter((one) => one.partition === partition).map((one) => one.row);
      expect(await (await take(partition)).write({ records })).toEqual(done);
    }
  };
  const walk = async (query: Partial<ListQuery>) => {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await under().reader.list({ ...base, ...query, after });
      expect(page.rows.length).toBeLessThanOrEqual(query.limit ?? base.limit);
      for (const { partition, ...row } of page.rows) {
        expect(claims).toContainEqual({ row, partition });
        ids.push(row.id);
      }
      after = page.next;
    } while (after !== undefined);
    return ids;
  };
  const fieldsOf = (id: string): Record<string, string | undefined> => {
    const body: Record<string, unknown> = JSON.parse(
      claims.find((one) => one.row.id === id)?.row.body ?? '{}',
    );
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
  };

  test('pages through every order without losing or doubling a row, whatever the ties', async () => {
    await fill();
    const all = claims.filter((one) => one.row.home).map((one) => one.row.id);
    for (const field of ['code', 'state', 'amount', 'items', 'day', 'note']) {
      const up = await walk({ sort: { field, descending: false } });
      expect([...up].sort()).toEqual([...all].sort());
      const value = (id: string) => fieldsOf(id)[field];
      const isNumber = field === 'amount' || field === 'items';
      for (const [n, id] of up.entries()) {
        const [left, right] = [n === 0 ? undefined : value(up[n - 1] ?? ''), value(id)];
        if (left === undefined) continue;
        if (isNumber) expect(BigInt(left) <= BigInt(right ?? 'x')).toBe(true);
        else expect(compareText(left, right ?? '')).toBeLessThanOrEqual(0);
      }
      expect(await walk({ sort: { field, descending: true }, limit: 1 })).toEqual([...up].reverse());
      expect(await walk({ sort: { field, descending: false }, limit: 59 })).toEqual(up);
    }
    const plain = await walk({ limit: 3 });
    expect([...plain].sort()).toEqual([...all].sort());
  });

  const filters: readonly [ListQuery['where'], (fields: Record<string, string | undefined>) => boolean][] = [
    [[{ field: 'state', is: '=', value: 'open' }], (fields) => fields['state'] === 'open'],
    [[{ field: 'amount', is: '>', value: '9' }], (fields) => BigInt(fields['amount'] ?? 0) > 9n],
    [[{ field: 'amount', is: '<=', value: '-10' }], (fields) => BigInt(fields['amount'] ?? 0) <= -10n],
    [
      [{ field: 'amount', is: '=', value: '4000000000000000' }],
      (fields) => fields['amount'] === '4000000000000000',
    ],
    [
      [{ field: 'items', is: '<', value: '100' }],
      (fields) => fields['items'] !== undefined && Number(fields['items']) < 100,
    ],
    [[{ field: 'items', is: '>=', value: '9' }], (fields) => Number(fields['items'] ?? 0) >= 9],
    [
      [{ field: 'note', is: '<=', value: '乙' }],
      (fields) => fields['note'] !== undefined && compareText(fields['note'], '乙') <= 0,
    ],
    [[{ field: 'note', is: '>', value: '\uffee' }], (fields) => fields['note'] === '𠮷'],
    [[{ field: 'note', is: '=', value: '' }], (fields) => fields['note'] === ''],
    [
      [{ field: 'day', is: 'prefix', value: '2026-10' }],
      (fields) => fields['day']?.startsWith('2026-10') ?? false,
    ],
    [
      [
        { field: 'code', is: 'prefix', value: 'C-1' },
        { field: 'state', is: '=', value: 'closed' },
      ],
      (fields) => (fields['code'] ?? '').startsWith('C-1') && fields['state'] === 'closed',
    ],
    [[{ field: 'code', is: 'prefix', value: '%' }], () => false],
  ];
  test('lists and counts what meets the conditions, numbers by value and texts by code point', async () => {
    await fill();
    for (const [where, meets] of filters) {
      const expected = claims
        .filter((one) => one.row.home && meets(fieldsOf(one.row.id)))
        .map((one) => one.row.id);
      expect([...(await walk({ where }))].sort(), JSON.stringify(where)).toEqual([...expected].sort());
      expect(await under().reader.count({ type: claim.type, where, owner: 'all' })).toBe(expected.length);
    }
  });

  test('tells own records from copies, and hides the copies that are kept beside their home', async () => {
    await fill();
    const count = async (owner: ListQuery['owner']) =>
      under().reader.count({ type: claim.type, where: [], owner });
    expect([await count('own'), await count('others'), await count('all')]).toEqual([53, 6, 59]);
    expect((await walk({ owner: 'others' })).map((id) => Number(id.slice(2)) % 10)).toEqual([
      7, 7, 7, 7, 7, 7,
    ]);
  });

  const wrong: readonly [string, Partial<ListQuery>][] = [
    ['type', { type: 'ledger/none' }],
    ['none', { where: [{ field: 'none', is: '=', value: '' }] }],
    ["x' or true --", { sort: { field: "x' or true --", descending: false } }],
    ['amount', { where: [{ field: 'amount', is: '=', value: '12a' }] }],
    ['amount', { where: [{ field: 'amount', is: 'prefix', value: '1' }] }],
    ['after', { after: 'nonsense' }],
    ['after', { after: Buffer.from('["",1,2,3,4,5]').toString('base64url') }],
    [
      'after',
      {
        after: Buffer.from('["+code","a",0,"s","","\\u0000"]').toString('base64url'),
        sort: { field: 'code', descending: false },
      },
    ],
    [
      'after',
      {
        after: Buffer.from('["+code","a",0,"s","",""]').toString('base64url'),
        sort: { field: 'code', descending: true },
      },
    ],
  ];
  test.for(wrong)('refuses a list naming what is wrong with it: %s', async ([field, query]) => {
    const failure = await under()
      .reader.list({ ...base, ...query })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListRefusal);
    expect(failure).toMatchObject({ field });
  });
}

function bookTests(under: Under, take: Take): void {
  test('adds up sub-balances over partitions in order of account', async () => {
    const [zero, one] = [await take(0), await take(1)];
    const row = balanceOf('med/fund', { debit: 2n ** 62n, credit: 1n, heldDebit: 2n, heldCredit: 3n, at: 9 });
    expect(await zero.write({ balances: [row, balanceOf('med/fund:x'), balanceOf('plan/a')] })).toEqual(done);
    expect(
      await one.write({
        balances: [{ ...row, debit: 2n ** 62n - 1n, at: 7 }, balanceOf('med/a%', { at: 1 })],
      }),
    ).toEqual(done);
    const sum = { ...row, debit: 2n ** 63n - 1n, credit: 2n, heldDebit: 4n, heldCredit: 6n };
    expect(await under().reader.balances('med/')).toEqual([
      balanceOf('med/a%', { at: 1 }),
      sum,
      balanceOf('med/fund:x'),
    ]);
    expect(await under().reader.balances('med/a_')).toEqual([]);
  });

  test('shows mirrored entries page by page with the sign of their side, and their totals', async () => {
    const chains = [await take(0), await take(1)];
    const expected: {
      transfer: string;
      fen: bigint;
      account: string;
      peer: string;
      period: string;
      partition: number;
    }[] = [];
    for (const [partition, chain] of chains.entries()) {
      const postings = Array.from({ length: 11 }, (_, n): PostingRow[] => {
        const [peer, period] = [n % 2 ? '330000' : '340000', n % 3 ? '2026-11' : '2026-10'];
        const [transfer, fen] = [idOf(`${partition} ${n}`), BigInt(n + 1) * 10n ** 15n];
        const [debit, credit] = legs(transfer, fen, { period });
        if (!debit || !credit) throw new Error('two legs');
        const account = n < 5 ? `ledger/due-to:${peer}` : `ledger/due-from:${peer}`;
        expected.push({ transfer, fen: n < 5 ? fen : -fen, account, peer, period, partition });
        return [debit, { ...credit, account, peer }];
      }).flat();
      expect(await chain.write({ postings })).toEqual(done);
    }
    expected.sort((a, b) => compareText(a.transfer, b.transfer));
    const walk = async (query: { peer?: string; period?: string }) => {
      const found: unknown[] = [];
      for (let after: string | undefined; ; ) {
        const page = await under().reader.mirrors({
          ...query,
          limit: 4,
          ...(after === undefined ? {} : { after }),
        });
        found.push(...page);
        after = page.at(-1)?.transfer;
        if (page.length < 4) return found;
      }
    };
    const kind = 'post';
    expect(await walk({})).toEqual(expected.map((entry) => ({ ...entry, kind })));
    for (const query of [
      { peer: '330000' },
      { period: '2026-10' },
      { peer: '340000', period: '2026-11' },
      { peer: '1' },
    ]) {
      const meets = (entry: { peer: string; period: string }) =>
        (query.peer ?? entry.peer) === entry.peer && (query.period ?? entry.period) === entry.period;
      const rows = expected.filter(meets);
      expect(await walk(query)).toEqual(rows.map((entry) => ({ ...entry, kind })));
      const totals = await under().reader.mirrorTotals(query);
      expect(totals.reduce((sum, total) => sum + total.count, 0)).toBe(rows.length);
      for (const total of totals) {
        const own = rows.filter(
          (entry) => entry.account === `${total.account}:${total.peer}` && entry.period === total.period,
        );
        expect(total).toMatchObject({
          count: own.length,
          fen: own.reduce((sum, entry) => sum + entry.fen, 0n),
        });
      }
    }
  });

  test('keeps both legs of a transfer between two mirrored accounts on one page', async () => {
    const chain = await take(0);
    const transfers = ['a', 'b', 'c'].map((name) => idOf(name)).sort();
    expect(
      await chain.write({ postings: transfers.flatMap((id) => legs(id, 1n, { peer: '330000' })) }),
    ).toEqual(done);
    const page = await under().reader.mirrors({ limit: 3 });
    expect(page.map((entry) => entry.transfer)).toEqual([
      transfers[0],
      transfers[0],
      transfers[1],
      transfers[1],
    ]);
    const rest = await under().reader.mirrors({ limit: 3, after: transfers[1] ?? '' });
    expect(rest.map((entry) => entry.transfer)).toEqual([transfers[2], transfers[2]]);
  });
}

/** A step of the property: moves money between two accounts and says so in a record. */
const move = fc.record({
  partition: fc.nat(1),
  from: fc.nat(3),
  to: fc.nat(3),
  fen: fc.bigInt({ min: 1n, max: 2n ** 55n }),
  how: fc.constantFrom('write', 'stale', 'twice'),
});

function propertyTests(under: Under, take: Take): void {
  const seed = 20261123;
  test(`keeps every transfer at zero and every balance the sum of its postings, whatever is refused (seed ${seed})`, async () => {
    let round = 0;
    const property = fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
      round += 1;
      const chains = [await taken(under().store, 0, take), await taken(under().store, 1, take)];
      const sums = new Map<string, BalanceRow>();
      for (const [n, step] of moves.entries()) await play(chains, sums, `${round} ${n}`, step);
      for (const chain of chains) await checkBooks(under().reader, chain.partition);
      for (const chain of chains) await under().store.release([chain], 'first');
    });
    await fc.assert(property, { seed, numRuns: 25 });
  });
}

async function taken(store: Store, partition: number, take: Take): Promise<Chain> {
  const tail = await store.tail(partition);
  const chain = await take(partition);
  expect(chain.row).toEqual(tail.journal);
  return chain;
}

type Move = { partition: number; from: number; to: number; fen: bigint; how: string };

async function play(
  chains: readonly Chain[],
  sums: Map<string, BalanceRow>,
  name: string,
  step: Move,
): Promise<void> {
  const chain = chains[step.partition];
  if (!chain) throw new Error('no chain');
  const round = name.split(' ', 1)[0];
  const [from, to] = [`r${round}/a${step.from}`, `r${round}/a${step.to}`];
  const at = chain.at();
  const next = new Map(sums);
  const balance = (account: string) => next.get(`${chain.partition} ${account}`) ?? balanceOf(account);
  const put = (row: BalanceRow) => next.set(`${chain.partition} ${row.account}`, row);
  put({ ...balance(to), debit: balance(to).debit + step.fen, at });
  put({ ...balance(from), credit: balance(from).credit + step.fen, at });
  const [debit, credit] = legs(idOf(name), step.fen, { at });
  if (!debit || !credit) throw new Error('two legs');
  const postings = [
    { ...debit, account: to },
    { ...credit, account: from },
  ];
  const balances = [...new Set([from, to])].map(balance);
  const records = [recordOf(name, { at }, { amount: String(step.fen) })];
  const journal = step.how === 'stale' ? { prev: digest('stale') } : {};
  const result = await chain.write({ postings, balances, records }, journal);
  expect(result).toEqual(step.how === 'stale' ? fenced : done);
  if (step.how === 'stale') return;
  for (const [key, row] of next) sums.set(key, row);
  if (step.how === 'twice')
    expect(await chain.write({ postings, balances })).toEqual({ result: 'refused', code: '23505' });
}

async function checkBooks(reader: Reader, partition: number): Promise<void> {
  const transfers = new Map<string, bigint>();
  const accounts = new Map<string, { debit: bigint; credit: bigint }>();
  for await (const row of reader.table('posting', partition)) {
    const [transfer, account, fen] = [
      String(row['transfer']),
      String(row['account']),
      BigInt(String(row['fen'])),
    ];
    transfers.set(transfer, (transfers.get(transfer) ?? 0n) + fen);
    const sum = accounts.get(account) ?? { debit: 0n, credit: 0n };
    accounts.set(account, {
      debit: sum.debit + (fen > 0n ? fen : 0n),
      credit: sum.credit + (fen < 0n ? -fen : 0n),
    });
  }
  expect([...transfers.values()].every((sum) => sum === 0n)).toBe(true);
  for await (const row of reader.table('balance', partition))
    expect(row).toMatchObject(accounts.get(String(row['account'])) ?? {});
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    const order = typeof left === 'number' ? left - Number(right) : compareText(left, String(right));
    if (order !== 0) return order;
  }
  return 0;
}
