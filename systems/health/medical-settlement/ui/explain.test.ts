import { expect, test } from 'vitest';
import { partAt, stepsOf } from './explain.ts';
import type { Settlement, Shares } from './records.ts';

const shares: Shares = {
  total: '1781500',
  outOfScope: '21000',
  overPriceCap: '7000',
  upfront: '89400',
  inScope: '1664100',
  filingUpfront: '0',
  deductible: '50000',
  beyondLimit: '0',
  pool: '1344485',
  supplementary: '0',
  majorIllness: '0',
  civilServant: '0',
  medicalAid: '187211',
  personalAccount: '80000',
  cash: '169804',
};
const settlement: Settlement = {
  id: '330000.b1',
  state: 'settled',
  care: '330000',
  city: '320100',
  hospital: 'H33010600001',
  visit: 'inpatient',
  decidingDate: '2026-11-09',
  total: '1781500',
  owed: '1611696',
  number: 2,
  policyVersion: '320100/310/2026-demo',
  filingKind: 'referral',
  shares,
};
const version = {
  filing: { kinds: { referral: { mode: 'points', bp: 1_000 } } },
  visits: { inpatient: { bands: [{ rates: [{ bp: 9_000 }] }, { rates: [{ bp: 9_500 }] }] } },
};
const v = '320100/310/2026-demo#';
const reasons = [
  { code: 'class-c', param: 'YT-330000-demo#R1@2024-01-01', amount: '21000' },
  { code: 'class-b-upfront', param: 'YT-330000-demo#X2@2024-01-01', amount: '89400' },
  { code: 'filing-referral', param: `${v}filing.kinds.referral`, amount: '0' },
  { code: 'deductible', param: `${v}visits.inpatient.deductible.amounts[0].nth[1]`, amount: '50000' },
  { code: 'pool-band', param: `${v}visits.inpatient.bands[0].rates[0]`, amount: '550000' },
  { code: 'pool-band', param: `${v}visits.inpatient.bands[1].rates[0]`, amount: '1064100' },
  { code: 'medical-aid', param: `${v}medicalAid.rules[1]`, amount: '187211' },
];

test('the steps follow the payment, and leave out what nobody paid', () => {
  const steps = stepsOf(settlement, reasons, version);
  expect(steps.map(({ name }) => name)).toEqual(['first', 'deductible', 'pool', 'medicalAid', 'you']);
  const sum = (names: readonly string[]) =>
    steps.filter(({ name }) => names.includes(name)).reduce((total, { amount }) => total + amount, 0n);
  expect(sum(['pool', 'medicalAid', 'you'])).toBe(1_781_500n);
});

test('each band is told with the rate that held after a referral took ten points off', () => {
  const pool = stepsOf(settlement, reasons, version).find(({ name }) => name === 'pool');
  expect(pool?.lines.map(({ rate, of, amount }) => [rate, of, amount])).toEqual([
    [8_000, 550_000n, 440_000n],
    [8_500, 1_064_100n, 904_485n],
  ]);
  expect(pool?.lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(pool?.amount);
});

test('without the policy at hand a band is told by its length alone', () => {
  const pool = stepsOf(settlement, reasons, undefined).find(({ name }) => name === 'pool');
  expect(pool?.lines.map(({ rate, amount }) => [rate, amount])).toEqual([
    [undefined, 550_000n],
    [undefined, 1_064_100n],
  ]);
});

test('an item is told by its code, for the catalogue to name', () => {
  const [first] = stepsOf(settlement, reasons, version);
  expect(first?.lines.map(({ item }) => item)).toEqual(['R1', 'X2']);
});

test.each([
  ['visits.inpatient.bands[1].rates[0].bp', 9_500],
  ['visits.outpatient.bands[0]', undefined],
  ['visits.inpatient.bands[7].rates[0]', undefined],
])('the part of a policy at %s', (path, expected) => {
  expect(partAt(version, path)).toBe(expected);
});
