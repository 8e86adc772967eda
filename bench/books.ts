import { setTimeout as pause } from 'node:timers/promises';
import { type BenchRegion, care, insured } from './region.ts';

/** The two accounts of one debt, at the debtor and at the creditor. */
const debts = new Set(['medical-settlement/due-to', 'medical-settlement/due-from']);

interface Books {
  readonly entries: number;
  readonly owed: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly held: bigint;
}

/** At rest both members have booked the same debts, debit equals credit, and nothing is held. Throws what differs after 30 s. */
export async function checkBooks(open: BenchRegion): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    const [there, here] = [await booksOf(open, insured), await booksOf(open, care)];
    const wrong = faultOf(there, here);
    if (wrong === undefined) return;
    if (performance.now() > until) throw new Error(wrong);
    await pause(500);
  }
}

function faultOf(there: Books, here: Books): string | undefined {
  if (there.entries === 0) return 'nothing was booked';
  if (there.entries !== here.entries)
    return `${there.entries} entries at the debtor, ${here.entries} at the creditor`;
  if (there.owed !== here.owed) return `${there.owed} fen are owed, ${here.owed} are claimed`;
  for (const { debit, credit, held } of [there, here]) {
    if (debit !== credit) return `debits of ${debit} fen, credits of ${credit}`;
    if (held !== 0n) return `${held} fen are still held`;
  }
  return undefined;
}

async function booksOf(open: BenchRegion, member: string): Promise<Books> {
  const door = await open.door(member, 'node/auditor');
  const statement = (await door.get('/ledger/statement?limit=1')) as {
    readonly totals: readonly { readonly account: string; readonly count: number; readonly fen: string }[];
  };
  const totals = statement.totals.filter(({ account }) => debts.has(account));
  const balances = (await door.get('/ledger/balances')) as {
    readonly data: readonly Readonly<Record<'debit' | 'credit' | 'heldDebit' | 'heldCredit', string>>[];
  };
  door.close();
  const sum = (values: readonly string[]) => values.reduce((all, value) => all + BigInt(value), 0n);
  return {
    entries: totals.reduce((all, { count }) => all + Number(count), 0),
    owed: sum(totals.map(({ fen }) => fen)),
    debit: sum(balances.data.map(({ debit }) => debit)),
    credit: sum(balances.data.map(({ credit }) => credit)),
    held: sum(balances.data.flatMap(({ heldDebit, heldCredit }) => [heldDebit, heldCredit])),
  };
}
