import type { Sides, Statement } from '../app/books.ts';

/** Entries that one message booked: a settlement, or what takes one back. */
export interface Bill {
  /** Place in the journal of the message that booked them, `partition.position`. */
  readonly at: string;
  readonly isOwed: boolean;
  readonly isBack: boolean;
  /** Below zero: this member owes it. */
  readonly fen: bigint;
  readonly entries: number;
}

/** Entries between two members, put together as they were booked, in the order of the journal. */
export function billsOf(entries: Statement['entries'], sides: Sides): readonly Bill[] {
  const found = new Map<string, Bill>();
  for (const { at, account, fen, kind } of entries) {
    const side = sides.get(account.split(':')[0] ?? '');
    if (side === undefined) continue;
    const { isOwed } = side;
    const before = found.get(at) ?? { at, isOwed, isBack: false, fen: 0n, entries: 0 };
    found.set(at, {
      ...before,
      isBack: before.isBack || kind === 'reversal',
      fen: before.fen + (isOwed ? -BigInt(fen) : BigInt(fen)),
      entries: before.entries + 1,
    });
  }
  return [...found.values()].sort(byPlace);
}

function byPlace(a: Bill, b: Bill): number {
  const [partA = 0, posA = 0] = a.at.split('.').map(Number);
  const [partB = 0, posB = 0] = b.at.split('.').map(Number);
  return partA - partB || posA - posB;
}

/** A month with what was owed and due in it, fen. */
export interface MonthSums {
  readonly period: string;
  readonly owed: bigint;
  readonly due: bigint;
}

/** The six months up to the newest, the months without entries too; of one peer, or of all. */
export function monthsOf(
  totals: Statement['totals'],
  sides: Sides,
  peer: string | undefined,
): readonly MonthSums[] {
  const newest = totals
    .map(({ period }) => period)
    .sort()
    .at(-1);
  if (newest === undefined) return [];
  const own = totals.filter((one) => peer === undefined || one.peer === peer);
  const sum = (period: string, isOwed: boolean) =>
    own
      .filter((one) => one.period === period && sides.get(one.account)?.isOwed === isOwed)
      .reduce((total, { fen }) => total + BigInt(fen), 0n);
  return monthsUpTo(newest, 6).map((period) => ({
    period,
    owed: sum(period, true),
    due: sum(period, false),
  }));
}

function monthsUpTo(newest: string, n: number): readonly string[] {
  const [year = 0, month = 0] = newest.split('-').map(Number);
  return Array.from({ length: n }, (_, i) => {
    const at = year * 12 + month - 1 - (n - 1 - i);
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}
