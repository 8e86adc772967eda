import { available, limitCode, type SystemType } from '@yitong/kit';
import type { Overlay } from '../records/overlay.ts';
import type { Draft, RefusalNote } from '../runtime/draft.ts';
import type { BalanceRow } from '../store/rows.ts';

/** Sides of the accounts with a hard limit, by `<system>/<name>`. 限额账户 */
export type Limited = ReadonlyMap<string, 'debit' | 'credit'>;

/** The accounts with a hard limit that these systems declare. */
export function limitedAccounts(systems: Iterable<SystemType>): Limited {
  const limited = new Map<string, 'debit' | 'credit'>();
  for (const { name, accounts } of systems)
    for (const { accountName, head } of accounts.values())
      if (head.about !== undefined) limited.set(`${name}/${accountName}`, head.side);
  return limited;
}

/** `<system>/<name>` of an account about a subject. */
const nameOf = (account: string): string => account.slice(0, account.indexOf(':'));

/** By how much a limited account is below its limit, in fen; undefined when it is not, or has none. */
export function shortOf(limited: Limited, row: BalanceRow): bigint | undefined {
  const side = limited.get(nameOf(row.account));
  if (side === undefined) return undefined;
  const left = available({ side }, row);
  return left < 0n ? -left : undefined;
}

/** Why a message is refused whose draft takes more from a limited account than is on it (K41); undefined when none does. */
export function limitFault(draft: Draft, limited: Limited, overlay: Overlay): RefusalNote | undefined {
  if (limited.size === 0) return undefined;
  const rows = new Map<string, BalanceRow>();
  const change = (account: string, column: 'debit' | 'credit' | 'heldDebit' | 'heldCredit', by: bigint) => {
    if (!limited.has(nameOf(account))) return;
    const row = rows.get(account) ?? overlay.balance(account);
    rows.set(account, { ...row, [column]: row[column] + by });
  };
  for (const { debit, credit, fen } of draft.bookings) {
    change(debit, 'debit', fen);
    change(credit, 'credit', fen);
  }
  for (const { debit, credit, fen, state } of draft.holds) {
    const by = state === 'open' ? fen : -fen;
    change(debit, 'heldDebit', by);
    change(credit, 'heldCredit', by);
  }
  for (const row of rows.values()) {
    const short = shortOf(limited, row);
    if (short === undefined) continue;
    const account = nameOf(row.account).slice(row.account.indexOf('/') + 1);
    return { code: limitCode, facts: { account, short: String(short) } };
  }
  return undefined;
}
