import { parse } from 'node:querystring';
import { parseCanonical } from '../../kernel/exchange/canonical.ts';
import {
  checkCondition,
  cursorOf,
  findTypes,
  ListRefusal,
  readCursor,
  readGroupCursor,
  typeOf,
} from '../../kernel/store/find.ts';
import { cookieIn, Sessions } from '../../node/access/sessions.ts';
import type { Door } from '../../node/http/context.ts';
import { Refused } from '../../node/http/faults.ts';
import { askedList } from '../../node/http/list-query.ts';
import { localeOf } from '../../node/http/locale.ts';
import { preferences } from '../../node/http/prefer.ts';
import { sealer } from '../../node/http/seal.ts';
import { JsonFault, parseStrictJson } from '../../node/http/strict-json.ts';
import { lending } from '../../node/http/testing/lending.ts';
import { retryAfter } from '../../node/peers/client.ts';
import { isInnerAddress } from '../../node/peers/private-addresses.ts';
import { Broken, holds, type Target } from '../target.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text);

/** Bodies of commands. */
const strictJson: Target = {
  name: 'strict-json',
  seeds: [
    '{"id":"019a0c1e-4b02-7000-8000-000000000002","input":{"person":"31010119900307001X","amount":"100"}}',
    '[1,-2.5e3,true,false,null,"\\u5b89\\n\\"\\\\/",{"a":{"b":[[]]}}]',
    ' {"名":"安徽","x":9007199254740991} ',
  ].map(utf8),
  words: [
    '\\ud83d\\ude00',
    '\\b\\f',
    '1e308',
    '-',
    '.',
    'E+',
    '[[[[[[[[[[[[[[[[',
    '{"a":',
    ',',
    ':',
    '//',
    '/*',
  ],
  run(bytes) {
    try {
      const value = parseStrictJson(bytes);
      const plain: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      holds(JSON.stringify(value) === JSON.stringify(plain), 'what is taken is what JSON.parse reads');
      return 'ok';
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      holds(error.line >= 1 && error.column >= 1, 'a fault has a place');
      holds(error.pointer.length <= 2 * bytes.length + 40, 'a pointer is no longer than the body makes it');
      holds(!parseCanonical(bytes).ok, 'what members may send each other, people may send too');
      return error.code;
    }
  },
};

const seal = sealer(Buffer.alloc(32, 7));
const book = [...lending.records.values()].find((one) => one.type === 'lending/book');
if (book === undefined) throw new Error('the small system has lost its books');
const sort = { field: 'title', descending: false };
const place = cursorOf(sort, { sort: 'a', partition: 1, subject: 'book:1', id: '', owner: '310000' });
const types = findTypes([book]);

/** Only what a list itself needs of the door. */
const door = { sealer: seal } as Door;

/** What a list is asked for in an address, and the conditions that it becomes. */
const listQuery: Target = {
  name: 'list-query',
  seeds: [
    'title=x&copies.gte=3&sort=-title&limit=20&owner=own&count=true',
    `by=title,copies&cursor=${seal.seal('cursor lending/book', place)}`,
    'title.prefix=%E5%AE%89&copies.lt=-1.5&purpose=lending&format=csv',
  ].map(utf8),
  words: [
    'copies.lte=',
    'title.gt=',
    'by=',
    'cursor=',
    'limit=',
    'sort=-',
    'owner=others',
    '&',
    '=',
    '%00',
    '%ff',
    '.',
    "' or 1=1 --",
  ],
  run(bytes) {
    try {
      const asked = askedList(door, book, parse(Buffer.from(bytes).toString('utf8')));
      const type = typeOf(types, book.type);
      for (const one of asked.where) {
        const field = type.fields.get(one.field);
        holds(field !== undefined, 'a list finds by declared fields only');
        checkCondition(field, one);
      }
      if (asked.after !== undefined && asked.by.length === 0) readCursor(asked.sort, asked.after);
      if (asked.after !== undefined && asked.by.length > 0) readGroupCursor(asked.by, asked.after);
      holds(
        asked.limit <= 1_000 && asked.where.every(({ value }) => value.length <= 200),
        'a list is bounded',
      );
      return 'ok';
    } catch (error) {
      if (error instanceof ListRefusal) return error.message;
      if (!(error instanceof Refused)) throw error;
      const problem = error.make('zh-CN');
      return (problem.errors ?? []).map(({ code }) => code).join(' ');
    }
  },
};

/** A cursor's own text, should anybody ever be able to make one. */
const cursor: Target = {
  name: 'cursor',
  seeds: [Buffer.from(place, 'base64url'), utf8('["by","title","a"]')],
  words: ['null', '"+title"', '"-title"', '\\u0000', '1e999', '{}'],
  run(bytes) {
    const text = Buffer.from(bytes).toString('base64url');
    const said = [() => readCursor(sort, text), () => readGroupCursor(['title'], text)].map((read) => {
      try {
        return JSON.stringify(read()).includes('\\u0000');
      } catch (error) {
        if (error instanceof ListRefusal) return error.message;
        throw error;
      }
    });
    holds(!said.includes(true), 'PostgreSQL is given no NUL');
    return said.join(' ');
  },
};

const sessions = new Sessions(seal, { member: '310000', secure: true });
const who = { id: 'an', roles: ['lending/clerk'], until: 9 };
const session = { who, name: { 'zh-CN': '安', en: 'An' }, began: 1, seen: 2 };
const begun = { state: 's', nonce: 'n', verifier: 'v', back: '/zh/home' };
const cookies = `a=b; ${sessions.sessionCookie(session).split(';')[0]}; ${sessions.signInCookie(begun).split(';')[0]}`;

/** The headers that are read: cookies with sealed sessions, languages, preferences, waits of peers, addresses. */
const headers: Target = {
  name: 'headers',
  seeds: [
    cookies,
    'zh-CN,zh;q=0.9,en;q=0.8',
    'wait=5, return=minimal',
    'Thu, 26 Nov 2026 08:00:00 GMT',
    '[::ffff:127.0.0.1]',
  ].map(utf8),
  words: [
    '__Host-yitong-310000=',
    ';',
    ',',
    'wait=',
    'return=representation',
    'q=',
    'en',
    '120',
    '169.254.169.254',
    '::1',
    '0x7f000001',
  ],
  run(bytes) {
    const text = Buffer.from(bytes).toString('latin1');
    const read = sessions.read(text);
    if (read)
      holds(JSON.stringify(read) === JSON.stringify(session), 'only a session that was sealed is read');
    const sign = sessions.readSignIn(text);
    if (sign) holds(JSON.stringify(sign) === JSON.stringify(begun), 'only a sign-in that was begun is read');
    const plain = seal.open('session', text);
    if (plain !== undefined) throw new Broken('what stands in no cookie opens none');
    const { waitMs, applied } = preferences(text);
    holds((waitMs ?? 0) <= 30_000 && applied.length < 60, 'a wait is bounded');
    const wait = retryAfter(text, 1_795_399_208_000);
    holds(wait === undefined || wait >= 0, 'a wait goes forward');
    const cookie = cookieIn(text, 'a') !== undefined;
    return `${read !== undefined} ${sign !== undefined} ${cookie} ${localeOf(text)} ${applied === ''} ${wait === undefined} ${isInnerAddress(text)}`;
  },
};

/** What people and programs send to the door. */
export const targets: readonly Target[] = [strictJson, listQuery, cursor, headers];
