import { expect, test } from 'vitest';
import { billsOf, monthsOf } from './bills.ts';

const sides = new Map([
  ['s/due-to', { title: 'owed', isOwed: true }],
  ['s/due-from', { title: 'due', isOwed: false }],
]);
const entry = (at: string, account: string, fen: string, kind = 'post') => ({
  transfer: `${at} ${account} ${fen}`,
  account: `${account}:340000`,
  peer: '340000',
  fen,
  at,
  kind,
});

test('entries that one message booked are one bill; what is owed is below zero, other accounts say nothing', () => {
  const bills = billsOf(
    [
      entry('0.9', 's/due-to', '300'),
      entry('0.10', 's/due-from', '50'),
      entry('0.9', 's/due-to', '12'),
      entry('0.9', 's/expense', '312'),
      entry('0.11', 's/due-to', '-312', 'reversal'),
    ],
    sides,
  );
  expect(bills).toEqual([
    { at: '0.9', isOwed: true, isBack: false, fen: -312n, entries: 2 },
    { at: '0.10', isOwed: false, isBack: false, fen: 50n, entries: 1 },
    { at: '0.11', isOwed: true, isBack: true, fen: 312n, entries: 1 },
  ]);
});

test('the trend has six months up to the newest, those without entries too', () => {
  const total = (period: string, account: string, fen: string) => ({ period, account, peer: '340000', fen });
  const months = monthsOf(
    [
      total('2026-01', 's/due-to', '5'),
      total('2026-02', 's/due-from', '7'),
      total('2026-02', 's/due-to', '2'),
    ],
    sides,
    '340000',
  );
  expect(months.map(({ period }) => period)).toEqual([
    '2025-09',
    '2025-10',
    '2025-11',
    '2025-12',
    '2026-01',
    '2026-02',
  ]);
  expect(months.at(-1)).toEqual({ period: '2026-02', owed: 2n, due: 7n });
  expect(monthsOf([], sides, undefined)).toEqual([]);
});
