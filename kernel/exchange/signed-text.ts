import { toUtf8 } from './bytes.ts';
import { instantMs } from './instant.ts';
import { isCode, isMemberCode, isMessageType, isSubject } from './message.ts';
import { isSuiteName, type SuiteName } from './suite.ts';
import { isUuid } from './uuid.ts';

/** A signed text is at most this long. */
export const signedTextMaxBytes = 4096;

/** A text's values, or what is wrong with its grammar; `detail` quotes no content. */
export type ReadText<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly detail: string };

/** A kind of signed text: its type line and its lines in their order. */
export interface SignedTextKind<T> {
  readonly type: string;
  readonly lines: readonly (keyof T & string)[];
  values(lines: LineReader): T;
}

/**
 * The bytes of a signed text (exchange protocol B4): the type line, then exactly the named lines in order, one space after each
 * name, LF after every line. Throws when a value does not keep its own line's grammar.
 */
export function writeText<T extends object>(kind: SignedTextKind<T>, values: T): Uint8Array {
  const lines = Object.entries(values);
  const all = new Map<string, unknown>(lines);
  const text = [kind.type, ...kind.lines.map((name) => `${name} ${String(all.get(name))}`), ''].join('\n');
  const bytes = toUtf8(text);
  const read = readText(kind, bytes);
  if (!read.ok) throw new TypeError(`cannot write ${kind.type}: ${read.detail}`);
  if (lines.length !== kind.lines.length)
    throw new TypeError(`cannot write ${kind.type}: it has other lines`);
  return bytes;
}

/** The values of a signed text; anything that `writeText` would not have written byte for byte is refused. */
export function readText<T>(kind: SignedTextKind<T>, bytes: Uint8Array): ReadText<T> {
  if (bytes.length > signedTextMaxBytes)
    return { ok: false, detail: `longer than ${signedTextMaxBytes} bytes` };
  const text = asciiLines(bytes);
  if (text === undefined) return { ok: false, detail: 'not printable ASCII in lines that end in LF' };
  const lines = text.split('\n');
  if (lines[0] !== kind.type) return { ok: false, detail: `the first line is not ${kind.type}` };
  if (lines.length !== kind.lines.length + 2)
    return { ok: false, detail: `not exactly ${kind.lines.length + 1} lines` };
  const reader = new LineReader();
  for (const [index, name] of kind.lines.entries()) {
    const line = lines[index + 1] ?? '';
    if (!line.startsWith(`${name} `)) return { ok: false, detail: `line ${index + 2} is not "${name}"` };
    reader.set(name, line.slice(name.length + 1));
  }
  const value = kind.values(reader);
  return reader.problem === undefined ? { ok: true, value } : { ok: false, detail: reader.problem };
}

/** Reads the values of lines by their grammar and keeps the first problem. */
export class LineReader {
  problem: string | undefined;
  readonly #lines = new Map<string, string>();

  set(name: string, text: string): void {
    this.#lines.set(name, text);
  }

  /** Lower-case letters, digits and hyphens, at most 40. */
  region(name: string): string {
    return this.#text(name, isRegion, 'a region');
  }

  suite(name: string): SuiteName {
    const text = this.#text(name, isSuiteName, 'a suite');
    return isSuiteName(text) ? text : 'ed25519-sha256';
  }

  member(name: string): string {
    return this.#text(name, isMemberCode, 'a member code of six digits');
  }

  stream(name: string): string {
    return this.#text(name, isStream, 'a stream');
  }

  /** Decimal without leading zeros, from `min` to `max`. */
  count(name: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const text = this.#text(name, (value) => integerPattern.test(value), 'an integer');
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    return this.#wrong(name, `a number from ${min} to ${max}`, min);
  }

  /** 32 bytes in hex. */
  hash(name: string): string {
    return this.#text(name, isHash, '64 hex digits');
  }

  /** 32 bytes in hex, or `-` for none. */
  hashOrNone(name: string): string {
    return this.#text(name, (value) => value === '-' || isHash(value), '64 hex digits or -');
  }

  time(name: string): string {
    return this.#text(name, (value) => instantMs(value) !== undefined, 'a time YYYY-MM-DDTHH:MM:SS.sssZ');
  }

  /** Letters, digits, dots and hyphens, at most 60. */
  key(name: string): string {
    return this.#text(name, isKeyId, 'a key id');
  }

  code(name: string): string {
    return this.#text(name, isCode, 'a code');
  }

  id(name: string): string {
    return this.#text(name, isUuid, 'a UUIDv7');
  }

  idOrNone(name: string): string {
    return this.#text(name, (value) => value === '-' || isUuid(value), 'a UUIDv7 or -');
  }

  type(name: string): string {
    return this.#text(name, isMessageType, 'a type');
  }

  subject(name: string): string {
    return this.#text(name, isSubject, 'a subject');
  }

  oneOf<C extends string>(name: string, choices: readonly [C, ...C[]]): C {
    const text = this.#lines.get(name);
    return (
      choices.find((choice) => choice === text) ??
      this.#wrong(name, `one of ${choices.join(', ')}`, choices[0])
    );
  }

  #text(name: string, fits: (text: string) => boolean, what: string): string {
    const text = this.#lines.get(name) ?? '';
    return fits(text) ? text : this.#wrong(name, what, text);
  }

  #wrong<V>(name: string, what: string, instead: V): V {
    this.problem ??= `line "${name}" is not ${what}`;
    return instead;
  }
}

/** Whether a text is a region's name. */
export function isRegion(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(text);
}

/** Whether a text is a key's id. */
export function isKeyId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/.test(text);
}

/** Whether a text is a stream: `main.` or `urgent.` and a number below 65,536. */
function isStream(text: string): boolean {
  return (
    /^(?:main|urgent)\.(?:0|[1-9]\d{0,4})$/.test(text) && Number(text.slice(text.indexOf('.') + 1)) < 65_536
  );
}

/** Whether a text is 32 bytes in lower-case hex. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

const integerPattern = /^(?:0|[1-9]\d{0,15})$/;

const asciiLinesPattern = /^[\n\x20-\x7e]*\n$/;

function asciiLines(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return asciiLinesPattern.test(text) ? text : undefined;
}
