import { expect, it, test } from 'vitest';
import { checkHistory, entryInForce, type History, inForce, ParameterNotInForce } from './history.ts';
import type { Day } from './time.ts';

const rate: History<number> = [
  { from: '2024-01-01', value: 300, source: 'Notice 1' },
  { from: '2026-01-01', value: 400, source: 'Notice 2', mark: 'to-check' },
];

test.for<readonly [Day, number]>([
  ['2024-01-01', 300],
  ['2025-12-31', 300],
  ['2026-01-01', 400],
  ['2099-12-31', 400],
])('on %s the value is %i', ([on, expected]) => {
  expect(inForce(rate, on)).toBe(expected);
});

it('throws before the first value and names parameter and day', () => {
  expect(() => inForce(rate, '2023-12-31', 'rate')).toThrow(ParameterNotInForce);
  expect(() => inForce(rate, '2023-12-31', 'rate')).toThrow(
    'rate has no value in force on 2023-12-31; its first begins on 2024-01-01',
  );
});

it('gives the source with the value', () => {
  expect(entryInForce(rate, '2026-06-01')).toMatchObject({ source: 'Notice 2', mark: 'to-check' });
});

test.for<readonly [string, History<number>, string]>([
  ['empty', [], 'empty'],
  ['unsorted', [...rate].reverse(), 'oldest first'],
  ['with a day twice', [...rate, { from: '2026-01-01', value: 500, source: 'Notice 3' }], 'two values begin'],
  ['with a day that does not exist', [{ from: '2026-02-30', value: 1, source: 'x' }], 'not a day'],
  ['without a source', [{ from: '2026-02-28', value: 1, source: ' ' }], 'no source'],
])('refuses a history that is %s', ([, history, message]) => {
  expect(() => checkHistory('rate', history)).toThrow(message);
});

it('accepts a sorted history with sources', () => {
  expect(() => checkHistory('rate', rate)).not.toThrow();
});
