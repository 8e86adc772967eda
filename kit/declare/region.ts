import type { Account } from './account.ts';
import type { RecordType } from './record.ts';
import type { Balance } from './view.ts';

/** One member's committed state, as invariants see it. */
export interface RegionMember {
  readonly code: string;
  /** Every record of the type that this member owns. */
  records<T>(record: RecordType<string, T>): Iterable<T>;
  /** Copies it holds of other members' records, with the owner's code. */
  copies<T>(record: RecordType<string, T>): Iterable<{ readonly owner: string; readonly value: T }>;
  /** Sum of the account's sub-balances over all partitions. */
  balance(account: Account): Balance;
}

/** All members at rest: faults healed, queues empty. */
export interface Region {
  readonly members: readonly RegionMember[];
}
