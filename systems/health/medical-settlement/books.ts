import { type Account, type Entry, type Fen, sum, zero } from '@yitong/kit';
import { medical } from './head.ts';
import type { Shares } from './rules/result.ts';

/** What the insured place's funds have paid, by layer. 基金支出 */
const expense = medical.account('expense', { side: 'debit', per: 'party' });
/** What the insured place owes its people in their accounts. 个人账户 */
const personalAccounts = medical.account('personal-accounts', { side: 'credit' });
/** What the insured place owes another member for care there. 应付异地费用 */
const dueTo = medical.account('due-to', { side: 'credit', per: 'member', mirror: 'due-from' });
/** What another member owes the place of care. 应收异地费用 */
const dueFrom = medical.account('due-from', { side: 'debit', per: 'member', mirror: 'due-to' });
/** What the place of care owes a hospital. 应付医疗机构 */
const hospital = medical.account('hospital', { side: 'credit', per: 'party' });
/** The member's own bank account. */
const bank = medical.account('bank', { side: 'debit' });

/** The accounts of the system. */
export const accounts = { expense, personalAccounts, dueTo, dueFrom, hospital, bank };

/** Layers that are cleared between members, in paying order, with the account that bears each. */
export const layers = [
  ['pool', expense('pool')],
  ['supplementary', expense('supplementary')],
  ['majorIllness', expense('major-illness')],
  ['civilServant', expense('civil-servant')],
  ['medicalAid', expense('medical-aid')],
  ['personalAccount', personalAccounts()],
] as const satisfies readonly (readonly [keyof Shares, Account])[];

/** Who settles with whom: member of the insured place, member of the place of care, code of the hospital. */
export interface Sides {
  readonly insured: string;
  readonly care: string;
  readonly hospital: string;
}

/** Share of the total that the insured place owes the place of care: all but the cash. */
export function owed(shares: Shares): Fen {
  return sum(...layers.map(([layer]) => shares[layer]));
}

/** The insured place's entries of a settlement; care in the same member is owed to the hospital itself. */
export function insuredEntries(shares: Shares, { insured, care, hospital: code }: Sides): Entry[] {
  const credit = insured === care ? hospital(code) : dueTo(care);
  return entriesOf(shares, (account) => ({ debit: account, credit }));
}

/** The place of care's entries of the same settlement, in the same order; none when the insured place is itself. */
export function careEntries(shares: Shares, { insured, care, hospital: code }: Sides): Entry[] {
  if (insured === care) return [];
  return entriesOf(shares, () => ({ debit: dueFrom(insured), credit: hospital(code) }));
}

/** The same entries the other way round. */
export function backwards(entries: readonly Entry[]): Entry[] {
  return entries.map(({ debit, credit, amount }) => ({ debit: credit, credit: debit, amount }));
}

function entriesOf(shares: Shares, sides: (account: Account) => Omit<Entry, 'amount'>): Entry[] {
  return layers.flatMap(([layer, account]) =>
    shares[layer] > zero ? [{ ...sides(account), amount: shares[layer] }] : [],
  );
}
