import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonFault, type JsonFaultCode, parseStrictJson, pointerOf } from './strict-json.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const readOrFault = (body: Uint8Array): unknown => {
  try {
    return parseStrictJson(body);
  } catch (error) {
    return error;
  }
};
const faultOf = (body: Uint8Array): JsonFault => {
  const found = readOrFault(body);
  if (found instanceof JsonFault) return found;
  throw new Error('it was taken');
};

describe('a body with one meaning', () => {
  test.each([
    '{}',
    '[]',
    '{"a":{"b":[1,-2,3.5,1e3,true,false,null,"x"]}}',
    ' { "a" : "\\u4e2d\\n\\t\\r\\"\\\\\\/" } \r\n',
    '"😀"',
    '"\\ud83d\\ude00"',
    '9007199254740991',
    '-9007199254740991',
    '{"a":[[],{},""]}',
  ])('%s is read as JSON.parse reads it', (text) => {
    expect(parseStrictJson(bytes(text))).toEqual(JSON.parse(text));
  });

  test('any JSON is read as JSON.parse reads it, or refused', () => {
    const taken = fc.property(fc.json(), (text) => {
      const read = readOrFault(bytes(text));
      return read instanceof JsonFault || JSON.stringify(read) === JSON.stringify(JSON.parse(text));
    });
    fc.assert(taken, { seed: 20_261_124, numRuns: 500 });
  });

  test('minus zero is zero', () => {
    expect(Object.is(parseStrictJson(bytes('-0')), 0)).toBe(true);
  });
});

describe('a body that is refused', () => {
  const rows: readonly (readonly [
    what: string,
    body: string | Uint8Array,
    code: JsonFaultCode,
    pointer: string,
    place: string,
  ])[] = [
    ['nothing', '', 'empty-body', '', '1:1'],
    ['blanks', '  \n ', 'empty-body', '', '2:2'],
    ['half an object', '{"a":1', 'not-json', '', '1:7'],
    ['two values', '{} {}', 'not-json', '', '1:4'],
    ['a trailing comma', '{"a":1,}', 'not-json', '', '1:8'],
    ['single quotes', "{'a':1}", 'not-json', '', '1:2'],
    ['a comment', '{/*x*/}', 'not-json', '', '1:2'],
    ['a bare word', '{"a":yes}', 'not-json', '/a', '1:6'],
    ['NaN', '{"a":NaN}', 'not-json', '/a', '1:6'],
    ['a leading zero', '{"a":01}', 'not-json', '', '1:7'],
    ['a plus sign', '{"a":+1}', 'not-json', '/a', '1:6'],
    ['an open string', '{"a":"x', 'not-json', '/a', '1:8'],
    ['a bad escape', '{"a":"\\x"}', 'not-json', '/a', '1:7'],
    ['a short escape', '{"a":"\\u12"}', 'not-json', '/a', '1:7'],
    ['a key twice', '{"a":1,\n"a":2}', 'duplicate-key', '/a', '2:1'],
    ['a key twice by escape', '{"a":1,"\\u0061":2}', 'duplicate-key', '/a', '1:8'],
    ['a key twice deep inside', '{"x":[{"b":1,"b":1}]}', 'duplicate-key', '/x/0/b', '1:14'],
    ['__proto__', '{"__proto__":{"x":1}}', 'forbidden-key', '/__proto__', '1:2'],
    ['constructor', '{"a":{"constructor":1}}', 'forbidden-key', '/a/constructor', '1:7'],
    ['2^53', '{"fen":9007199254740992}', 'number-too-large', '/fen', '1:8'],
    ['minus 2^53', '[-9007199254740992]', 'number-too-large', '/0', '1:2'],
    ['1e400', '{"a":1e400}', 'number-too-large', '/a', '1:6'],
    ['NUL as it is', '{"a":"x\u0000y"}', 'nul-character', '', '1:8'],
    ['NUL by escape', '{"a":"x\\u0000y"}', 'nul-character', '/a', '1:8'],
    ['a control character', '{"a":"x\u0001"}', 'control-character', '/a', '1:8'],
    ['a control character by escape', '{"a":"\\u001b[31m"}', 'control-character', '/a', '1:7'],
    ['a backspace', '{"a":"\\b"}', 'control-character', '/a', '1:7'],
    ['a line break in a string', '{"a":"x\ny"}', 'control-character', '/a', '1:8'],
    ['a lone surrogate', '{"a":"\\ud800"}', 'lone-surrogate', '/a', '1:7'],
    [
      '17 levels',
      `${'['.repeat(17)}${']'.repeat(17)}`,
      'too-deep',
      '/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0',
      '1:17',
    ],
    ['100,000 levels', '['.repeat(100_000), 'too-deep', '/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0', '1:17'],
    ['a byte order mark', '\ufeff{}', 'byte-order-mark', '', '1:1'],
    ['GBK', Buffer.from([0x7b, 0x22, 0xd6, 0xd0, 0xb9, 0xfa, 0x22, 0x3a, 0x31, 0x7d]), 'not-utf8', '', '1:1'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'nul-character', '', '1:2'],
    ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'not-utf8', '', '1:1'],
    ['UTF-8 surrogates', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not-utf8', '', '1:1'],
  ];
  test.each(rows)('%s is refused', (_what, body, code, pointer, place) => {
    const found = faultOf(typeof body === 'string' ? bytes(body) : body);
    expect([found.code, found.pointer, `${found.line}:${found.column}`]).toEqual([code, pointer, place]);
  });

  test('threat 22: more than 2,000 keys in one object are refused quickly', () => {
    const body = bytes(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`);
    const started = performance.now();
    expect(faultOf(body).code).toBe('too-many-keys');
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('threat 21: nothing changes the prototype of objects', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    faultOf(bytes('{"__proto__":{"polluted":true}}'));
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('a fault never quotes the body', () => {
    const found = faultOf(bytes('{"id":"310101199003070019"x}'));
    expect(found.message).not.toContain('31010');
  });
});

test('a pointer escapes ~ and /', () => {
  expect(pointerOf(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
});
