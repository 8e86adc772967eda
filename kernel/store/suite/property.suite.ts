import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BalanceRow } from '../rows.ts';
import type { Reader, Store } from '../store.ts';
import {
  balanceOf,
  type Chain,
  digest,
  done,
  fenced,
  idOf,
  legs,
  recordOf,
  type Take,
  type Under,
} from './samples.suite.ts';

/** A step of the property: moves money between two accounts and says so in a record. */
const move = fc.record({
  partition: fc.nat(1),
  from: fc.nat(3),
  to: fc.nat(3),
  fen: fc.bigInt({ min: 1n, max: 2n ** 55n }),
  how: fc.constantFrom('write', 'stale', 'twice'),
});

/** What never breaks, under random moves. */
export function propertyTests(under: Under, take: Take): void {
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
