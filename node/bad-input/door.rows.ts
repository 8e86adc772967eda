import { deflateRawSync, gzipSync } from 'node:zlib';
import { formRows } from './door-forms.rows.ts';
import { changed, type DoorRow } from './door-row.ts';
import { care, insured } from './region.ts';
import { daysAgo, line, people } from './samples.ts';

/** Refused by the handler at the place of care: the wish and its refusal are kept, nothing else. */
const refusedHere = { status: 409, care: { messages: 1 } } as const;
/** Refused by the insured place: the place of care keeps the bill and its content, the insured place the question and its answer. */
const refusedThere = {
  status: 409,
  care: { messages: 2, records: 2 },
  insured: { messages: 1 },
} as const;

/** What the rules refuse. */
const rules: readonly DoorRow[] = [
  {
    name: 'a sum that does not match the lines',
    body: changed('r1', { total: '500001' }),
    ...refusedHere,
    code: 'total-mismatch',
    field: ['/total', 'total-mismatch'],
  },
  {
    name: 'a line whose price times quantity is another amount',
    body: changed('r2', { items: [line({ quantity: '20000' })] }),
    ...refusedHere,
    code: 'item-amount-mismatch',
    field: ['/items/0/amount', 'item-amount-mismatch'],
  },
  {
    name: 'an unknown diagnosis',
    body: changed('r3', { diagnoses: ['U99.900'] }),
    ...refusedHere,
    code: 'diagnosis-unknown',
    field: ['/diagnoses/0', 'diagnosis-unknown'],
  },
  {
    name: 'an unknown hospital',
    body: changed('r4', { hospital: 'H34010299999' }),
    ...refusedHere,
    code: 'hospital-unknown',
    field: ['/hospital', 'hospital-unknown'],
  },
  {
    name: 'a discharge in the future',
    body: changed('r5', { discharge: daysAgo(-2) }),
    ...refusedHere,
    code: 'discharge-in-future',
    field: ['/discharge', 'discharge-in-future'],
  },
  {
    name: 'a discharge before the admission',
    body: changed('r6', { discharge: daysAgo(30) }),
    ...refusedHere,
    code: 'claim-dates-invalid',
    field: ['/discharge', 'claim-dates-invalid'],
  },
  {
    name: 'an insured place whose member is not of this region',
    body: changed('r7', { insuredPlace: '320500' }),
    ...refusedHere,
    code: 'insured-place-unknown',
    field: ['/insuredPlace', 'insured-place-unknown'],
  },
  {
    name: 'a person insured nowhere',
    body: changed('r8', { person: people.nowhere.person }),
    ...refusedThere,
    code: 'not-insured',
    field: ['/person', 'not-insured'],
  },
  {
    name: 'a person insured at another member than the bill says',
    body: changed('r9', { insuredPlace: '330100' }),
    ...refusedThere,
    insured: {},
    third: { messages: 1 },
    code: 'not-insured',
    field: ['/person', 'not-insured'],
  },
  {
    name: 'no filing',
    body: changed('r10', { person: people.unfiled.person }),
    ...refusedThere,
    code: 'filing-required',
  },
  {
    name: 'a filing that has expired',
    body: changed('r11', { person: people.expired.person }),
    ...refusedThere,
    code: 'filing-expired',
  },
];

const cashier = `${care}-medical-settlement-cashier`;

/** Who may not, and for what not. */
const access: readonly DoorRow[] = [
  { name: 'nobody signed in', as: '', body: changed('a1', {}), status: 401, code: 'sign-in-needed' },
  {
    name: 'a token that is none',
    as: 'Bearer a.b.c',
    body: changed('a2', {}),
    status: 401,
    code: 'token-refused',
  },
  {
    name: 'another member’s clerk',
    as: `${insured}-medical-settlement-cashier`,
    body: changed('a3', {}),
    status: 403,
    code: 'not-allowed',
  },
  { name: 'another member’s node', at: insured, body: changed('a4', {}), status: 403, code: 'not-allowed' },
  {
    name: 'a role of the same system that may not',
    as: `${care}-medical-settlement-clerk`,
    body: changed('a5', {}),
    status: 403,
    code: 'not-allowed',
  },
  {
    name: 'a resident, who has no role',
    as: `${care}-resident`,
    body: changed('a6', {}),
    status: 403,
    code: 'not-allowed',
  },
  {
    name: 'a resident who files for somebody else',
    at: insured,
    as: `${insured}-resident`,
    path: '/medical-settlement/declare-filing',
    body: JSON.stringify({
      person: people.unfiled.person,
      kind: 'long-term',
      places: ['340000'],
      from: daysAgo(0),
      to: null,
    }),
    status: 403,
    code: 'not-allowed',
  },
  {
    name: 'reading a person’s data for no purpose',
    at: insured,
    as: `${insured}-medical-settlement-clerk`,
    method: 'GET',
    path: `/medical-settlement/coverage/person:${people.filed.person}`,
    status: 400,
    code: 'purpose-needed',
  },
  {
    name: 'reading a person’s data for a purpose of another trade',
    at: insured,
    as: `${insured}-medical-settlement-clerk`,
    method: 'GET',
    path: `/medical-settlement/coverage/person:${people.filed.person}`,
    headers: { 'yitong-purpose': 'tax-collection' },
    status: 403,
    code: 'purpose-not-allowed',
  },
  {
    name: 'a resident reading somebody else',
    at: insured,
    as: `${insured}-resident`,
    method: 'GET',
    path: `/medical-settlement/coverage/person:${people.filed.person}`,
    status: 404,
    code: 'not-found',
    // Each of the two readings is noted.
    insured: { messages: 2 },
  },
  {
    name: 'an operator’s page for a cashier',
    method: 'GET',
    path: '/held',
    status: 403,
    code: 'not-allowed',
  },
];

/** What is too much, or comes at the wrong address. */
const limits: readonly DoorRow[] = [
  {
    name: 'a bomb of 100 MB in gzip',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(100_000_000)),
    status: 415,
    code: 'encoded-body',
  },
  {
    name: 'a bomb of 100 MB in deflate',
    headers: { 'content-encoding': 'deflate' },
    body: deflateRawSync(Buffer.alloc(100_000_000)),
    status: 415,
    code: 'encoded-body',
  },
  {
    name: 'an unknown command',
    path: '/medical-settlement/pay-me',
    body: '{}',
    status: 404,
    code: 'unknown-page',
  },
  {
    name: 'a method that is not taken',
    method: 'GET',
    path: '/medical-settlement/present-bill',
    status: 405,
    code: 'method-not-allowed',
  },
  {
    name: 'a list by a field that is not found by',
    method: 'GET',
    path: '/medical-settlement/bill?name=x&purpose=medical-settlement',
    status: 400,
    code: 'invalid-query',
    field: ['/name', 'unknown-field'],
  },
  {
    name: 'a page of a million rows',
    method: 'GET',
    path: '/medical-settlement/bill?limit=1000000&purpose=medical-settlement',
    status: 400,
    code: 'invalid-query',
    field: ['/limit', 'out-of-range'],
  },
  {
    name: 'a cursor that nobody made',
    method: 'GET',
    path: '/medical-settlement/bill?cursor=AAAA&purpose=medical-settlement',
    status: 400,
    code: 'invalid-query',
    field: ['/cursor', 'unknown-cursor'],
  },
  {
    name: 'an id that is no UUIDv7',
    headers: { 'idempotency-key': 'one' },
    body: changed('l1', {}),
    status: 400,
    code: 'idempotency-key',
  },
  {
    name: 'an id of 2 hours ahead',
    headers: { 'idempotency-key': idAt(2 * 3_600_000) },
    body: changed('l2', {}),
    status: 422,
    code: 'id-time',
  },
  {
    name: 'an id of 401 days ago',
    headers: { 'idempotency-key': idAt(-401 * 86_400_000) },
    body: changed('l3', {}),
    status: 422,
    code: 'id-time',
  },
  {
    name: 'another host name',
    headers: { host: 'evil.example' },
    body: changed('l4', {}),
    status: 421,
    code: 'wrong-host',
  },
];

/** An id whose time is so many milliseconds from now. */
function idAt(ms: number): string {
  const time = (Date.now() + ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000001`;
}

/** All rows, each as a cashier of the place of care presents a bill unless it says otherwise. */
export const doorRows: readonly (DoorRow & Required<Pick<DoorRow, 'at' | 'as' | 'method' | 'path'>>)[] = [
  ...formRows,
  ...rules,
  ...access,
  ...limits,
].map((row) => ({ at: care, as: cashier, method: 'POST', path: '/medical-settlement/present-bill', ...row }));
