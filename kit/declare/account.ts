import type { SubjectKind } from './subject.ts';
import type { Balance } from './view.ts';

/** What a system says of an account. `mirror` names the account that the other member keeps of the same debt. 账户 */
export interface AccountHead {
  /** The side on which it grows. */
  readonly side: 'debit' | 'credit';
  /** `member`: one for each other member (its GB/T 2260 code); `party`: one for each code given; absent: one. */
  readonly per?: 'member' | 'party';
  /** The partner account's name: a `credit` account is the debtor's side, a `debit` account the creditor's. 对应账户 */
  readonly mirror?: string;
  /**
   * The kind of subject whose account it is, one for each: only its own handlers book on it, and what is on it, less what is held,
   * never falls below zero. A message that would is refused as `ledger/limit`. No kind that is a person: ids carry no personal data. 限额账户
   */
  readonly about?: SubjectKind;
}

/** One account: `id` is `<system>/<name>` or `<system>/<name>:<of>` and carries no personal data. */
export interface Account {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly of?: string;
  readonly side: 'debit' | 'credit';
  readonly mirror?: string;
  /** Kind of the subject whose account it is, with a hard limit. */
  readonly about?: string;
}

/** The declared account, called with the member or party it is kept for. */
export interface AccountType {
  (of?: string): Account;
  readonly accountName: string;
  readonly head: AccountHead;
}

/** Why a message is refused that takes more from a limited account than is on it. */
export const limitCode = 'ledger/limit';

/** What is on an account by its own side, less what is held of it, in fen. */
export function available(account: Pick<Account, 'side'>, of: Record<keyof Balance, bigint>): bigint {
  return account.side === 'credit'
    ? of.credit - of.debit - of.heldDebit
    : of.debit - of.credit - of.heldCredit;
}

/** Makes the function that names one account of a declared kind. Errors: `of` missing or superfluous or not `[A-Za-z0-9._-]{1,40}`; a limited account of persons, of a member or mirrored. */
export function accountType(system: string, name: string, head: AccountHead): AccountType {
  if (head.about?.person || (head.about && (head.per || head.mirror)))
    throw new Error(`account ${name}: a limited account is of one subject, which is no person and no member`);
  const isOne = head.per === undefined && head.about === undefined;
  const make = (of?: string): Account => {
    if ((of === undefined) !== isOne) throw new Error(`account ${name}: ${isOne ? 'takes no' : 'needs'} key`);
    if (of !== undefined && !/^[A-Za-z0-9._-]{1,40}$/.test(of)) throw new Error(`account ${name}: bad key`);
    const id = of === undefined ? `${system}/${name}` : `${system}/${name}:${of}`;
    const mirror = head.mirror === undefined ? {} : { mirror: head.mirror };
    const about = head.about === undefined ? {} : { about: head.about.kind };
    return { id, system, name, side: head.side, ...mirror, ...about, ...(of === undefined ? {} : { of }) };
  };
  return Object.assign(make, { accountName: name, head });
}
