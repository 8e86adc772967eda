import { type Account, fen, type Region, type RegionMember, sum, zero } from '@yitong/kit';
import { accounts, layers, owed } from './books.ts';
import { medical } from './head.ts';
import { account, bill, settlement, yearSums } from './records.ts';

const credited = (member: RegionMember, of: Account) => {
  const { credit, debit } = member.balance(of);
  return credit - debit;
};

/** 应付 = 应收 */
medical.invariant('each member owes another exactly what that other expects', (region: Region) => {
  for (const debtor of region.members)
    for (const creditor of region.members) {
      if (debtor.code === creditor.code) continue;
      const due = credited(debtor, accounts.dueTo(creditor.code));
      const expected = -credited(creditor, accounts.dueFrom(debtor.code));
      if (due !== expected)
        return `${debtor.code} owes ${creditor.code} ${due} fen, which expects ${expected}`;
    }
  return undefined;
});

medical.invariant('what each fund has spent is what settlements that stand say', (region) => {
  for (const member of region.members)
    for (const [layer, of] of layers) {
      if (layer === 'personalAccount') continue;
      const stands = [...member.records(settlement)].filter((one) => one.state === 'settled');
      const expected = sum(...stands.map((one) => one.shares[layer]));
      const spent = fen(-credited(member, of));
      if (spent !== expected)
        return `${member.code} ${layer}: ${spent} fen spent, settlements say ${expected}`;
    }
  return undefined;
});

medical.invariant(
  'the personal accounts hold what their people can use and what is held for them',
  (region) => {
    for (const member of region.members) {
      const { heldDebit } = member.balance(accounts.personalAccounts());
      const usable = sum(...[...member.records(account)].map((one) => one.available));
      const kept = credited(member, accounts.personalAccounts());
      if (kept - heldDebit !== usable)
        return `${member.code}: ${kept} fen less ${heldDebit} held, people have ${usable}`;
    }
    return undefined;
  },
);

medical.invariant('the sums of a year are those of its settlements that stand', (region) => {
  for (const member of region.members) {
    const pools = new Map<string, bigint>();
    for (const year of member.records(yearSums))
      pools.set(year.key, (pools.get(year.key) ?? 0n) + year.sums.pool);
    for (const one of member.records(settlement))
      if (one.state === 'held' || one.state === 'settled')
        pools.set(one.key, (pools.get(one.key) ?? 0n) - one.delta.pool);
    const wrong = [...pools].find(([, difference]) => difference !== 0n);
    if (wrong) return `${member.code} ${wrong[0]}: sums differ from settlements by ${wrong[1]} fen`;
  }
  return undefined;
});

medical.invariant(
  'a bill is settled at the place of care if and only if it is at the insured place',
  (region) => {
    const stands = new Map<string, string>();
    for (const member of region.members)
      for (const one of member.records(settlement)) stands.set(one.id, one.state);
    for (const member of region.members)
      for (const one of member.records(bill)) {
        const there = stands.get(`${member.code}.${one.bill}`);
        if ((one.state === 'settled') !== (there === 'settled'))
          return `${member.code} ${one.bill}: ${one.state} here, ${there ?? 'unknown'} at ${one.insured}`;
      }
    return undefined;
  },
);

medical.invariant('all bear the total', (region) => {
  for (const member of region.members)
    for (const { id, shares } of member.records(settlement))
      if (sum(owed(shares), shares.cash) !== shares.total || shares.cash < zero)
        return `${member.code} ${id}: shares do not add up to the total`;
  return undefined;
});
