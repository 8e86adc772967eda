/** What a system says of an account. `mirror` names the account that the other member keeps of the same debt. 账户 */
export interface AccountHead {
  /** The side on which it grows. */
  readonly side: 'debit' | 'credit';
  /** `member`: one for each other member (its GB/T 2260 code); `party`: one for each code given; absent: one. */
  readonly per?: 'member' | 'party';
  /** The partner account's name: a `credit` account is the debtor's side, a `debit` account the creditor's. 对应账户 */
  readonly mirror?: string;
}

/** One account: `id` is `<system>/<name>` or `<system>/<name>:<of>` and carries no personal data. */
export interface Account {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly of?: string;
  readonly side: 'debit' | 'credit';
  readonly mirror?: string;
}

/** The declared account, called with the member or party it is kept for. */
export interface AccountType {
  (of?: string): Account;
  readonly accountName: string;
  readonly head: AccountHead;
}

/** Makes the function that names one account of a declared kind. Errors: `of` missing or superfluous or not `[A-Za-z0-9._-]{1,40}`. */
export function accountType(system: string, name: string, head: AccountHead): AccountType {
  const make = (of?: string): Account => {
    if ((of === undefined) !== (head.per === undefined))
      throw new Error(`account ${name}: ${head.per ? 'needs' : 'takes no'} key`);
    if (of !== undefined && !/^[A-Za-z0-9._-]{1,40}$/.test(of)) throw new Error(`account ${name}: bad key`);
    const id = of === undefined ? `${system}/${name}` : `${system}/${name}:${of}`;
    const mirror = head.mirror === undefined ? {} : { mirror: head.mirror };
    return { id, system, name, side: head.side, ...mirror, ...(of === undefined ? {} : { of }) };
  };
  return Object.assign(make, { accountName: name, head });
}
