import { changed, type DoorRow } from './door-row.ts';
import { line, people, wrongCheckDigit } from './samples.ts';

const bytes = (body: string, from: string, to: readonly number[]): Uint8Array => {
  const [before = '', after = ''] = body.split(from, 2);
  return Buffer.concat([Buffer.from(before), Buffer.from(to), Buffer.from(after)]);
};
/** 汉 in GBK. */
const gbk = [0xba, 0xba];
const invalid = { status: 422, code: 'invalid-input' } as const;
const badJson = { status: 400, code: 'invalid-json' } as const;

/** What is no JSON that has one meaning. */
const texts: readonly DoorRow[] = [
  { name: 'malformed JSON', body: '{"bill": "a",', ...badJson, field: ['', 'not-json'] },
  { name: 'an empty body', body: ' ', ...badJson, field: ['', 'empty-body'] },
  { name: 'a duplicate key', body: '{"bill":"a","bill":"b"}', ...badJson, field: ['/bill', 'duplicate-key'] },
  {
    name: 'a duplicate key deep inside',
    body: '{"items":[{"code":"1","code":"2"}]}',
    ...badJson,
    field: ['/items/0/code', 'duplicate-key'],
  },
  {
    name: 'a key that sets a prototype',
    body: '{"__proto__":{"a":1}}',
    ...badJson,
    field: ['/__proto__', 'forbidden-key'],
  },
  {
    name: 'a number beyond 2^53',
    body: changed('n53', {}).replace('"total":"500000"', '"total":9007199254740993'),
    ...badJson,
    field: ['/total', 'number-too-large'],
  },
  {
    name: 'a number that is infinite',
    body: changed('inf', {}).replace('"total":"500000"', '"total":1e400'),
    ...badJson,
    field: ['/total', 'number-too-large'],
  },
  {
    name: 'a NUL byte',
    body: bytes(changed('nul', { bill: '#' }), '#', [0]),
    ...badJson,
    field: ['', 'nul-character'],
  },
  {
    name: 'a NUL that is escaped',
    body: changed('nul', {}).replace('"I63.900"', '"I63\\u0000"'),
    ...badJson,
    field: ['/diagnoses/0', 'nul-character'],
  },
  {
    name: 'a text in GBK',
    body: bytes(changed('gbk', { bill: '#' }), '#', gbk),
    ...badJson,
    field: ['', 'not-utf8'],
  },
  {
    name: 'a body that says it is GBK',
    headers: { 'content-type': 'application/json; charset=gbk' },
    body: changed('gbk', {}),
    status: 415,
    code: 'charset',
  },
  { name: 'half a character', body: '{"bill":"\\ud800"}', ...badJson, field: ['/bill', 'lone-surrogate'] },
  {
    name: 'nesting 100,000 deep',
    body: '['.repeat(100_000),
    ...badJson,
    field: ['/0'.repeat(16), 'too-deep'],
  },
  {
    name: 'another media type',
    headers: { 'content-type': 'text/plain' },
    body: 'a',
    status: 415,
    code: 'media-type',
  },
];

/** What does not fit the schema. */
const fields: readonly DoorRow[] = [
  {
    name: 'negative fen',
    body: changed('f1', { total: '-1' }),
    ...invalid,
    field: ['/total', 'negative-money'],
  },
  {
    name: 'a fraction of a fen',
    body: changed('f2', { total: '1.5' }),
    ...invalid,
    field: ['/total', 'money'],
  },
  {
    name: 'fen of a line as a JSON number',
    body: changed('f3', { items: [line({ amount: 500_000 })] }),
    ...invalid,
    field: ['/items/0/amount', 'wrong-type'],
  },
  {
    name: 'an amount beyond what a book can hold',
    body: changed('f4', { requested: '9'.repeat(40) }),
    ...invalid,
    field: ['/requested', 'money'],
  },
  {
    name: 'a day that does not exist',
    body: changed('f5', { admission: '2026-02-30' }),
    ...invalid,
    field: ['/admission', 'day'],
  },
  {
    name: 'a wrong check digit',
    body: changed('f6', { person: wrongCheckDigit }),
    ...invalid,
    field: ['/person', 'citizen-id-check-digit'],
  },
  {
    name: 'a day of birth that cannot be, in the number',
    body: changed('f7', { person: '32010219851320123X' }),
    ...invalid,
    field: ['/person', 'citizen-id-birth-date'],
  },
  {
    name: 'a place outside the region',
    body: changed('f8', { insuredPlace: '110000' }),
    ...invalid,
    field: ['/insuredPlace', 'city'],
  },
  {
    name: 'a kind of visit that there is not',
    body: changed('f9', { visit: 'spa' }),
    ...invalid,
    field: ['/visit', 'not-one-of'],
  },
  {
    name: 'a field too many',
    body: changed('f10', { status: 'paid' }),
    ...invalid,
    field: ['/status', 'unknown-field'],
  },
  {
    name: 'a field too few',
    body: changed('f11', { discharge: undefined }),
    ...invalid,
    field: ['/discharge', 'required'],
  },
  {
    name: 'a field whose name is a citizen number',
    body: changed('f12', { [people.filed.person]: 1 }),
    ...invalid,
    field: ['/…', 'unknown-field'],
  },
  { name: 'a list instead of an object', body: '[]', ...invalid, field: ['', 'wrong-type'] },
];

/** Whatever is wrong in form: nothing of it is stored. */
export const formRows: readonly DoorRow[] = [...texts, ...fields];
