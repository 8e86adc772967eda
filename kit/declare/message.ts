import type { z } from 'zod';
import type { Period } from '../time.ts';
import type { Outcome } from './effects.ts';
import type { SubjectKind } from './subject.ts';
import type { View } from './view.ts';

/** Why a message was refused, as the sender's side learns it. */
export interface Refused {
  readonly code: string;
  readonly at?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a message's older major looked like: `lift` makes today's data of it, `lower` the old one's (JSON forms). */
export interface Before {
  readonly data: z.ZodType;
  lift(old: unknown): unknown;
  lower(data: unknown): unknown;
}

/** What a system says of a message between subjects; both ends in one place. 消息 */
export interface MessageHead<
  K extends string,
  D,
  A,
  S extends string,
  F extends string,
  U extends string,
  L,
> {
  /** Purpose code of the region's directory; needed to leave the member. 用途 */
  readonly purpose?: U;
  /** Kind of the sending subject, which gets `replied`, `refused`, `waiting`. */
  readonly from?: SubjectKind<S>;
  readonly about: SubjectKind<K>;
  readonly key: (keyof D & string) | ((data: D) => string);
  readonly data: z.ZodType<D>;
  readonly reply?: z.ZodType<A>;
  readonly refusals?: readonly F[];
  readonly urgent?: boolean;
  readonly version?: number;
  readonly before?: Before;
  handle(data: D, view: View<K, L>): Outcome<K, F, A>;
  replied?(reply: A, view: View<S, L>, data: D): Outcome<S, never>;
  refused?(why: Refused, view: View<S, L>, data: D): Outcome<S, never>;
  readonly patience?: Period;
  waiting?(view: View<S, L>, data: D): Outcome<S, never>;
}

/** A declared message type. */
export interface MessageType<K extends string = string, D = unknown, A = unknown, S extends string = string> {
  readonly is: 'message';
  readonly system: string;
  readonly name: string;
  readonly type: string;
  readonly purpose?: string;
  readonly from?: SubjectKind<S>;
  readonly about: SubjectKind<K>;
  keyOf(data: D): string;
  readonly data: z.ZodType<D>;
  readonly reply?: z.ZodType<A>;
  readonly refusals: readonly string[];
  readonly urgent: boolean;
  readonly version: number;
  readonly before?: Before;
  handle(data: D, view: View<K>): Outcome<K, string, A>;
  replied?(reply: A, view: View<S>, data: D): Outcome<S, never>;
  refused?(why: Refused, view: View<S>, data: D): Outcome<S, never>;
  readonly patience?: Period;
  waiting?(view: View<S>, data: D): Outcome<S, never>;
}

/**
 * By what a record of the command's own subject says in one of its fields the command is refused: for each such value the refusal. Pages say it
 * before anything is entered; the handler goes by the same table. 不再受理的状态
 */
export interface Closed<F extends string = string> {
  /** Name of the record and of its field. */
  readonly record: string;
  readonly field: string;
  readonly when: Readonly<Partial<Record<string, F>>>;
}

/** What a system says of a command: a message that begins at this node. 申请(指令) */
export interface CommandHead<K extends string, I, F extends string, R extends string, L> {
  /** Roles that may give it; `self`: the person whom the subject is. */
  readonly by: readonly (R | 'self')[];
  /** It moves money, or cannot be taken back: who gives it must have signed in strongly and lately. 加强认证 */
  readonly stepUp?: true;
  readonly input: z.ZodType<I>;
  readonly about: SubjectKind<K>;
  readonly key: (keyof I & string) | ((input: I) => string);
  readonly refusals?: readonly F[];
  readonly closed?: Closed<NoInfer<F>>;
  handle(input: I, view: View<K, L>): Outcome<K, F>;
}

/** A declared command. */
export interface CommandType<K extends string = string, I = unknown> {
  readonly is: 'command';
  readonly system: string;
  readonly name: string;
  readonly type: string;
  readonly by: readonly string[];
  readonly stepUp?: true;
  readonly input: z.ZodType<I>;
  readonly about: SubjectKind<K>;
  /** The field of the input that holds the subject's key, where one does. */
  readonly key?: string;
  keyOf(input: I): string;
  readonly refusals: readonly string[];
  readonly closed?: Closed;
  handle(input: I, view: View<K>): Outcome<K, string>;
}
