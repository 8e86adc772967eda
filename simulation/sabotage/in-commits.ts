import type { Commit, PostingRow } from '@yitong/kernel';
import { altered, commits, type Sabotage, without } from './sabotage.ts';

/** Defects in what a batch writes. */
export const inCommits: readonly Sabotage[] = [
  {
    name: 'drop-a-put',
    does: 'a record that was put is not written',
    plant: commits(({ records }, tools) => ({ records: without(records, tools) })),
  },
  {
    name: 'lose-a-timer',
    does: 'a timer that was set is not written',
    plant: commits(({ timers }, tools) => ({ timers: { ...timers, put: without(timers.put, tools) } })),
  },
  {
    name: 'keep-a-fired-timer',
    does: 'a timer that fired stays and fires again',
    plant: commits(({ timers }, tools) => ({ timers: { ...timers, gone: without(timers.gone, tools) } })),
  },
  {
    name: 'post-to-one-leg',
    does: 'one leg of a transfer is not written',
    plant: commits(({ postings }, tools) => ({ postings: without(postings, tools) })),
  },
  {
    name: 'reverse-twice',
    does: 'a reversal is booked twice, balances and all',
    plant: commits((commit) => reversedAgain(commit)),
  },
  {
    name: 'miscount-a-balance',
    does: 'a balance is one fen off',
    plant: commits(({ balances }, tools) => ({
      balances: altered(balances, tools, (row) => ({ ...row, debit: row.debit + 1n })),
    })),
  },
  {
    name: 'another-month',
    does: 'one side of a mirrored entry stands in another month',
    plant: commits(({ postings }, tools) => ({
      postings: altered(postings, tools, (row) => ({ ...row, period: '2027-01' })),
    })),
  },
  {
    name: 'keep-an-answered-question',
    does: 'what was answered still counts as awaited',
    plant: commits(({ awaited }, tools) => ({ awaited: { ...awaited, gone: without(awaited.gone, tools) } })),
  },
  {
    name: 'lose-a-receipt',
    does: "a peer's receipt is not stored",
    plant: commits(({ receipts }, tools) => ({ receipts: without(receipts, tools) })),
  },
  {
    name: 'renumber-a-frame',
    does: 'a frame is stored under another number of its first message',
    plant: commits(({ sent }, tools) => ({
      sent: altered(sent, tools, (row) => ({ ...row, number: row.number + 1 })),
    })),
  },
  {
    name: 'lose-a-body',
    does: "a part of the journal's bodies is not written",
    plant: commits(({ bodies }, tools) => ({ bodies: without(bodies, tools) })),
  },
  {
    name: 'hide-a-reading',
    does: 'the row by which a person sees who read their data is not written',
    plant: commits(({ records }) => ({ records: records.filter(({ type }) => type !== 'access/read') })),
  },
  {
    name: 'forget-an-id',
    does: 'an accepted id is not remembered',
    plant: commits(({ seen }, tools) => ({ seen: without(seen, tools) })),
  },
];

function reversedAgain({ postings, balances }: Commit): Partial<Commit> {
  const again = postings
    .filter((row) => row.reverses !== null)
    .map((row): PostingRow => ({ ...row, transfer: another(row.transfer), reverses: null }));
  const more = (account: string, side: 1n | -1n) =>
    again.reduce(
      (sum, row) => (row.account === account && row.fen * side > 0n ? sum + row.fen * side : sum),
      0n,
    );
  return {
    postings: [...postings, ...again],
    balances: balances.map((row) => ({
      ...row,
      debit: row.debit + more(row.account, 1n),
      credit: row.credit + more(row.account, -1n),
    })),
  };
}

function another(id: string): string {
  return `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
}
