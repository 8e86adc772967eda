import { expect, test } from 'vitest';
import { compareText } from '../find.ts';
import type { PostingRow } from '../rows.ts';
import { balanceOf, done, idOf, legs, type Take, type Under } from './samples.suite.ts';

/** Balances and mirrored entries over partitions. */
export function bookTests(under: Under, take: Take): void {
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
      at: number;
    }[] = [];
    for (const [partition, chain] of chains.entries()) {
      const postings = Array.from({ length: 11 }, (_, n): PostingRow[] => {
        const [peer, period] = [n % 2 ? '330000' : '340000', n % 3 ? '2026-11' : '2026-10'];
        const [transfer, fen] = [idOf(`${partition} ${n}`), BigInt(n + 1) * 10n ** 15n];
        const [debit, credit] = legs(transfer, fen, { period });
        if (!debit || !credit) throw new Error('two legs');
        const account = n < 5 ? `ledger/due-to:${peer}` : `ledger/due-from:${peer}`;
        expected.push({ transfer, fen: n < 5 ? fen : -fen, account, peer, period, partition, at: debit.at });
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
