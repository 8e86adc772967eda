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
  return canonical({
    did: did.index,
    outcome: did.outcome,
    ...(did.code === undefined ? {} : { code: did.code }),
    ...(did.released === undefined ? {} : { released: did.released }),
    ...(did.told === undefined ? {} : { told: did.told }),
    ...(did.bookings.length === 0
      ? {}
      : {
          book: did.bookings.map((b) => [
            b.transfer,
            b.debit,
            b.credit,
            String(b.fen),
            b.kind,
            b.period,
            b.peer,
            b.reverses,
          ]),
        }),
    ...(did.holds.length === 0
      ? {}
      : {
          hold: did.holds.map((h) => [
            h.transfer,
            h.name,
            h.index,
            h.debit,
            h.credit,
            String(h.fen),
            h.state,
          ]),
        }),
    ...(did.awaits.length === 0 ? {} : { awaits: did.awaits }),
    ...(did.answered.length === 0 ? {} : { answered: did.answered }),
  });
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
  return canonical({ put: 'timer-gone', subject: row.subject, name: row.name });
}

/** Canonical text of a held row's `put`, and of its going. */
export function heldText(row: HeldRow): string {
  return canonical({ put: 'held', ...row });
}
/** Canonical text of a held row's going. */
export function heldGoneText(at: number): string {
  return canonical({ put: 'held-gone', at });
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
