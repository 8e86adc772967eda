import { expect, test } from 'vitest';
import { leafKind, leavesOf, onDay, sideBySide } from './flat.ts';

test('a value is told leaf by leaf; a list of plain values is one leaf', () => {
  expect(leavesOf({ a: { b: [{ c: 1 }, { c: null }] }, d: ['x', 'y'] })).toEqual([
    { path: 'a.b[0].c', text: '1' },
    { path: 'a.b[1].c', text: '–' },
    { path: 'd', text: 'x, y' },
  ]);
});

test('two values stand side by side, with what only one of them has', () => {
  expect(sideBySide({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual([
    { path: 'a', left: '1', right: undefined },
    { path: 'b', left: '2', right: '3' },
    { path: 'c', left: undefined, right: '4' },
  ]);
});

test('entries of a list go by whom they are for, so that two members’ stand beside each other', () => {
  const rates = [
    { statuses: ['retired'], levels: ['3'], bp: 9_200 },
    { levels: ['3'], bp: 8_500 },
    { bp: 8_000 },
  ];
  expect(leavesOf({ rates })).toEqual([
    { path: 'rates[statuses=retired, levels=3].bp', text: '9200' },
    { path: 'rates[levels=3].bp', text: '8500' },
    { path: 'rates[*].bp', text: '8000' },
  ]);
  const amounts = [{ upTo: '1000000' }, { upTo: '2000000' }];
  expect(leavesOf(amounts).map(({ path }) => path)).toEqual(['[0].upTo', '[1].upTo']);
});

test('of dated versions only the one in force on the day is shown, and nothing before the first', () => {
  const policy = {
    id: 'p',
    versions: [
      { from: '2024-01-01', cap: 1 },
      { from: '2025-01-01', cap: 2 },
    ],
  };
  const versionsOn = (day: string) => Reflect.get(Object(onDay(policy, day)), 'versions');
  expect(versionsOn('2024-12-31')).toEqual({ from: '2024-01-01', cap: 1 });
  expect(versionsOn('2025-01-01')).toEqual({ from: '2025-01-01', cap: 2 });
  expect(versionsOn('2023-12-31')).toBeNull();
});

test.each([
  ['annualCap', '25000000', 'money'],
  ['rates[retired, 3].upTo', '1000000', 'money'],
  ['deductibles.nth', '120000, 60000', 'money'],
  ['annualCap', '–', 'words'],
  ['levels', '3', 'words'],
  ['places', '310000', 'words'],
  ['rates[retired, 3].bp', '9200', 'basis-points'],
  ['upfrontBp', '1000', 'basis-points'],
  ['dueBp.day', '1000', 'words'],
  ['from', '2025-01-01', 'day'],
])('what stands at %s is shown by its kind: %s is %s', (path, text, kind) => {
  expect(leafKind(path, text, ['annualCap', 'upTo', 'nth'])).toBe(kind);
});
