import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromUtf8, toUtf8 } from './bytes.ts';
import { CanonicalError, canonical, canonicalBytes, messageLimits, parseCanonical } from './canonical.ts';
import { bytesOfBase64, vectors } from './testing.ts';

const seed = 20261123;
const key = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,6}$/);
const text = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string())
  .filter((one) => !/[^\P{Cc}\n\t]|\p{Cs}/u.test(one));
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
  text,
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

describe('the vector', () => {
  const vector = vectors.canonical;

  test('the input is written as its canonical bytes', () => {
    expect(canonical(vector.input)).toBe(vector.canonical_utf8);
    expect(canonicalBytes(vector.input)).toEqual(bytesOfBase64(vector.canonical_base64));
    expect(canonicalBytes(vector.input).length).toBe(vector.length);
  });

  test('its bytes are read as the input', () => {
    expect(parseCanonical(bytesOfBase64(vector.canonical_base64))).toEqual({ ok: true, value: vector.input });
  });

  test.for(vector.refuse)('refuses $why', ({ json }) => {
    expect(parseCanonical(toUtf8(json))).toMatchObject({ ok: false, code: 'not-canonical' });
  });
});

describe('other spellings', () => {
  const rows = [
    ['a final line feed', '{"a":1}\n'],
    ['a trailing comma', '{"a":1,}'],
    ['an escaped solidus', '{"a":"\\/"}'],
    ['an escape of a line feed by number', '{"a":"\\u000a"}'],
    ['a carriage return', '{"a":"\\r"}'],
    ['a backspace', '{"a":"\\b"}'],
    ['an escaped NUL', '{"a":"\\u0000"}'],
    ['a raw NUL', '{"a":"\u0000"}'],
    ['a raw line feed', '{"a":"\n"}'],
    ['DEL', '{"a":"\u007f"}'],
    ['a C1 control character', '{"a":"\u0085"}'],
    ['a lone low surrogate', '{"a":"\\udc00"}'],
    ['a pair of surrogates as escapes', '{"a":"\\ud83d\\ude00"}'],
    ['surrogates in the wrong order', '{"a":"\\ude00\\ud83d"}'],
    ['a duplicate key that is not next', '{"a":1,"b":2,"a":1}'],
    ['a number written with 400 digits', `{"a":${'9'.repeat(400)}}`],
    ['1e400', '{"a":1e400}'],
    ['1E2', '{"a":1E2}'],
    ['1.0', '{"a":1.0}'],
    ['a leading zero', '{"a":01}'],
    ['a plus sign', '{"a":+1}'],
    ['NaN', '{"a":NaN}'],
    ['an upper-case key', '{"A":1}'],
    ['an empty key', '{"":1}'],
    ['a key of digits', '{"310000":1}'],
    ['a key of 41 characters', `{"${'k'.repeat(41)}":1}`],
    ['constructor', '{"constructor":{"prototype":{"x":1}}}'],
    ['prototype', '{"prototype":1}'],
    ['__proto__ below', '{"a":{"__proto__":{"polluted":1}}}'],
    ['an escaped __proto__', '{"\\u005f_proto__":{"polluted":1}}'],
    ['nothing', ''],
    ['two values', '1 2'],
    ['white space alone', ' '],
  ] as const;

  test.for(rows)('refuses %s', ([, json]) => {
    expect(parseCanonical(toUtf8(json))).toMatchObject({ ok: false, code: 'not-canonical' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.for([
    ['a cut sequence', [0x22, 0xe7, 0x91, 0x22]],
    ['an overlong solidus', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['GBK', [0x22, 0xc9, 0xcf, 0xba, 0xa3, 0x22]],
    ['a code point beyond Unicode', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
  ] as const)('refuses %s as UTF-8', ([, bytes]) => {
    expect(parseCanonical(Uint8Array.from(bytes))).toEqual({
      ok: false,
      code: 'not-canonical',
      detail: 'not UTF-8',
    });
  });
});

describe('limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test('16 levels pass, 17 do not', () => {
    expect(parseCanonical(toUtf8(nested(16))).ok).toBe(true);
    expect(parseCanonical(toUtf8(nested(17)))).toMatchObject({ code: 'too-deep' });
    expect(() => canonical(JSON.parse(nested(16)))).not.toThrow();
    expect(() => canonical(JSON.parse(nested(17)))).toThrow(CanonicalError);
  });

  test('100,000 levels are refused before parsing, also unclosed and behind a string with brackets', () => {
    const deep = '['.repeat(100_000);
    for (const json of [deep, `["[[\\"",${deep}`, `{"a":${deep}`])
      expect(parseCanonical(toUtf8(json))).toMatchObject({ code: 'too-deep' });
  });

  test('brackets within strings are not levels', () => {
    expect(parseCanonical(toUtf8(`["${'['.repeat(100)}\\"[[[[\\\\","]"]`)).ok).toBe(true);
  });

  test('2,000 keys pass, 2,001 do not', () => {
    const object = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]));
    const keys = Object.keys(object(2001)).sort();
    expect(parseCanonical(toUtf8(canonical(object(2000)))).ok).toBe(true);
    const json = `{${keys.map((name) => `"${name}":1`).join(',')}}`;
    expect(parseCanonical(toUtf8(json))).toMatchObject({
      code: 'not-canonical',
      detail: expect.stringContaining('2000'),
    });
    expect(() => canonical(object(2001))).toThrow(CanonicalError);
  });

  test('256 KiB pass, a byte more does not', () => {
    expect(messageLimits.bytes).toBe(262_144);
    expect(parseCanonical(toUtf8(`"${'a'.repeat(262_142)}"`)).ok).toBe(true);
    expect(parseCanonical(toUtf8(`"${'a'.repeat(262_143)}"`))).toMatchObject({ code: 'too-large' });
  });

  test('no detail quotes the content', () => {
    const parsed = parseCanonical(toUtf8('{"name":"王小明", "id":1}'));
    expect(JSON.stringify(parsed)).not.toMatch(/王|name/);
  });
});

describe('writing', () => {
  const when = new (class Moment {})();

  test.for([
    ['undefined', { a: undefined }, '/a'],
    ['a bigint', { a: [1n] }, '/a/0'],
    ['a fraction', { a: { b: 0.5 } }, '/a/b'],
    ['minus zero', [-0], '/0'],
    ['NaN', Number.NaN, ''],
    ['2^53', { a: 2 ** 53 }, '/a'],
    ['a lone surrogate', { a: 'x\ud800' }, '/a'],
    ['a NUL', { a: '\u0000' }, '/a'],
    ['a class', { a: when }, '/a'],
    ['a map', { a: new Map() }, '/a'],
    ['a function', { a: () => 1 }, '/a'],
    ['a hole in a list', Object.assign([1], { length: 2 }), '/1'],
    ['a key with a slash', { 'a/b': 1 }, '/a~1b'],
    ['an own __proto__', JSON.parse('{"__proto__":1}'), '/__proto__'],
  ] as const)('throws for %s and says where', ([, wrong, at]) => {
    expect(() => canonical(wrong)).toThrow(expect.objectContaining({ name: 'CanonicalError', at }));
  });

  test('keys are sorted by their UTF-16 code units, at every level', () => {
    expect(canonical({ b: { z: 1, aB: 2, ab: 3, aA: 4, a1: 5 }, a: [{ d: 1, c: '"\\\n\t€' }] })).toBe(
      '{"a":[{"c":"\\"\\\\\\n\\t€","d":1}],"b":{"a1":5,"aA":4,"aB":2,"ab":3,"z":1}}',
    );
  });

  test('objects without a prototype are written', () => {
    expect(canonical(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });
});

describe('properties', () => {
  test('what is written is read back, and is the JSON of the same value', () => {
    fc.assert(
      fc.property(value, (one) => {
        const written = canonical(one);
        expect(parseCanonical(toUtf8(written))).toEqual({ ok: true, value: one });
        expect(JSON.parse(written)).toEqual(one);
        expect(canonical(JSON.parse(written))).toBe(written);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('bytes are accepted exactly when rewriting their value gives the same bytes', () => {
    const noise = fc.tuple(value, fc.nat(), fc.constantFrom(...'{}[]",:\\u019 \n-.eE+trfnaA_/€\u0000\u0085'));
    const edited = fc.tuple(noise, fc.constantFrom('insert', 'replace', 'delete', 'reprint'));
    fc.assert(
      fc.property(edited, ([[one, at, char], how]) => {
        const written = canonical(one);
        const place = at % (written.length + 1);
        const rest = written.slice(place + (how === 'insert' ? 0 : 1));
        const json =
          how === 'reprint'
            ? JSON.stringify(one, null, at % 2)
            : written.slice(0, place) + (how === 'delete' ? '' : char) + rest;
        const bytes = toUtf8(json);
        expect(parseCanonical(bytes).ok).toBe(rewritesItself(bytes));
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(parseCanonical(bytes).ok).toBe(rewritesItself(bytes));
      }),
      { seed, numRuns: 2000 },
    );
  });
});

function rewritesItself(bytes: Uint8Array): boolean {
  try {
    const json = fromUtf8(bytes);
    return json !== undefined && canonical(JSON.parse(json)) === json;
  } catch {
    return false;
  }
}
