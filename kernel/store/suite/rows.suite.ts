import { expect, test } from 'vitest';
import { compareText } from '../find.ts';
import type { Commit, Reader } from '../store.ts';
import {
  balanceOf,
  claim,
  compareKeys,
  done,
  holdOf,
  idOf,
  legs,
  place,
  recordOf,
  rowsOf,
  seenOf,
  type Take,
  timerOf,
  type Under,
} from './samples.suite.ts';

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

/** Rows come back as they went in. */
export function rowTests(under: Under, take: Take): void {
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
          version: 1,
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
      version: 2,
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
      version: 2,
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
