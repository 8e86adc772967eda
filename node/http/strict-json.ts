/** Why a body is not taken as JSON. Each has its own text and remedy. */
export type JsonFaultCode =
  | 'not-utf8'
  | 'byte-order-mark'
  | 'empty-body'
  | 'not-json'
  | 'duplicate-key'
  | 'forbidden-key'
  | 'too-many-keys'
  | 'too-deep'
  | 'number-too-large'
  | 'nul-character'
  | 'control-character'
  | 'lone-surrogate';

/** A fault and where it is: JSON pointer into what was read so far, line and column from 1. Never quotes the body. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  readonly code: JsonFaultCode;
  readonly pointer: string;
  readonly line: number;
  readonly column: number;

  constructor(code: JsonFaultCode, pointer: string, line: number, column: number) {
    super(`${code} at line ${line}, column ${column}`);
    this.code = code;
    this.pointer = pointer;
    this.line = line;
    this.column = column;
  }
}

/** Levels of nesting and keys of one object that a body may have (exchange protocol B2). */
const depthMax = 16;
const keysMax = 2000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
const numberGrammar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const hexGrammar = /^[0-9a-fA-F]{4}$/;
const surrogate = /\p{Surrogate}/u;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Parses a body as JSON that has one meaning only; throws `JsonFault` for duplicate or dangerous keys, numbers beyond ±(2^53−1), more than
 * 16 levels or 2,000 keys, NUL and other control characters but LF, CR and TAB, lone surrogates, a byte order mark, and bytes that are not UTF-8.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new JsonFault('not-utf8', '', 1, 1);
  }
  if (text.charCodeAt(0) === 0xfeff) throw new JsonFault('byte-order-mark', '', 1, 1);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new JsonFault('nul-character', '', ...place(text, nul));
  return new Parser(text).document();
}

function place(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at);
  return [before.split('\n').length, before.length - before.lastIndexOf('\n')];
}

class Parser {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    this.#space();
    if (this.#at === this.#text.length) throw this.#fault('empty-body');
    const value = this.#value();
    this.#space();
    if (this.#at !== this.#text.length) throw this.#fault('not-json');
    return value;
  }

  #value(): unknown {
    const character = this.#text[this.#at];
    if (character === '"') return this.#string();
    if (character === '{') return this.#nested(() => this.#object());
    if (character === '[') return this.#nested(() => this.#list());
    if (character === 't') return this.#word('true', true);
    if (character === 'f') return this.#word('false', false);
    if (character === 'n') return this.#word('null', null);
    return this.#number();
  }

  #nested<T>(read: () => T): T {
    this.#depth++;
    if (this.#depth > depthMax) throw this.#fault('too-deep');
    this.#at++;
    this.#space();
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const keys = new Set<string>();
    if (this.#closes('}')) return object;
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#fault('not-json');
      const start = this.#at;
      const key = this.#string();
      this.#path.push(key);
      if (forbiddenKeys.has(key)) throw this.#fault('forbidden-key', start);
      if (keys.has(key)) throw this.#fault('duplicate-key', start);
      if (keys.size === keysMax) throw this.#fault('too-many-keys', start);
      keys.add(key);
      this.#space();
      this.#expect(':');
      this.#space();
      object[key] = this.#value();
      this.#path.pop();
      this.#space();
      if (this.#closes('}')) return object;
      this.#expect(',');
      this.#space();
    }
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    if (this.#closes(']')) return list;
    for (;;) {
      this.#path.push(list.length);
      list.push(this.#value());
      this.#path.pop();
      this.#space();
      if (this.#closes(']')) return list;
      this.#expect(',');
      this.#space();
    }
  }

  #string(): string {
    const text = this.#text;
    const start = ++this.#at;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x22) {
        return text.slice(start, this.#at++);
      }
      if (code === 0x5c) return this.#escaped(start);
      this.#plain(code);
      this.#at++;
    }
  }

  /** The rest of a string that has escapes. */
  #escaped(start: number): string {
    const text = this.#text;
    let value = text.slice(start, this.#at);
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x22) {
        this.#at++;
        if (surrogate.test(value)) throw this.#fault('lone-surrogate', start);
        return value;
      }
      if (code === 0x5c) value += this.#escape();
      else {
        this.#plain(code);
        value += text[this.#at++];
      }
    }
  }

  #escape(): string {
    const character = this.#text[this.#at + 1] ?? '';
    if (character !== 'u') {
      const plain = escapes[character];
      if (plain === undefined) throw this.#fault('not-json');
      if (plain === '\b' || plain === '\f') throw this.#fault('control-character');
      this.#at += 2;
      return plain;
    }
    const hex = this.#text.slice(this.#at + 2, this.#at + 6);
    if (!hexGrammar.test(hex)) throw this.#fault('not-json');
    const code = Number.parseInt(hex, 16);
    if (code === 0) throw this.#fault('nul-character');
    if (isControl(code) && code !== 0x0a && code !== 0x0d && code !== 0x09)
      throw this.#fault('control-character');
    this.#at += 6;
    return String.fromCharCode(code);
  }

  /** Refuses what may not stand in a string as it is; NaN is the end of the text. */
  #plain(code: number): void {
    if (Number.isNaN(code)) throw this.#fault('not-json');
    if (isControl(code)) throw this.#fault('control-character');
  }

  #number(): number {
    numberGrammar.lastIndex = this.#at;
    const found = numberGrammar.exec(this.#text)?.[0];
    if (found === undefined) throw this.#fault('not-json');
    const value = Number(found);
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw this.#fault('number-too-large');
    this.#at += found.length;
    return value === 0 ? 0 : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('not-json');
    this.#at += word.length;
    return value;
  }

  #closes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#closes(character)) throw this.#fault('not-json');
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #fault(code: JsonFaultCode, at = this.#at): JsonFault {
    return new JsonFault(code, pointerOf(this.#path).slice(0, 200), ...place(this.#text, at));
  }
}

/** C0 controls, DEL and C1 controls. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** The JSON pointer (RFC 6901) of a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
