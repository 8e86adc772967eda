/** What a node's ledger tells of its debts with other members. */
export interface Statement {
  readonly member: string;
  readonly asOf: string;
  readonly totals: readonly {
    readonly account: string;
    readonly peer: string;
    readonly period: string;
    readonly fen: string;
  }[];
  readonly entries: readonly {
    readonly transfer: string;
    readonly account: string;
    readonly peer: string;
    readonly fen: string;
    /** Place in the journal of the message that booked it. */
    readonly at: string;
    readonly kind: string;
  }[];
  /** Where the entries that did not fit begin; null when all are there. */
  readonly next?: string | null;
}

/** Where the debts of all months are asked for; entries are asked for by peer and month. */
export const booksPath = '/ledger/statement?limit=1';

/** The accounts in which two members keep one debt: what it is called, and whether this member owes it. */
export type Sides = ReadonlyMap<string, { readonly title: string; readonly isOwed: boolean }>;

/** What this member owes a peer and what the peer owes it, fen. */
export interface Books {
  readonly peer: string;
  readonly owed: bigint;
  readonly due: bigint;
}

/** Months that have debts, the oldest first. */
export function monthsOf(totals: Statement['totals']): readonly string[] {
  return [...new Set(totals.map(({ period }) => period))].sort();
}

/** The debts of a month by peer; accounts that have no counterpart at the other member say nothing of it. */
export function booksOf(
  totals: Statement['totals'],
  sides: Sides,
  period: string | undefined,
): readonly Books[] {
  const found = new Map<string, Books>();
  for (const { account, peer, fen, period: of } of totals) {
    const side = sides.get(account);
    if (side === undefined || of !== period) continue;
    const before = found.get(peer) ?? { peer, owed: 0n, due: 0n };
    const amount = BigInt(fen);
    found.set(
      peer,
      side.isOwed ? { ...before, owed: before.owed + amount } : { ...before, due: before.due + amount },
    );
  }
  return [...found.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1));
}
