import type { MessageType, Period, RecordType } from '@yitong/kit';
import { toUtf8 } from '../exchange/bytes.ts';
import { canonical, messageLimits } from '../exchange/canonical.ts';
import { isSubject } from '../exchange/message.ts';
import type { HoldRow, PostingKind, RecordRow, TimerRow } from '../store/rows.ts';

/** A message that a handler sends, before it has bytes. */
export interface Sending {
  readonly to: string;
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  /** JSON form. */
  readonly data: unknown;
  /** Canonical text of the data. */
  readonly text: string;
  /** The same as the handler made it: what decoding the JSON form would give. Absent on messages of the kernel. */
  readonly value?: unknown;
  readonly purpose: string | undefined;
  readonly urgent: boolean;
  /** Its answer comes back to the sending subject. */
  readonly awaited: boolean;
  /** Set on answers and refusals: the message answered, instead of the cause. */
  readonly causation?: string;
  readonly conversation: string | undefined;
  /** How long the sender waits before its `waiting` runs. */
  readonly patience?: Period;
}

/** A record to write: `body` null takes it away. */
export interface Writing {
  readonly record: RecordType;
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
  readonly body: string | null;
  readonly value: unknown;
  readonly schema: number;
  readonly home: boolean;
}

/** One entry to book. */
export interface Booking {
  readonly transfer: string;
  readonly debit: string;
  readonly credit: string;
  readonly fen: bigint;
  readonly kind: PostingKind;
  readonly period: string;
  readonly peer: string | null;
  readonly reverses: string | null;
}

/** A refusal as it is stored and told. */
export interface RefusalNote {
  readonly code: string;
  readonly at?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Everything one message does, all or nothing. */
export interface Draft {
  readonly writings: Writing[];
  readonly sendings: Sending[];
  readonly timers: Omit<TimerRow, 'at'>[];
  readonly timersGone: { subject: string; name: string }[];
  readonly bookings: Booking[];
  readonly holds: Omit<HoldRow, 'at'>[];
  /** Awaited messages that are answered now. */
  readonly answered: string[];
  /** Commands whose conversations are made to name nobody any more. */
  readonly emptied: string[];
  refusal: RefusalNote | undefined;
  /** The record that a reading shows once its access row is durable. */
  shown: RecordRow | undefined;
  /** What a question is answered with once its access row is durable. */
  given: { readonly status: 'answered' | 'refused'; readonly body: unknown } | undefined;
}

/** A draft that does nothing. */
export function emptyDraft(): Draft {
  return {
    writings: [],
    sendings: [],
    timers: [],
    timersGone: [],
    bookings: [],
    holds: [],
    answered: [],
    emptied: [],
    refusal: undefined,
    shown: undefined,
    given: undefined,
  };
}

/** Where an answer to a message goes. */
export interface Asked {
  readonly message: MessageType;
  readonly id: string;
  readonly from: string;
  readonly replyTo: string | undefined;
  readonly conversation: string | undefined;
}

/** Room that a message's other attributes need beside its data, in bytes. */
const envelopeBytes = 2_048;

/**
 * Adds a message to a draft. Its data are written here, while its handler is under way, so that what no member would take holds the
 * sender's message and never a stream. Errors: data without canonical form or too large, a subject that is none.
 */
export function tell(draft: Draft, message: Omit<Sending, 'text'>): void {
  if (!isSubject(message.subject))
    throw new Error(`${message.type}: its subject is not \`kind:key\` in ASCII`);
  const text = canonical(message.data);
  const most = messageLimits.bytes - envelopeBytes;
  if (text.length * 3 > most && toUtf8(text).length > most)
    throw new Error(`${message.type}: its data are larger than ${most} bytes`);
  draft.sendings.push({ ...message, text });
}
