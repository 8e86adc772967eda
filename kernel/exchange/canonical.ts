import { fromUtf8, toUtf8 } from './bytes.ts';

/** A JSON value as members exchange it: numbers are integers within ±(2^53−1), quantities otherwise decimal strings. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; each name matches `[a-z][A-Za-z0-9]{0,39}` and is neither `constructor` nor `prototype`. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** What a canonical text may measure at most: bytes, levels of nesting, keys of one object. */
export interface CanonicalLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly keys: number;
}

/** Limits of one message (exchange protocol B2). */
export const messageLimits: CanonicalLimits = { bytes: 262_144, depth: 16, keys: 2000 };

/** Why bytes are not accepted as canonical JSON. */
export type CanonicalCode = 'too-large' | 'too-deep' | 'not-canonical';

/** The value of canonical bytes, or why they are none; `detail` never quotes their content. */
export type ParsedCanonical =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: CanonicalCode; readonly detail: string };

/** A value that has no canonical form: `at` is the JSON pointer to the part at fault. */
export class CanonicalError extends Error {
  override readonly name = 'CanonicalError';
  readonly at: string;
  readonly reason: string;

  constructor(at: string, reason: string) {
    super(`no canonical form at ${at === '' ? 'the top' : at}: ${reason}`);
    this.at = at;
    this.reason = reason;
  }
}

/** Whether a text is a key that canonical objects may have. */
function isKey(text: string): boolean {
  if (knownKeys.has(text)) return true;
  if (!keyPattern.test(text) || text === 'constructor' || text === 'prototype') return false;
  if (knownKeys.size < 4096) knownKeys.add(text);
  return true;
}

const keyPattern = /^[a-z][A-Za-z0-9]{0,39}$/;
const knownKeys = new Set<string>();

/**
 * The JCS text (RFC 8785) of a value within the limits of B2; throws `CanonicalError` for anything else: fractions, −0, numbers
 * beyond 2^53−1, lone surrogates, control characters but LF and TAB, other keys, more than 16 levels or 2,000 keys, `undefined`.
 */
export function canonical(value: unknown): string {
  return isInOrder(value, 1) ? JSON.stringify(value) : written(value, 1, []);
}

/** UTF-8 bytes of `canonical(value)`. */
export function canonicalBytes(value: unknown): Uint8Array {
  return toUtf8(canonical(value));
}

/**
 * The value of bytes that are exactly what `canonical` would write for it. Nesting is scanned before parsing; then every token
 * of the canonical form is compared with the text, which refuses duplicate and unsorted keys, white space, needless escapes,
 * a byte order mark, odd numbers and whatever else has two spellings.
 */
export function parseCanonical(bytes: Uint8Array, limits: CanonicalLimits = messageLimits): ParsedCanonical {
  if (bytes.length > limits.bytes) return refused('too-large', `more than ${limits.bytes} bytes`);
  if (depthOf(bytes) > limits.depth) return refused('too-deep', `nested deeper than ${limits.depth}`);
  const text = fromUtf8(bytes);
  if (text === undefined) return refused('not-canonical', 'not UTF-8');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('not-canonical', 'not JSON'); // the parser's own message quotes the text
  }
  const rewrite: Rewrite = {
    text,
    at: 0,
    keys: limits.keys,
    escapes: text.includes('\\'),
    reason: 'another spelling',
  };
  if (rawControls.test(text)) return refused('not-canonical', 'a control character');
  if (rewrites(rewrite, value) && rewrite.at === text.length) return { ok: true, value };
  return refused('not-canonical', `${rewrite.reason} at character ${rewrite.at}`);
}

function refused(code: CanonicalCode, detail: string): ParsedCanonical {
  return { ok: false, code, detail };
}

/** Levels of nesting up to the first error a parser would meet; strings are skipped. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x22) {
      for (i++; i < bytes.length && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}

/** A text that is compared, token by token, with the canonical form of its value; nothing is built. */
interface Rewrite {
  readonly text: string;
  at: number;
  readonly keys: number;
  /** Without a backslash in the whole text, each string stands for itself. */
  readonly escapes: boolean;
  reason: string;
}

const rawControls = /[\u007f-\u009f]/; // the parser refuses those below space

function rewrites(rewrite: Rewrite, value: Json): boolean {
  if (typeof value === 'string') return rewritesString(rewrite, value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      return fails(rewrite, 'not an integer within ±(2^53−1)');
    return token(rewrite, String(value));
  }
  if (value === null || typeof value === 'boolean') return token(rewrite, String(value));
  return isList(value) ? rewritesList(rewrite, value) : rewritesObject(rewrite, value);
}

function rewritesList(rewrite: Rewrite, list: readonly Json[]): boolean {
  if (!token(rewrite, '[')) return false;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if ((i > 0 && !token(rewrite, ',')) || item === undefined || !rewrites(rewrite, item)) return false;
  }
  return token(rewrite, ']');
}

function rewritesObject(rewrite: Rewrite, object: JsonObject): boolean {
  const keys = Object.keys(object);
  if (keys.length > rewrite.keys) return fails(rewrite, `more than ${rewrite.keys} keys`);
  let before = '{';
  let previous = '';
  for (const key of keys) {
    if (!isKey(key)) return fails(rewrite, 'a key that is not allowed');
    if (key <= previous) return fails(rewrite, 'keys out of order');
    previous = key;
    const value = object[key];
    if (!token(rewrite, before) || !quoted(rewrite, key) || !token(rewrite, ':')) return false;
    if (value === undefined || !rewrites(rewrite, value)) return false;
    before = ',';
  }
  return (keys.length > 0 || token(rewrite, '{')) && token(rewrite, '}');
}

function rewritesString(rewrite: Rewrite, value: string): boolean {
  if (!rewrite.escapes) return quoted(rewrite, value);
  const reason = stringProblem(value);
  return reason === undefined ? token(rewrite, JSON.stringify(value)) : fails(rewrite, reason);
}

function quoted(rewrite: Rewrite, value: string): boolean {
  const { text, at } = rewrite;
  const end = at + 1 + value.length;
  if (text.charCodeAt(at) !== 0x22 || text.charCodeAt(end) !== 0x22 || !text.startsWith(value, at + 1))
    return false;
  rewrite.at = end + 1;
  return true;
}

function token(rewrite: Rewrite, expected: string): boolean {
  if (!rewrite.text.startsWith(expected, rewrite.at)) return false;
  rewrite.at += expected.length;
  return true;
}

function fails(rewrite: Rewrite, reason: string): false {
  rewrite.reason = reason;
  return false;
}

/** Whether a value has a canonical form and its keys stand in order already: then the engine's own writer gives that form. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !unwritable.test(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || depth > messageLimits.depth) return false;
  if (!isList(value)) return isObjectInOrder(value, depth);
  for (let i = 0; i < value.length; i++) if (!isInOrder(value[i], depth + 1)) return false;
  return true;
}

function isObjectInOrder(object: object, depth: number): boolean {
  if (!isPlain(object)) return false;
  let previous = '';
  let count = 0;
  for (const key in object) {
    if (key <= previous || !isKey(key) || !isInOrder(object[key], depth + 1)) return false;
    previous = key;
    count++;
  }
  return count <= messageLimits.keys;
}

function written(value: unknown, depth: number, path: (string | number)[]): string {
  if (typeof value === 'string') return writtenString(value, path);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw failure(path, 'not an integer within ±(2^53−1)');
    return String(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw failure(path, `${typeof value} has no JSON form`);
  if (depth > messageLimits.depth) throw failure(path, `nested deeper than ${messageLimits.depth}`);
  if (isList(value)) return writtenList(value, depth, path);
  return writtenObject(value, depth, path);
}

function writtenList(list: readonly unknown[], depth: number, path: (string | number)[]): string {
  let text = '[';
  for (let i = 0; i < list.length; i++) {
    path.push(i);
    text += (i > 0 ? ',' : '') + written(list[i], depth + 1, path);
    path.pop();
  }
  return `${text}]`;
}

function writtenObject(object: object, depth: number, path: (string | number)[]): string {
  if (!isPlain(object)) throw failure(path, 'not a plain object');
  const keys = Object.keys(object);
  if (keys.length > messageLimits.keys) throw failure(path, `more than ${messageLimits.keys} keys`);
  let text = '';
  for (const key of keys.sort()) {
    path.push(key);
    if (!isKey(key)) throw failure(path, 'a key that is not allowed');
    text += `${text === '' ? '{' : ','}"${key}":${written(object[key], depth + 1, path)}`;
    path.pop();
  }
  return text === '' ? '{}' : `${text}}`;
}

const special = /["\\\p{Cc}\p{Cs}]/u; // with the u flag Cs matches lone surrogates only
const forbidden = /[^\P{Cc}\n\t]/u; // every control character but LF and TAB
const surrogate = /\p{Cs}/u;
const unwritable = /[^\P{Cc}\n\t]|\p{Cs}/u;

function writtenString(value: string, path: readonly (string | number)[]): string {
  if (!special.test(value)) return `"${value}"`;
  const reason = stringProblem(value);
  if (reason !== undefined) throw failure(path, reason);
  return JSON.stringify(value);
}

function stringProblem(value: string): string | undefined {
  if (surrogate.test(value)) return 'a lone surrogate';
  return forbidden.test(value) ? 'a control character' : undefined;
}

function failure(path: readonly (string | number)[], reason: string): CanonicalError {
  const at = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return new CanonicalError(at.join(''), reason);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPlain(object: object): object is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}
