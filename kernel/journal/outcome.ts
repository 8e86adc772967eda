import { canonical } from '../exchange/canonical.ts';
import type { Booking } from '../runtime/draft.ts';
import type {
  ConversationRow,
  HeldRow,
  HoldRow,
  RecordRow,
  RetentionClass,
  TimerRow,
} from '../store/rows.ts';

/** How an input ended. */
export type DidOutcome = 'done' | 'refused' | 'held' | 'waiting' | 'dup' | 'bad';

/** What an input did, by which everything but records, timers, held rows and conversations is folded again. No personal data. */
export interface Did {
  readonly index: number;
  readonly outcome: DidOutcome;
  readonly code?: string;
  /** What a refused command is told besides the code, as JSON: the same id asked again gets the same answer. */
  readonly told?: string;
  readonly bookings: readonly Booking[];
  /** Transfers reserved: [transfer, name, index, debit, credit, fen, state]. */
  readonly holds: readonly Omit<HoldRow, 'at'>[];
  /** Entry indexes of sent messages that are to be answered here. */
  readonly awaits: readonly number[];
  /** Awaited messages answered. */
  readonly answered: readonly string[];
  /** Position of a held input that this one releases. */
  readonly released?: number;
}

/** Canonical text of a `did` entry. */
export function didText(did: Did): string {
  // Names are given in order: this is written for every message.
  const entry: Record<string, unknown> = {};
  if (did.answered.length > 0) entry['answered'] = did.answered;
  if (did.awaits.length > 0) entry['awaits'] = did.awaits;
  if (did.bookings.length > 0) entry['book'] = did.bookings.map(bookingList);
  if (did.code !== undefined) entry['code'] = did.code;
  entry['did'] = did.index;
  if (did.holds.length > 0) entry['hold'] = did.holds.map(holdList);
  entry['outcome'] = did.outcome;
  if (did.released !== undefined) entry['released'] = did.released;
  if (did.told !== undefined) entry['told'] = did.told;
  return canonical(entry);
}

function bookingList(b: Booking): readonly unknown[] {
  return [b.transfer, b.debit, b.credit, String(b.fen), b.kind, b.period, b.peer, b.reverses];
}

function holdList(h: Did['holds'][number]): readonly unknown[] {
  return [h.transfer, h.name, h.index, h.debit, h.credit, String(h.fen), h.state];
}

/** Canonical text of a record's `put`; `body` is canonical already, so it is set in as it is. */
export function recordText(row: Omit<RecordRow, 'at'>, previous: number): string {
  const q = JSON.stringify;
  const body = row.body ?? 'null';
  return `{"body":${body},"home":${row.home},"id":${q(row.id)},"owner":${q(row.owner)},"previous":${previous},"put":"record","schema":${row.schema},"subject":${q(row.subject)},"type":${q(row.type)},"version":${row.version}}`;
}

/** Canonical text of a timer's `put`, and of its going. */
export function timerText(row: Omit<TimerRow, 'at'>): string {
  const { cause, data, due, name, subject, type, version } = row;
  const text = { cause, data, due, name, put: 'timer', subject, type };
  return canonical(version === 1 ? text : { ...text, version });
}
/** Canonical text of a timer's going. */
export function timerGoneText(row: { subject: string; name: string }): string {
  return canonical({ name: row.name, put: 'timer-gone', subject: row.subject });
}

/** Canonical text of a held row's `put`, and of its going. */
export function heldText(row: HeldRow): string {
  return canonical({ put: 'held', ...row });
}
/** Canonical text of a held row's going. */
export function heldGoneText(at: number): string {
  return canonical({ at, put: 'held-gone' });
}

/** Canonical text of a conversation's `put`. */
export function conversationText(row: Omit<ConversationRow, 'at'>): string {
  const { command, made, open, problem, state } = row;
  return canonical({ command, made, open, problem, put: 'conversation', state });
}

const unitYears = {
  minutes: 0,
  hours: 0,
  days: 1 / 365,
  'working-days': 1 / 250,
  months: 1 / 12,
  years: 1,
} as const;

/** The shortest retention class that is not shorter than a period. */
export function classOf(keep: { readonly n: number; readonly unit: string }): RetentionClass {
  const years = keep.n * (Object.entries(unitYears).find(([unit]) => unit === keep.unit)?.[1] ?? 1);
  if (years <= 1) return '1y';
  if (years <= 5) return '5y';
  if (years <= 15) return '15y';
  return years <= 30 ? '30y' : 'ever';
}
