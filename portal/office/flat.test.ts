import { expect, test } from 'vitest';
import { leavesOf, sideBySide } from './flat.ts';

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
