import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantMs, instantText } from './instant.ts';
import {
  checkEnvelope,
  idAgeMaxMs,
  idAheadMaxMs,
  isMessage,
  isSubject,
  partitionHash,
  readMessage,
  schemaMajor,
  streamOf,
} from './message.ts';
import { vectorNowMs, vectors } from './testing.ts';
import { isUuid, uuidOf, uuidTimeMs } from './uuid.ts';

const seed = 20261123;
const day = 86_400_000;
const good = vectors.canonical.input;
const context = { source: '310000', to: '330000', nowMs: vectorNowMs };
const idAt = (ms: number) => uuidOf(ms, new Uint8Array(10));

test('the message of the vector passes', () => {
  expect(checkEnvelope(good, context)).toBeUndefined();
  expect(isMessage(good)).toBe(true);
  expect(readMessage(good, context)).toEqual({ ok: true, message: good });
});

test('all optional attributes may stand', () => {
  const id = String(good['id']);
  const all = { ...good, consentref: id, basis: 'pipl-13-2', replyto: 'visit:a-1', conversation: id };
  expect(checkEnvelope(all, context)).toBeUndefined();
});

test('the stream of the vector', () => {
  const subject = String(good['subject']);
  expect(partitionHash(subject) % 16).toBe(vectors.canonical.stream_partition);
  expect(streamOf('main', subject, 16)).toBe('main.3');
  expect(streamOf('urgent', subject, 16)).toBe('urgent.3');
});

test('partitions divide streams: h mod 4 follows from h mod 16', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      const h = partitionHash(`person:${key}`);
      expect((h % 16) % 4).toBe(h % 4);
      expect(h).toBeGreaterThanOrEqual(0);
      expect(h).toBeLessThan(65_536);
    }),
    { seed },
  );
});

describe('in order of precedence', () => {
  const { to: _, ...withoutTo } = good;
  test.for([
    ['a list', [], 'not-an-object', ''],
    ['null', null, 'not-an-object', ''],
    [
      'an unknown attribute, before all else',
      { ...withoutTo, traceparent: 'x' },
      'unknown-attribute',
      '/traceparent',
    ],
    ['a missing attribute, before a bad one', { ...withoutTo, id: 'x' }, 'missing-attribute', '/to'],
    ['another version', { ...good, specversion: '1.1' }, 'bad-specversion', '/specversion'],
    ['a UUID of version 4', { ...good, id: '019a0c1e-4b04-4000-8000-000000000004' }, 'bad-id', '/id'],
    ['an upper-case UUID', { ...good, id: String(good['id']).toUpperCase() }, 'bad-id', '/id'],
    ['a number as id', { ...good, id: 1 }, 'bad-id', '/id'],
    ['a source without scheme', { ...good, source: '310000' }, 'bad-source', '/source'],
    ['a receiver with scheme', { ...good, to: 'yitong:330000' }, 'bad-to', '/to'],
    ['full-width digits', { ...good, to: '３３００００' }, 'bad-to', '/to'],
    ['an upper-case type', { ...good, type: 'Medical/settled' }, 'bad-type', '/type'],
    ['a type with an empty part', { ...good, type: 'medical//settled' }, 'bad-type', '/type'],
    ['a type of 81 characters', { ...good, type: 'a'.repeat(81) }, 'bad-type', '/type'],
    ['a subject without a kind', { ...good, subject: '310101199001011038' }, 'bad-subject', '/subject'],
    ['a subject in Chinese', { ...good, subject: 'person:王' }, 'bad-subject', '/subject'],
    ['a subject with a line feed', { ...good, subject: 'person:1\nroot 0' }, 'bad-subject', '/subject'],
    [
      'a subject of 121 characters',
      { ...good, subject: `person:${'1'.repeat(114)}` },
      'bad-subject',
      '/subject',
    ],
    ['a time without milliseconds', { ...good, time: '2026-11-23T02:00:04Z' }, 'bad-time', '/time'],
    ['a day that is not', { ...good, time: '2026-02-29T02:00:04.000Z' }, 'bad-time', '/time'],
    ['a time with an offset', { ...good, time: '2026-11-23T10:00:04.000+08:00' }, 'bad-time', '/time'],
    ['an empty purpose', { ...good, purpose: '' }, 'bad-purpose', '/purpose'],
    [
      'the schema of another type',
      { ...good, dataschema: 'yitong:plan/told/2' },
      'bad-dataschema',
      '/dataschema',
    ],
    [
      'major 0',
      { ...good, dataschema: 'yitong:medical-settlement/settled/0' },
      'bad-dataschema',
      '/dataschema',
    ],
    [
      'a schema without major',
      { ...good, dataschema: 'yitong:medical-settlement/settled/' },
      'bad-dataschema',
      '/dataschema',
    ],
    [
      'another content type',
      { ...good, datacontenttype: 'text/json' },
      'bad-datacontenttype',
      '/datacontenttype',
    ],
    ['a cause that is no UUID', { ...good, causationid: 'x' }, 'bad-causationid', '/causationid'],
    ['null as cause', { ...good, causationid: null }, 'bad-causationid', '/causationid'],
    ['a consent that is no UUID', { ...good, consentref: 'x' }, 'bad-consentref', '/consentref'],
    ['a basis with a space', { ...good, basis: 'a b' }, 'bad-basis', '/basis'],
    ['an answer to no subject', { ...good, replyto: 'x' }, 'bad-replyto', '/replyto'],
    ['a conversation that is no UUID', { ...good, conversation: '1' }, 'bad-conversation', '/conversation'],
    ['a list as data', { ...good, data: [] }, 'bad-data', '/data'],
    ['an id older than 400 days', { ...good, id: idAt(vectorNowMs - idAgeMaxMs - 1) }, 'id-time', '/id'],
    [
      'an id more than an hour ahead',
      { ...good, id: idAt(vectorNowMs + idAheadMaxMs + 1) },
      'id-time',
      '/id',
    ],
    ['another source', { ...good, source: 'yitong:320000' }, 'wrong-source', '/source'],
    ['another receiver', { ...good, to: '340000' }, 'wrong-to', '/to'],
  ] as const)('refuses %s', ([, message, code, at]) => {
    expect(checkEnvelope(message, context)).toEqual({ code, at });
    expect(readMessage(message, context)).toEqual({ ok: false, code, at });
  });

  test('an id of exactly 400 days and one of an hour ahead pass', () => {
    for (const ms of [vectorNowMs - 400 * day, vectorNowMs + 3_600_000])
      expect(checkEnvelope({ ...good, id: idAt(ms) }, context)).toBeUndefined();
  });
});

test('a message without data is missing it', () => {
  const { data: _, ...rest } = good;
  expect(checkEnvelope(rest, context)).toEqual({ code: 'missing-attribute', at: '/data' });
});

test('hostile names of attributes are unknown ones', () => {
  for (const name of ['__proto__', 'constructor', 'toString'])
    expect(
      checkEnvelope(JSON.parse(JSON.stringify(good).replace('"time"', `"${name}":1,"time"`)), context)?.code,
    ).toBe('unknown-attribute');
});

test('the major of a schema', () => {
  expect(schemaMajor('yitong:medical-settlement/settled/12')).toBe(12);
});

test('subjects are printable ASCII without spaces', () => {
  for (const subject of ['person:1', 'a-b2:~!x:y/z', `k:${'~'.repeat(118)}`])
    expect(isSubject(subject)).toBe(true);
  for (const subject of ['person:', ':1', 'Person:1', 'person:a b', 'person:a\u007f'])
    expect(isSubject(subject)).toBe(false);
});

test('patterns stay fast on long hostile input', () => {
  const long = 'a'.repeat(50_000);
  for (const [name, value] of [
    ['type', `${long}/`],
    ['subject', `${long}:`],
    ['purpose', `${long} `],
    ['dataschema', long],
    ['time', long],
  ] as const)
    expect(checkEnvelope({ ...good, [name]: value }, context)).toEqual({
      code: `bad-${name}`,
      at: `/${name}`,
    });
});

describe('identifiers and times', () => {
  test('a UUIDv7 gives its time back', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 48 - 1 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        (ms, bytes) => {
          const id = uuidOf(ms, bytes);
          expect(isUuid(id)).toBe(true);
          expect(uuidTimeMs(id)).toBe(ms);
        },
      ),
      { seed },
    );
  });

  test('different bytes give different ids, as far as 74 bits go', () => {
    const ids = Array.from({ length: 80 }, (_, bit) =>
      uuidOf(
        0,
        Uint8Array.from({ length: 10 }, (_, at) => (at === bit >> 3 ? 1 << (bit & 7) : 0)),
      ),
    );
    expect(new Set([...ids, uuidOf(0, new Uint8Array(10))]).size).toBe(75);
  });

  test('an id needs a time and ten bytes', () => {
    expect(() => uuidOf(-1, new Uint8Array(10))).toThrow(RangeError);
    expect(() => uuidOf(2 ** 48, new Uint8Array(10))).toThrow(RangeError);
    expect(() => uuidOf(0, new Uint8Array(9))).toThrow(RangeError);
    expect(uuidTimeMs('x')).toBeUndefined();
  });

  test('instants are written as ECMAScript writes them, and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
        expect(instantText(ms)).toBe(new Date(ms).toISOString());
        expect(instantMs(instantText(ms))).toBe(ms);
      }),
      { seed, numRuns: 500 },
    );
    for (const text of [
      '2000-02-29T00:00:00.000Z',
      '2100-03-01T00:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
    ])
      expect(instantMs(text)).toBe(new Date(text).getTime());
  });

  test.for([
    '2100-02-29T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-11-31T00:00:00.000Z',
    '2026-11-23T24:00:00.000Z',
    '2016-12-31T23:59:60.000Z',
    '1969-12-31T23:59:59.999Z',
    '2026-11-23t00:00:00.000z',
    '2026-11-23T00:00:00.000',
    ' 2026-11-23T00:00:00.000Z',
    '+02026-11-23T00:00:00.000Z',
    '',
  ])('"%s" is no instant', (text) => {
    expect(instantMs(text)).toBeUndefined();
  });

  test('times before 1970 and after 9999 are not written', () => {
    for (const ms of [-1, 253_402_300_800_000, 0.5, Number.NaN])
      expect(() => instantText(ms)).toThrow(RangeError);
  });
});
