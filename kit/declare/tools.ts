import type { z } from 'zod';
import type { CommandType } from './message.ts';

/** A worked example of a rule: what it shows, by the law of which day and member, and the input in JSON form. 算例 */
export interface WorkedExample {
  readonly title: { readonly 'zh-CN': string; readonly en: string };
  readonly on: string;
  readonly member?: string;
  readonly input: unknown;
}

/** A pure rule by name: takes and gives JSON. Errors: throws ProblemError for input that does not fit. */
export interface Rule {
  /** One sentence for the command line and the docs. */
  readonly about: string;
  /** Shapes of what it takes and gives: with both, pages offer to try it, with labels `<name>.<field>` of the system's texts. */
  readonly input?: z.ZodType;
  readonly answer?: z.ZodType;
  /** Shown with their results, as a beginning to try from. */
  readonly examples?: readonly WorkedExample[];
  decide(input: unknown): unknown;
}

/** One test vector: `actual` computes the answer, in JSON form, that `expect` is compared with deeply. */
export interface Vector {
  readonly id: string;
  readonly title?: string;
  readonly expect: unknown;
  actual(): unknown;
}

/** Reads the system's own vector file form; `undefined` when the file is of another form. */
export type VectorReader = (file: unknown) => readonly Vector[] | undefined;

/** What became of a line: the command's input (JSON form), or what is wrong with it. */
export type IntakeLine =
  | { readonly ok: true; readonly key: string; readonly input: unknown }
  | { readonly ok: false; readonly field: string; readonly reason: string; readonly remedy: string };

/** How a line of a file (NDJSON, one JSON value a line) becomes a command. */
export interface Intake {
  readonly about: string;
  readonly command: CommandType;
  /** Whether this intake understands such lines; the first that does reads the file. */
  accepts(first: unknown): boolean;
  /** A line may give several commands (a bundle), or none. */
  read(line: unknown, context: IntakeContext): readonly IntakeLine[];
  /** The result file's line for a finished command, from the records its conversation made. */
  result?(records: readonly { readonly type: string; readonly value: unknown }[]): unknown;
  /** Made-up lines that fit the demonstration data, the same for the same wish. */
  sample?(wish: SampleWish): Iterable<unknown>;
}

/** The people that the demonstration made: `scale` residents at each of `members`, from one seed. */
export interface DemonstrationPeople {
  readonly members: readonly string[];
  readonly scale: number;
  readonly seed: number;
}

/** Where lines are read: the member that imports, and the people of the demonstration, among whom foreign patients may be spread. */
export interface IntakeContext extends DemonstrationPeople {
  readonly member: string;
}

/** Lines to make up: `count` of them at a member, about the people of the demonstration; `lineSeed` (default: `seed`) varies the lines alone. */
export interface SampleWish extends IntakeContext {
  readonly count: number;
  readonly lineSeed?: number;
}

/** One command of the demonstration, with the role that gives it; the input is in JSON form. */
export interface DemonstrationCommand {
  readonly command: CommandType;
  readonly input: unknown;
  readonly role: string;
}

/** Commands that fill a member's node, from one seed; `scale` is the number of residents a member. */
export interface Demonstration {
  readonly title: { readonly 'zh-CN': string; readonly en: string };
  /** What a newcomer tries with them at a member: arguments of `yitong`, one command each. */
  tries?(member: string): readonly string[];
  count(context: { readonly member: string; readonly scale: number }): number;
  commands(context: {
    readonly member: string;
    readonly scale: number;
    readonly seed: number;
  }): Iterable<DemonstrationCommand>;
}
