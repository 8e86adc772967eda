import type { MirrorEntry, Reader } from '@yitong/kernel';
import type { Line } from './line.ts';
import type { Raw } from './table.ts';
import { balance, posting } from './tables.ts';

/** The books across partitions. `creditAccounts`: those, as `<system>/<name>`, that grow on the credit side. */
export function books(
  line: Line,
  creditAccounts: ReadonlySet<string>,
): Pick<Reader, 'balances' | 'mirrors' | 'mirrorTotals'> {
  const credit = [...creditAccounts];
  return {
    async balances(prefix) {
      const raws = await line.ask({
        name: 'balances',
        text: `select account, sum(debit)::text as debit, sum(credit)::text as credit, sum(held_debit)::text as "heldDebit",
            sum(held_credit)::text as "heldCredit", max(at) as at
          from balance where starts_with(account, $1::text) group by account order by account`,
        values: [prefix],
      });
      return raws.map(balance.row);
    },
    async mirrors({ peer, period, limit, after }) {
      const raws = await line.ask({
        text: `select transfer, account, peer, period, partition, kind, at, ${sign} * fen as fen from posting
          where peer is not null and ($2::text is null or peer = $2) and ($3::text is null or period = $3)
            and ($4::uuid is null or transfer > $4) order by transfer, leg limit $5::int + 1`,
        values: [credit, peer ?? null, period ?? null, after ?? null, limit],
      });
      const entries = raws.map(mirrorEntry);
      // Both legs of a transfer stand on one page: the next one begins after the transfer.
      const isTorn =
        entries[limit] !== undefined && entries[limit]?.transfer === entries[limit - 1]?.transfer;
      return entries.slice(0, isTorn ? limit + 1 : limit);
    },
    async mirrorTotals({ peer, period }) {
      const raws = await line.ask({
        text: `select split_part(account, ':', 1) as account, peer, period, count(*) as count, sum(${sign} * fen)::text as fen
          from posting where peer is not null and ($2::text is null or peer = $2) and ($3::text is null or period = $3)
          group by 1, 2, 3 order by 1, 2, 3`,
        values: [credit, peer ?? null, period ?? null],
      });
      return raws.map((raw) => ({
        account: String(raw['account']),
        peer: String(raw['peer']),
        period: String(raw['period']),
        count: Number(raw['count']),
        fen: posting.columns.fen.read(raw['fen']),
      }));
    },
  };
}

/** Positive when the entry grows on its account's side. */
const sign = `(case when split_part(account, ':', 1) = any($1::text[]) then -1 else 1 end)`;

function mirrorEntry(raw: Raw): MirrorEntry {
  const { transfer, account, period, fen, kind, at } = posting.columns;
  return {
    transfer: transfer.read(raw['transfer']),
    account: account.read(raw['account']),
    peer: String(raw['peer']),
    period: period.read(raw['period']),
    fen: fen.read(raw['fen']),
    partition: Number(raw['partition']),
    kind: kind.read(raw['kind']),
    at: at.read(raw['at']),
  };
}
