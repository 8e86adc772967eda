import type { Fen } from '../money.ts';
import type { Day, Instant } from '../time.ts';
import type { Account } from './account.ts';
import type { CopiedRecord, RecordType } from './record.ts';

/** A sub-balance in the handler's partition, fen. */
export interface Balance {
  readonly debit: Fen;
  readonly credit: Fen;
  readonly heldDebit: Fen;
  readonly heldCredit: Fen;
}

/** All that a handler may see: synchronous, and of the message's time, never of a clock. */
export interface View<K extends string = string, L = unknown> {
  /** This member, and the member the message came from (GB/T 2260). */
  readonly here: string;
  readonly from: string;
  readonly members: readonly string[];
  /** Id of the message under way; for a command the id that its conversation is known by. */
  readonly id: string;
  /** Key of the subject, without its kind. */
  readonly key: string;
  readonly now: Instant;
  readonly today: Day;
  /** Legal month of `now`, `YYYY-MM`: the period that a debtor's postings are stamped with. */
  readonly period: string;
  /** Reference of the person who gave the command (pseudonym) and the roles used; absent for messages and timers. */
  readonly actor: { readonly id: string; readonly roles: readonly string[] } | undefined;
  get<T>(record: RecordType<K, T>, key?: string): T | undefined;
  all<T>(record: RecordType<K, T>): readonly T[];
  /** Absence is a broken invariant, not a refusal: throws. */
  need<T>(record: RecordType<K, T>, key?: string): T;
  /** A copied record about any subject: `about` is that subject's key. */
  copy<T>(record: CopiedRecord<T>, about: string, key?: string): T | undefined;
  balance(account: Account): Balance;
  /** The parameters in force on a day, the member's own before the region's. Throws when one is not in force. */
  law(on: Day, of?: string): L;
}
