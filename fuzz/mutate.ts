import type { Chance } from './chance.ts';

/** What inputs are made of: those met so far, and the words of the form. */
export interface Stock {
  readonly inputs: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
}

/** An input is at most this long. */
export const inputMax = 65_536;

const interesting = [
  0, 1, 0x0a, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x5c, 0x7b, 0x7f, 0x80, 0xc0, 0xed, 0xef, 0xff,
];
const numbers = [
  '0',
  '-0',
  '-1',
  '1',
  '00',
  '9007199254740991',
  '9007199254740992',
  '1e400',
  '1E2',
  '0.1',
  '9223372036854775808',
  '99999999999999999999',
].map((text) => Buffer.from(text));
const texts = [
  '__proto__',
  'constructor',
  'prototype',
  '\\u0000',
  '\\ud800',
  '\\u200b',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '\u00a0',
  '\ufeff',
  'é',
  'e\u0301',
  '９',
  '2024-02-29',
  '2023-02-29',
  '0000-01-01',
  '9999-12-31',
].map((text) => Buffer.from(text));

/** Another input: a few of the changes below, one after another. */
export function mutated(from: Uint8Array, stock: Stock, chance: Chance): Uint8Array {
  let bytes = from;
  const changes = 1 + chance.below(chance.below(4) === 0 ? 12 : 3);
  for (let i = 0; i < changes; i++) {
    const change = chance.of(ways);
    if (change) bytes = change(bytes, stock, chance);
  }
  return bytes.length > inputMax ? bytes.subarray(0, inputMax) : bytes;
}

type Way = (bytes: Uint8Array, stock: Stock, chance: Chance) => Uint8Array;

const ways: readonly Way[] = [
  (bytes, _, chance) => changed(bytes, chance, (byte) => byte ^ (1 << chance.below(8))),
  (bytes, _, chance) => changed(bytes, chance, (byte) => byte + chance.below(9) - 4),
  (bytes, _, chance) => changed(bytes, chance, () => chance.of(interesting) ?? 0),
  (bytes, _, chance) => changed(bytes, chance, () => chance.below(256)),
  lengthChanged,
  (bytes, _, chance) => cut(bytes, chance),
  (bytes, _, chance) => repeated(bytes, chance),
  (bytes, { words }, chance) => written(bytes, chance, chance.of(words)),
  (bytes, { words }, chance) => written(bytes, chance, chance.of(words)),
  (bytes, _, chance) => written(bytes, chance, chance.of(numbers)),
  (bytes, _, chance) => written(bytes, chance, chance.of(texts)),
  (bytes, _, chance) => tokenReplaced(bytes, chance, chance.of(chance.below(2) === 0 ? numbers : texts)),
  (bytes, { words }, chance) => tokenReplaced(bytes, chance, chance.of(words)),
  (bytes, { inputs }, chance) => spliced(bytes, chance, chance.of(inputs)),
  lineMoved,
];

function changed(bytes: Uint8Array, chance: Chance, how: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  const at = chance.below(copy.length);
  copy[at] = how(copy[at] ?? 0);
  return copy;
}

/** A big-endian length somewhere becomes another. */
function lengthChanged(bytes: Uint8Array, _: Stock, chance: Chance): Uint8Array {
  if (bytes.length < 4) return bytes;
  const copy = Buffer.from(bytes);
  const at = chance.below(copy.length - 3);
  const values = [0, 1, 0x7f, 0xffff, 0x7fffffff, 0xffffffff, copy.length, copy.length - at - 4];
  const value = (chance.of(values) ?? 0) >>> 0;
  if (chance.below(2) === 0) copy.writeUInt32BE(value, at);
  else copy.writeUInt16BE(value & 0xffff, at);
  return copy;
}

function cut(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [from, to] = stretch(bytes, chance);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function repeated(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [from, to] = stretch(bytes, chance);
  const part = bytes.subarray(from, to);
  const times = chance.below(20) === 0 ? Math.min(4_000, Math.ceil(inputMax / (part.length + 1))) : 1;
  const parts = Array.from({ length: times }, () => part);
  return Buffer.concat([bytes.subarray(0, to), ...parts, bytes.subarray(to)]);
}

function written(bytes: Uint8Array, chance: Chance, word: Uint8Array = new Uint8Array()): Uint8Array {
  const at = chance.below(bytes.length + 1);
  const over = chance.below(2) === 0 ? word.length : 0;
  return Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(Math.min(bytes.length, at + over))]);
}

/** A run of letters and digits, or of a quoted text, becomes the word. */
function tokenReplaced(bytes: Uint8Array, chance: Chance, word: Uint8Array = new Uint8Array()): Uint8Array {
  const at = chance.below(bytes.length + 1);
  let [from, to] = [at, at];
  while (from > 0 && isLetter(bytes[from - 1])) from--;
  while (to < bytes.length && isLetter(bytes[to])) to++;
  return Buffer.concat([bytes.subarray(0, from), word, bytes.subarray(to)]);
}

function isLetter(byte = 0): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte | 0x20) >= 0x61 ? byte !== 0x7b && byte !== 0x7d : false;
}

function spliced(bytes: Uint8Array, chance: Chance, other: Uint8Array = bytes): Uint8Array {
  const [from, to] = stretch(other, chance);
  const at = chance.below(bytes.length + 1);
  const over = chance.below(2) === 0 ? to - from : 0;
  return Buffer.concat([
    bytes.subarray(0, at),
    other.subarray(from, to),
    bytes.subarray(Math.min(bytes.length, at + over)),
  ]);
}

function lineMoved(bytes: Uint8Array, _: Stock, chance: Chance): Uint8Array {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const [line = ''] = lines.splice(chance.below(lines.length), 1);
  if (chance.below(2) === 0) lines.splice(chance.below(lines.length + 1), 0, line);
  return Buffer.from(lines.join('\n'), 'latin1');
}

function stretch(bytes: Uint8Array, chance: Chance): [from: number, to: number] {
  const from = chance.below(bytes.length + 1);
  const most = chance.below(4) === 0 ? bytes.length - from : Math.min(24, bytes.length - from);
  return [from, from + chance.below(most + 1)];
}
