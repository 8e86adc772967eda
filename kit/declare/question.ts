import type { z } from 'zod';
import type { Refusal, Reply } from './effects.ts';
import type { SubjectKind } from './subject.ts';
import type { View } from './view.ts';

/** What a system says of a question to another member, answered at once from what it holds about one subject. 查询 */
export interface QuestionHead<
  K extends string,
  I,
  A,
  F extends string,
  R extends string,
  U extends string,
  L,
> {
  /** Purposes for which it may be asked. 用途 */
  readonly purposes: readonly U[];
  /** `needed`: the person has agreed at the holder; `by-law`: a law allows it without. 授权同意 */
  readonly consent: 'needed' | 'by-law';
  /** Roles that may ask it. */
  readonly asked: readonly R[];
  readonly input: z.ZodType<I>;
  readonly about: SubjectKind<K>;
  readonly key: (keyof I & string) | ((input: I) => string);
  readonly refusals?: readonly F[];
  readonly answer: z.ZodType<A>;
  /** Reads only. */
  handle(input: I, view: View<K, L>): Reply<A> | Refusal<F>;
}

/** A declared question. */
export interface QuestionType<K extends string = string, I = unknown, A = unknown> {
  readonly is: 'question';
  readonly system: string;
  readonly name: string;
  readonly type: string;
  readonly purposes: readonly string[];
  readonly consent: 'needed' | 'by-law';
  readonly asked: readonly string[];
  readonly input: z.ZodType<I>;
  readonly about: SubjectKind<K>;
  keyOf(input: I): string;
  readonly refusals: readonly string[];
  readonly answer: z.ZodType<A>;
  handle(input: I, view: View<K>): Reply<A> | Refusal<string>;
}
