import { JsonFault, type JsonFaultCode, parseStrictJson } from '../../node/http/strict-json.ts';

/** What is wrong with a JSON text: `at` is a JSON pointer, `column` counts characters from 1. */
export interface Fault {
  readonly at: string;
  readonly column: number;
  readonly reason: string;
  readonly remedy: string;
}

/** The value of a JSON text, or what is wrong with it. */
export type Strict =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: Fault };

/** Reads JSON that has one meaning only, by the rules that the nodes' own doors have. */
export function parseStrict(bytes: Uint8Array): Strict {
  try {
    return { ok: true, value: parseStrictJson(bytes) };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const [reason, remedy] = faults[error.code];
    return { ok: false, fault: { at: error.pointer, column: error.column, reason, remedy } };
  }
}

const faults: Readonly<Record<JsonFaultCode, readonly [reason: string, remedy: string]>> = {
  'not-utf8': ['not UTF-8', 'convert the file to UTF-8'],
  'byte-order-mark': ['a byte order mark', 'save the file as UTF-8 without a byte order mark'],
  'empty-body': ['empty', 'write one JSON value'],
  'not-json': [
    'not JSON at this column',
    'mend the line: keys and texts stand in double quotes, brackets close',
  ],
  'duplicate-key': ['this key stands twice', 'keep one of the two: it is not clear which one is meant'],
  'forbidden-key': ['a key that is not allowed', 'rename it'],
  'too-many-keys': ['too many keys in one object', 'write smaller objects'],
  'too-deep': ['nested too deeply', 'write flatter data'],
  'number-too-large': ['a number beyond 2^53', 'write it as a text of digits, "…": such numbers lose digits'],
  'nul-character': ['a NUL character', 'leave it out'],
  'control-character': ['a control character in a text', 'leave it out; \\n, \\r and \\t may stand'],
  'lone-surrogate': ['half a character (a lone surrogate)', 'write the whole character'],
};

/** RFC 6901 pointer of a path; '' is the whole. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
