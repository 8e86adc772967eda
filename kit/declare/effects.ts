import type { Fen } from '../money.ts';
import type { Day, Period } from '../time.ts';
import type { Account } from './account.ts';
import type { MessageType } from './message.ts';
import type { RecordType } from './record.ts';

/** One line of double entry: `amount` fen, greater than zero, from the credited to the debited account. 分录 */
export interface Entry {
  readonly debit: Account;
  readonly credit: Account;
  readonly amount: Fen;
}

/** Writes a record about the handler's own subject. */
export interface Put<K extends string> {
  readonly effect: 'put';
  readonly about?: K;
  readonly record: RecordType;
  readonly value: unknown;
}
/** Takes a record of the handler's own subject away; its history stays. */
export interface Remove<K extends string> {
  readonly effect: 'remove';
  readonly about?: K;
  readonly record: RecordType;
  readonly key?: string;
}
/** Speaks to another subject: of this member, or of the member named by `to`. */
export interface Send<K extends string> {
  readonly effect: 'send';
  readonly about?: K;
  readonly message: MessageType;
  readonly data: unknown;
  readonly to?: string;
}
/** A message to oneself at a later time. */
export interface Later<K extends string> {
  readonly effect: 'later';
  readonly about?: K;
  readonly when: Period | Day;
  readonly message: MessageType;
  readonly data: unknown;
}
/** Books at once. `name` makes the transfer's id the same on both sides of a mirrored account. */
export interface Transfer {
  readonly effect: 'transfer';
  readonly entries: readonly Entry[];
  readonly name?: string;
  /** `YYYY-MM`, stated by the creditor's side only: the month that the debtor stamped. */
  readonly period?: string;
  /** The name of the hold or transfer that this takes back, entry by entry. */
  readonly reverses?: string;
}
/** Reserves under a name, which `post` books and `release` frees. 预留 */
export interface Hold {
  readonly effect: 'hold';
  readonly name: string;
  readonly entries: readonly Entry[];
}
/** Books what was held. 入账 */
export interface Post {
  readonly effect: 'post';
  readonly name: string;
}
/** Frees what was held. 释放 */
export interface Release {
  readonly effect: 'release';
  readonly name: string;
  /** The hold's time was over. */
  readonly expired?: boolean;
}
/** What a handler may ask of the kernel, as plain data. */
export type Effect<K extends string = string> =
  | Put<K>
  | Remove<K>
  | Send<K>
  | Later<K>
  | Transfer
  | Hold
  | Post
  | Release;

/** The answer to a message that declares `reply`. 答复 */
export interface Reply<A> {
  readonly effect: 'reply';
  readonly data: A;
}
/** Nothing happens, and whoever began it learns why. `at`: JSON pointer into the input. 不予办理(附理由) */
export interface Refusal<F extends string = string> {
  readonly effect: 'refuse';
  readonly code: F;
  readonly at?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}
/** One refusal, or all that follows; `false` lets a condition stand in the list. */
export type Outcome<K extends string, F extends string, A = never> =
  | Refusal<F>
  | Effect<K>
  | Reply<A>
  | readonly (Effect<K> | Reply<A> | false | undefined)[];

/** Writes `value` about the handler's own subject. */
export function put<K extends string, T>(record: RecordType<K, T>, value: NoInfer<T>): Put<K> {
  return { effect: 'put', record, value };
}
/** Takes the record away. `key`: the value of the record's `each` field. */
export function remove<K extends string>(record: RecordType<K>, key?: string): Remove<K> {
  return { effect: 'remove', record, ...(key === undefined ? {} : { key }) };
}
/** Sends to the subject that the message is about; without `to`, of this member. */
export function send<S extends string, D>(
  message: MessageType<string, D, unknown, S>,
  data: NoInfer<D>,
  options?: { to?: string },
): Send<S> {
  return { effect: 'send', message, data, ...(options?.to === undefined ? {} : { to: options.to }) };
}
/** Sends `message` to oneself after a period, or at the start of a legal day. */
export function later<K extends string, D>(
  when: Period | Day,
  message: MessageType<K, D>,
  data: NoInfer<D>,
): Later<K> {
  return { effect: 'later', when, message, data };
}
/** Books the entries at once. */
export function transfer(
  entries: readonly Entry[],
  options?: { name?: string; period?: string; reverses?: string },
): Transfer {
  return { effect: 'transfer', entries, ...options };
}
/** Reserves the entries under a name. */
export function hold(name: string, entries: readonly Entry[]): Hold {
  return { effect: 'hold', name, entries };
}
/** Books what is held under the name. */
export function post(name: string): Post {
  return { effect: 'post', name };
}
/** Frees what is held under the name. */
export function release(name: string, options?: { expired?: boolean }): Release {
  return { effect: 'release', name, ...options };
}
/** Answers a message. */
export function reply<A>(data: A): Reply<A> {
  return { effect: 'reply', data };
}
/** Refuses with a declared code; other facts (never personal data) are told to the asker. */
export function refuse<F extends string>(
  code: F,
  facts?: { at?: string; [fact: string]: unknown },
): Refusal<F> {
  const { at, ...rest } = facts ?? {};
  return { effect: 'refuse', code, facts: rest, ...(at === undefined ? {} : { at }) };
}
