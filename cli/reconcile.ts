import type { SystemType } from '@yitong/kit';
import type { Connection } from './connect.ts';
import { expectJson } from './http/api.ts';
import { isObject } from './json/difference.ts';

/** One entry on a mirrored account, as the member that keeps it tells. */
export interface Entry {
  readonly transfer: string;
  readonly account: string;
  readonly period: string;
  readonly fen: bigint;
}

/** A place where two members' books differ: `missing` names the member that lacks the entry. */
export interface BookDifference {
  readonly transfer: string;
  readonly kind: 'missing' | 'amount' | 'period';
  readonly missing?: string;
  readonly debtor?: Entry;
  readonly creditor?: Entry;
}

/** The same debt in two books. */
export interface Pair {
  readonly debtor: string;
  readonly creditor: string;
  /** `<system>/<name>` of the debtor's account. */
  readonly account: string;
  readonly mirror: string;
}

/** What the comparison of one pair gave. */
export interface Compared {
  readonly pair: Pair;
  readonly entries: number;
  readonly fen: bigint;
  readonly differences: number;
  /** The first of them. */
  readonly examples: readonly BookDifference[];
}

const examplesMax = 20;

/** All debts that two of these members can have with each other, by the systems' mirrored accounts. */
export function pairsOf(systems: Iterable<SystemType>, members: readonly string[]): readonly Pair[] {
  const names = [...systems].flatMap((system) =>
    [...system.accounts].flatMap(([name, { head }]) =>
      head.side === 'credit' && head.mirror !== undefined
        ? [{ account: `${system.name}/${name}`, mirror: `${system.name}/${head.mirror}` }]
        : [],
    ),
  );
  return names.flatMap((name) =>
    members.flatMap((debtor) =>
      members.filter((creditor) => creditor !== debtor).map((creditor) => ({ debtor, creditor, ...name })),
    ),
  );
}

/** Goes through both books of a pair side by side, in order of transfers; at rest they are equal entry by entry. */
export async function compare(
  pair: Pair,
  debtor: AsyncIterator<Entry>,
  creditor: AsyncIterator<Entry>,
): Promise<Compared> {
  const examples: BookDifference[] = [];
  let entries = 0;
  let fen = 0n;
  let differences = 0;
  const note = (difference: BookDifference | undefined) => {
    if (difference === undefined) return;
    differences += 1;
    if (examples.length < examplesMax) examples.push(difference);
  };
  let owed = await next(debtor);
  let due = await next(creditor);
  while (owed !== undefined || due !== undefined) {
    if (owed !== undefined && (due === undefined || owed.transfer < due.transfer)) {
      note({ transfer: owed.transfer, kind: 'missing', missing: pair.creditor, debtor: owed });
      owed = await next(debtor);
    } else if (due !== undefined && (owed === undefined || due.transfer < owed.transfer)) {
      note({ transfer: due.transfer, kind: 'missing', missing: pair.debtor, creditor: due });
      due = await next(creditor);
    } else if (owed !== undefined && due !== undefined) {
      entries += 1;
      fen += owed.fen;
      note(between(owed, due));
      owed = await next(debtor);
      due = await next(creditor);
    }
  }
  return { pair, entries, fen, differences, examples };
}

function between(debtor: Entry, creditor: Entry): BookDifference | undefined {
  const both = { transfer: debtor.transfer, debtor, creditor };
  if (debtor.fen !== creditor.fen) return { ...both, kind: 'amount' };
  return debtor.period === creditor.period ? undefined : { ...both, kind: 'period' };
}

async function next(entries: AsyncIterator<Entry>): Promise<Entry | undefined> {
  const step = await entries.next();
  return step.done ? undefined : step.value;
}

/** Entries of one account with one peer, in order of transfers, page after page. */
export async function* entriesOf({ api }: Connection, peer: string, account: string): AsyncGenerator<Entry> {
  const query = new URLSearchParams({ peer, limit: '1000' });
  for (;;) {
    const json = expectJson(await api.call({ method: 'GET', path: '/ledger/statement', query }));
    const page: readonly unknown[] = isObject(json) && Array.isArray(json['entries']) ? json['entries'] : [];
    for (const entry of page.flatMap(entryIn)) if (entry.account.split(':')[0] === account) yield entry;
    const cursor = isObject(json) ? json['next'] : undefined;
    if (typeof cursor !== 'string') return;
    query.set('cursor', cursor);
  }
}

function entryIn(value: unknown): readonly Entry[] {
  if (!isObject(value)) return [];
  const { transfer, account, period, fen } = value;
  return [
    {
      transfer: String(transfer),
      account: String(account),
      period: String(period),
      fen: BigInt(String(fen)),
    },
  ];
}
