import type { Exit } from './exit-codes.ts';
import { usage } from './failure.ts';
import type { Output } from './output.ts';

/** What a command is run with. */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Fires at Ctrl-C: what is under way is put down where it can be taken up again. */
  readonly stop: AbortSignal;
}

/** Runs a command; says how it ended. Throws `Failure` for what it cannot go on with. */
export type Run = (invocation: Invocation) => Promise<Exit>;

/** One option: flags as commander writes them, and what it means. */
export type OptionSpec = readonly [flags: string, meaning: string];

/** A command as help, parser and reference page know it; `load` brings its code when it is run. */
export interface CommandSpec {
  readonly name: string;
  /** As in `<file>` (needed), `[file]` (may be left out), `[words...]`. */
  readonly args: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Arguments go on to another program, options included. */
  readonly passes?: true;
  /** Whether it speaks to a node: such commands take --at, --as and --url. */
  readonly remote?: true;
  load(): Promise<{ readonly run: Run }>;
}

/** Options as given, by their camel-case names. */
export interface Options {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** Errors: usage, when it is no whole number within the bounds. */
  whole(name: string, least: number, most: number): number | undefined;
}

/** Reads what commander parsed. */
export function readOptions(values: Readonly<Record<string, unknown>>): Options {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    text,
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
    flag: (name) => values[name] === true,
    whole: (name, least, most) => {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given);
      if (/^\d+$/.test(given) && value >= least && value <= most) return value;
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw usage(`${flag} ${given}: not a whole number from ${least} to ${most}.`);
    },
  };
}
