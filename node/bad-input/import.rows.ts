import { changed } from './door-row.ts';
import { line, people, wrongCheckDigit } from './samples.ts';

/** One line of a file of bills, and what the results file must say of it. */
export interface ImportRow {
  readonly name: string;
  readonly line: string | Uint8Array;
  readonly state: 'done' | 'bad' | 'refused';
  /** JSON pointer of what is wrong. */
  readonly field?: string;
  /** Words of the reason, or the code of the refusal. */
  readonly reason?: string;
}

const good = (id: string): ImportRow => ({ name: `bill ${id}`, line: changed(id, {}), state: 'done' });

/** A bill whose number has these bytes in it. */
function withBytes(id: string, inside: readonly number[]): Uint8Array {
  const [before = '', after = ''] = changed(`${id}#`, {}).split('#', 2);
  return Buffer.concat([Buffer.from(before), Buffer.from(inside), Buffer.from(after)]);
}

const written: readonly ImportRow[] = [
  { name: 'GBK', line: withBytes('i1', [0xba, 0xba]), state: 'bad', field: '', reason: 'GBK' },
  { name: 'NUL', line: withBytes('i2', [0]), state: 'bad', field: '', reason: 'NUL' },
  {
    name: 'a duplicate key',
    line: changed('i3', {}).replace('"visit"', '"total":"1","visit"'),
    state: 'bad',
    field: '/total',
    reason: 'twice',
  },
  {
    name: 'broken JSON',
    line: changed('i4', {}).slice(0, -7),
    state: 'bad',
    field: '/confirm',
    reason: 'not JSON',
  },
  {
    name: 'a number beyond 2^53',
    line: changed('i5', {}).replace('"total":"500000"', '"total":9007199254740993'),
    state: 'bad',
    field: '/total',
    reason: 'beyond 2^53',
  },
];

const fields: readonly ImportRow[] = [
  { name: 'negative fen', line: changed('i6', { total: -5 }), state: 'bad', field: '/total' },
  { name: 'a fraction of a fen', line: changed('i7', { total: 1.5 }), state: 'bad', field: '/total' },
  {
    name: 'a day that does not exist',
    line: changed('i8', { admission: '2026-02-30' }),
    state: 'bad',
    field: '/admission',
  },
  {
    name: 'a wrong check digit',
    line: changed('i9', { person: wrongCheckDigit }),
    state: 'bad',
    field: '/person',
  },
  { name: 'a text instead of a bill', line: '"bill"', state: 'bad', field: '' },
];

const rules: readonly ImportRow[] = [
  {
    name: 'a sum that does not match',
    line: changed('i10', { total: '500001' }),
    state: 'refused',
    field: '/total',
    reason: 'medical-settlement/total-mismatch',
  },
  {
    name: 'a line whose price times quantity is another amount',
    line: changed('i11', { items: [line({ quantity: '20000' })] }),
    state: 'refused',
    field: '/items/0/amount',
    reason: 'medical-settlement/item-amount-mismatch',
  },
  {
    name: 'an unknown diagnosis',
    line: changed('i12', { diagnoses: ['U99.900'] }),
    state: 'refused',
    field: '/diagnoses/0',
    reason: 'medical-settlement/diagnosis-unknown',
  },
  {
    name: 'an unknown hospital',
    line: changed('i13', { hospital: 'H34010299999' }),
    state: 'refused',
    field: '/hospital',
    reason: 'medical-settlement/hospital-unknown',
  },
  {
    name: 'a person insured nowhere',
    line: changed('i14', { person: people.nowhere.person }),
    state: 'refused',
    field: '/person',
    reason: 'medical-settlement/not-insured',
  },
];

/** Lines of one file: good ones before, among and behind the bad ones. */
export const importRows: readonly ImportRow[] = [
  good('import-1'),
  ...written,
  good('import-2'),
  ...fields,
  ...rules,
  good('import-3'),
];
