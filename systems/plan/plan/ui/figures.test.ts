import { expect, test } from 'vitest';
import { byCity, standingOf, total } from './figures.ts';

const counts = [
  { value: { status: 'completed', standing: 'none' }, rows: 3, subjects: 3 },
  { value: { status: 'under-way', standing: 'late' }, rows: 2, subjects: 2 },
  { value: { status: 'under-way', standing: 'due-soon' }, rows: 4, subjects: 4 },
  { value: { status: 'not-started', standing: 'none' }, rows: 5, subjects: 5 },
  { value: { status: 'suspended', standing: 'late' }, rows: 1, subjects: 1 },
];

test('each part counts once, and a late one as late whatever its status says', () => {
  const standing = standingOf(counts);
  expect(standing).toEqual({ done: 3, onCourse: 4, late: 3, notBegun: 5 });
  expect(total(standing)).toBe(15);
});

test('a city counts what touches it, late or not', () => {
  const found = byCity([
    { value: { cities: '320100', standing: 'late' }, rows: 2, subjects: 2 },
    { value: { cities: '320100', standing: 'none' }, rows: 5, subjects: 5 },
    { value: { cities: '310000', standing: 'none' }, rows: 1, subjects: 1 },
  ]);
  expect(found.get('320100')).toEqual({ n: 7, late: 2 });
  expect(found.get('310000')).toEqual({ n: 1, late: 0 });
});
