import type { Account, Entry, Hold, Post, Release, Transfer } from '@yitong/kit';
import type { Overlay } from '../records/overlay.ts';
import type { Booking, Draft } from '../runtime/draft.ts';
import { namedId } from '../runtime/ids.ts';
import type { PostingRow } from '../store/rows.ts';

/** For whom a handler books: member, system, subject, and the legal month of `now`. */
export interface Book {
  readonly here: string;
  readonly system: string;
  readonly subject: string;
  readonly period: string;
  readonly cause: string;
  /** Names of the system's mirrored accounts. */
  readonly mirrored: ReadonlySet<string>;
}

/** The pair of an entry on a mirrored account: who owes whom. */
interface Pair {
  readonly debtor: string;
  readonly creditor: string;
  readonly peer: string;
}

/** Books entries at once. Errors (broken invariants): no amount, foreign account, mirrored entry without name or period. */
export function bookTransfer(book: Book, effect: Transfer, overlay: Overlay, draft: Draft): void {
  for (const [index, entry] of effect.entries.entries()) {
    const pair = check(book, entry);
    if (pair && effect.name === undefined) throw new Error('an entry on a mirrored account needs a name');
    const period = periodOf(book, pair, effect.period);
    const transfer = transferId(book, pair, effect.name ?? book.cause, index);
    if (overlay.booked(transfer) || draft.bookings.some((one) => one.transfer === transfer))
      throw new Error('a transfer of this name was booked before');
    const reverses = effect.reverses === undefined ? null : transferId(book, pair, effect.reverses, index);
    if (reverses !== null) checkReversal(overlay, reverses, entry);
    draft.bookings.push({
      transfer,
      debit: entry.debit.id,
      credit: entry.credit.id,
      fen: entry.amount,
      kind: reverses === null ? 'post' : 'reversal',
      period,
      peer: pair?.peer ?? null,
      reverses,
    });
  }
}

/** Reserves entries under a name that is new for the subject. The debtor alone may hold on a mirrored account. */
export function bookHold(book: Book, effect: Hold, overlay: Overlay, draft: Draft): void {
  const name = holdName(book, effect.name);
  if (overlay.held(name)) throw new Error('a hold of this name was made before');
  for (const [index, entry] of effect.entries.entries()) {
    const pair = check(book, entry);
    if (pair && pair.debtor !== book.here) throw new Error('the creditor of a mirrored account cannot hold');
    const transfer = transferId(book, pair, effect.name, index);
    const { debit, credit } = entry;
    draft.holds.push({
      transfer,
      name,
      index,
      debit: debit.id,
      credit: credit.id,
      fen: entry.amount,
      state: 'open',
    });
  }
}

/** Books what is held under the name: each entry is final and stamped with the month. */
export function bookPost(book: Book, effect: Post, overlay: Overlay, draft: Draft): void {
  const name = holdName(book, effect.name);
  for (const row of openHolds(overlay, name)) {
    const peer = peerOf(book, row.debit) ?? peerOf(book, row.credit) ?? null;
    const { transfer, debit, credit, fen } = row;
    draft.holds.push({ ...row, state: 'settled' });
    draft.bookings.push({
      transfer,
      debit,
      credit,
      fen,
      kind: 'settle',
      period: book.period,
      peer,
      reverses: null,
    });
  }
}

/** Frees what is held under the name. */
export function bookRelease(book: Book, effect: Release, overlay: Overlay, draft: Draft): void {
  for (const row of openHolds(overlay, holdName(book, effect.name)))
    draft.holds.push({ ...row, state: effect.expired === true ? 'expired' : 'void' });
}

/** The two legs of a booking. */
export function legs(booking: Booking, at: number): readonly [PostingRow, PostingRow] {
  const { transfer, debit, credit, fen, kind, period, peer, reverses } = booking;
  return [
    { transfer, leg: 0, account: debit, fen, kind, period, peer, reverses, at },
    { transfer, leg: 1, account: credit, fen: -fen, kind, period, peer, reverses, at },
  ];
}

/** A hold's entries that are still open. Errors: unknown name, or settled, freed, expired before. */
function openHolds(overlay: Overlay, name: string) {
  const rows = overlay.hold(name);
  if (rows.length === 0) throw new Error('no hold of this name');
  if (rows.some((row) => row.state !== 'open')) throw new Error('the hold of this name is no longer open');
  return [...rows].sort((a, b) => a.index - b.index);
}

function check(book: Book, entry: Entry): Pair | undefined {
  if (entry.amount <= 0n) throw new Error('an entry needs an amount above zero');
  if (entry.debit.id === entry.credit.id) throw new Error('an entry needs two accounts');
  for (const account of [entry.debit, entry.credit]) checkOwn(book, account);
  const pairs = [pairOf(book, entry.debit), pairOf(book, entry.credit)].filter((pair) => pair !== undefined);
  if (pairs.length > 1) throw new Error('an entry has at most one mirrored account');
  return pairs[0];
}

function checkOwn({ system, subject }: Book, { id, system: owner, about, of }: Account): void {
  if (owner !== system) throw new Error(`account ${id} belongs to another system`);
  if (about !== undefined && subject !== `${about}:${of}`)
    throw new Error(`account ${id} belongs to another subject`);
}

function pairOf(book: Book, account: Account): Pair | undefined {
  if (account.mirror === undefined || account.of === undefined) return undefined;
  const [debtor, creditor] = account.side === 'credit' ? [book.here, account.of] : [account.of, book.here];
  return { debtor, creditor, peer: account.of };
}

/** The member that a mirrored account (`<system>/<name>:<member>`) is kept for. */
function peerOf(book: Book, accountId: string): string | undefined {
  const [name, of] = accountId.slice(book.system.length + 1).split(':');
  return name !== undefined && book.mirrored.has(name) ? of : undefined;
}

function periodOf(book: Book, pair: Pair | undefined, stated: string | undefined): string {
  if (!pair || pair.debtor === book.here) {
    if (stated !== undefined) throw new Error('only the creditor of a mirrored account states a period');
    return book.period;
  }
  if (stated === undefined || !/^\d{4}-\d{2}$/.test(stated))
    throw new Error("the creditor books the debtor's period");
  return stated;
}

function transferId(book: Book, pair: Pair | undefined, name: string, index: number): string {
  return pair
    ? namedId(pair.debtor, pair.creditor, book.system, name, index)
    : namedId(book.here, book.system, book.subject, name, index);
}

function holdName(book: Book, name: string): string {
  return namedId('hold', book.system, book.subject, name);
}

function checkReversal(overlay: Overlay, reverses: string, entry: Entry): void {
  const [debit, credit] = [...overlay.transfer(reverses)].sort((a, b) => a.leg - b.leg);
  if (!debit || !credit) throw new Error('what is to be reversed was not booked here');
  if (debit.account !== entry.credit.id || credit.account !== entry.debit.id || debit.fen !== entry.amount)
    throw new Error('a reversal takes the same entry the other way round');
}
