import type { Failure } from './failure.ts';

/** Where a command writes: pretty for people, one JSON value a line with `--json`. */
export interface Output {
  readonly json: boolean;
  /** Standard error is a terminal that can redraw a line. */
  readonly live: boolean;
  readonly width: number;
  readonly paint: Paint;
  /** A result for people; nothing with `--json`. */
  say(line?: string): void;
  /** A result for programs; nothing without `--json`. */
  data(value: unknown): void;
  /** A result line that is the same in both forms. Resolves when more may follow. */
  line(text: string): Promise<void>;
  /** A remark on the way, on standard error; nothing with `--json` or `--quiet`. */
  note(line: string): void;
  fail(failure: Failure): void;
}

/** Colours, or nothing where they are not wanted. */
export interface Paint {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** The streams that an output needs. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes the output of this process. */
export function output(streams: Streams, options: { json: boolean; quiet: boolean }): Output {
  const { stdout, stderr } = streams;
  const paint = painter(wantsColour(streams));
  const remedy = (text: string) => `${paint.dim('→')} ${text}\n`;
  return {
    json: options.json,
    live: stderr.isTTY === true && !options.json && !options.quiet && streams.env['TERM'] !== 'dumb',
    width: Math.min(stdout.columns ?? 80, 100),
    paint,
    say: (line = '') => {
      if (!options.json) stdout.write(`${line}\n`);
    },
    data: (value) => {
      if (options.json) stdout.write(`${jsonText(value)}\n`);
    },
    line: async (text) => {
      if (stdout.write(`${text}\n`)) return;
      await new Promise<void>((resolve) => stdout.once('drain', resolve));
    },
    note: (line) => {
      if (!options.json && !options.quiet) stderr.write(`${line}\n`);
    },
    fail: (failure) => {
      const told = { error: failure.message, exit: failure.exit, remedy: failure.remedy };
      if (options.json) stdout.write(`${jsonText({ ...told, problem: failure.problem })}\n`);
      stderr.write(`${paint.bad('✗')} ${failure.message}\n`);
      if (failure.remedy !== undefined) stderr.write(remedy(failure.remedy));
    },
  };
}

/** JSON on one line: a bigint is its decimal string, as everywhere on the wire. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item));
}

function wantsColour({ stdout, env }: Streams): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}

function painter(colour: boolean): Paint {
  const code = (open: number, close: number) => (text: string) =>
    colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    strong: code(1, 22),
    dim: code(2, 22),
    good: code(32, 39),
    bad: code(31, 39),
    warn: code(33, 39),
  };
}
