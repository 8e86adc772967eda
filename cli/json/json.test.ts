import { expect, test } from 'vitest';
import { differences } from './difference.ts';
import { byteFault, linesOf } from './lines.ts';
import { parseStrict } from './strict.ts';
import { valuesOf } from './values.ts';

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function lines(text: string | Buffer, size = 7, max = 1000) {
  const found = [];
  for await (const line of linesOf(parts(Buffer.from(text), size), max)) found.push(line);
  return found;
}

async function values(text: string, max = 1000) {
  const found = [];
  for await (const value of valuesOf(linesOf(parts(Buffer.from(text), 5), max), max)) {
    found.push(value.ok ? [value.line, value.value] : [value.line, value.fault.reason]);
  }
  return found;
}

test('a file cut anywhere gives the same lines, with Windows line ends and a byte order mark as well', async () => {
  for (const size of [1, 2, 3, 1000]) {
    const found = await lines('\ufeff{"a":1}\r\n\n安徽\nlast', size);
    expect(found.map(({ number, bytes, ended }) => [number, bytes.toString(), ended])).toEqual([
      [1, '{"a":1}', true],
      [2, '', true],
      [3, '安徽', true],
      [4, 'last', false],
    ]);
  }
});

test('a line that is too long is named and not kept, and the next one is read', async () => {
  const found = await lines(`${'x'.repeat(50)}\nok\n`, 7, 20);
  expect(found.map(({ tooLong, bytes }) => [tooLong, bytes.length <= 20])).toEqual([
    [true, true],
    [false, true],
  ]);
});

const encodings: readonly [string, Buffer, RegExp][] = [
  ['GBK', Buffer.from([0x7b, 0x22, 0xb0, 0xb2, 0xbb, 0xd5, 0x22, 0x7d]), /GBK/],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), /UTF-16/],
  ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le'), /UTF-16/],
  ['a NUL byte', Buffer.from('{"a":"\0"}'), /NUL/],
  ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /not UTF-8/],
];

test.for(encodings)('%s is named, with a remedy', ([, bytes, words]) => {
  const fault = byteFault({ number: 1, bytes, tooLong: false, ended: true }, 1000);
  expect(fault?.reason).toMatch(words);
  expect(fault?.remedy).not.toBe('');
});

const faults: readonly [string, string, RegExp, string][] = [
  ['a duplicate key', '{"a":1,"b":{"c":1,"c":2}}', /twice/, '/b/c'],
  ['a number beyond 2^53', '{"a":[9007199254740993]}', /2\^53/, '/a/0'],
  ['text after the value', '{"a":1} x', /not JSON/, ''],
  ['a single quote', "{'a':1}", /not JSON/, ''],
  ['half a character', '{"a":"\\ud800"}', /half a character/, '/a'],
  ['an escaped NUL', '{"a":"\\u0000"}', /NUL/, '/a'],
];

test.for(faults)('strict JSON refuses %s by field, reason and remedy', ([, text, words, at]) => {
  const read = parseStrict(Buffer.from(text));
  expect(read.ok).toBe(false);
  if (read.ok) return;
  expect(read.fault.reason).toMatch(words);
  expect(read.fault.at).toBe(at);
  expect(read.fault.remedy).not.toBe('');
});

test('lines that are torn at the beginning of a file take none of the whole ones that follow', async () => {
  const torn = '{"a":{"b":1';
  const found = await values([torn, torn, torn, '{"a":1}', torn, '{"a":2}', ''].join('\n'));
  expect(found).toEqual([
    [1, expect.any(String)],
    [2, expect.any(String)],
    [3, expect.any(String)],
    [4, { a: 1 }],
    [5, expect.any(String)],
    [6, { a: 2 }],
  ]);
});

test('values come one a line, or over several lines each', async () => {
  expect(await values('{"a":1}\n\n{"a":2}\n')).toEqual([
    [1, { a: 1 }],
    [3, { a: 2 }],
  ]);
  expect(await values('{\n "a": [\n  1,\n  {"b": "}"}\n ]\n}\n{\n "a": 2\n}\n')).toEqual([
    [1, { a: [1, { b: '}' }] }],
    [7, { a: 2 }],
  ]);
});

test('a bad line stands alone: the lines after it are read', async () => {
  expect(await values('{"a":\n{"a":2}\nnonsense\n{"a":3}\n')).toEqual([
    [1, 'not JSON at this column'],
    [2, { a: 2 }],
    [3, 'not JSON at this column'],
    [4, { a: 3 }],
  ]);
});

test('a value that never ends is told once', async () => {
  expect(await values('{\n "a": 1,\n')).toEqual([[1, 'not JSON at this column']]);
  expect(await values('')).toEqual([]);
});

const objects: readonly (readonly unknown[])[] = [
  [{}, { a: [] }, { a: {}, b: [[], [{}]] }],
  [{ a: 'a } in a string', b: '\\"{', c: '\\\\' }],
  [{ a: null, b: true, c: -1.5e3, d: '安徽\n' }, { e: [1, [2, [3, { f: '[' }]]] }],
  [{ x: { y: { z: [{ '': 0 }, 'last'] } } }],
];

test.for(objects)('objects are read alike one a line and over many lines: %o', async (list) => {
  const flat = await values(list.map((value) => JSON.stringify(value)).join('\n'), 100_000);
  expect(flat.map(([, value]) => value)).toEqual(list);
  const wrapped = list.map((value) => ({ x: value, y: 1 }));
  const pretty = wrapped.map((value) => JSON.stringify(value, undefined, 1)).join('\n');
  expect((await values(pretty, 100_000)).map(([, value]) => value)).toEqual(wrapped);
});

test('differences are told by place; the order of keys means nothing', () => {
  expect(differences({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toEqual([]);
  expect(differences({ a: 1, b: [1, 2], c: 0 }, { a: '1', b: [1], d: null })).toEqual([
    { at: '/a', expected: 1, actual: '1' },
    { at: '/b/1', expected: 2, actual: undefined },
    { at: '/c', expected: 0, actual: undefined },
    { at: '/d', expected: undefined, actual: null },
  ]);
});
