import { system } from '@yitong/kit';
import { expect, test } from 'vitest';
import { compare, type Entry, pairsOf } from './reconcile.ts';

const pair = { debtor: '310000', creditor: '340000', account: 'medical/due-to', mirror: 'medical/due-from' };

function book(
  ...rows: readonly (readonly [transfer: string, fen: bigint, period?: string])[]
): AsyncIterator<Entry> {
  const entries = rows.map(([transfer, fen, period = '2026-11']) => ({
    transfer,
    fen,
    period,
    account: 'a',
  }));
  return (async function* () {
    yield* entries;
  })();
}

test('equal books have no difference, and their sum is told once', async () => {
  const owed = book(['a', 100n], ['b', 50n]);
  const due = book(['a', 100n], ['b', 50n]);
  expect(await compare(pair, owed, due)).toMatchObject({
    entries: 2,
    fen: 150n,
    differences: 0,
    examples: [],
  });
});

test('what one book lacks and what differs in amount or month is named', async () => {
  const owed = book(['a', 100n], ['b', 50n], ['c', 1n], ['e', 7n, '2026-10']);
  const due = book(['b', 51n], ['c', 1n], ['d', 9n], ['e', 7n]);
  const { differences, examples, entries } = await compare(pair, owed, due);
  expect(differences).toBe(4);
  expect(entries).toBe(3);
  expect(examples.map(({ transfer, kind, missing }) => [transfer, kind, missing])).toEqual([
    ['a', 'missing', '340000'],
    ['b', 'amount', undefined],
    ['d', 'missing', '310000'],
    ['e', 'period', undefined],
  ]);
});

test('each two members have a pair of books in each direction for each mirrored account', () => {
  const shop = system('shop', { roles: [], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
  shop.account('due-to', { side: 'credit', per: 'member', mirror: 'due-from' });
  shop.account('due-from', { side: 'debit', per: 'member', mirror: 'due-to' });
  shop.account('cash', { side: 'debit' });
  expect(pairsOf([shop], ['310000', '340000'])).toEqual([
    { debtor: '310000', creditor: '340000', account: 'shop/due-to', mirror: 'shop/due-from' },
    { debtor: '340000', creditor: '310000', account: 'shop/due-to', mirror: 'shop/due-from' },
  ]);
});
