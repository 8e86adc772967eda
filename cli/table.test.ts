import { expect, test } from 'vitest';
import { yuan } from './import/tell.ts';
import { duration } from './progress.ts';
import { addCondition } from './query.ts';
import { columnsOf, shorten, table } from './table.ts';

test('Chinese characters take two columns, and a long text is cut with an ellipsis', () => {
  expect(columnsOf('安徽 Anhui')).toBe(10);
  expect(columnsOf('\u001b[31mred\u001b[39m')).toBe(3);
  expect(shorten('安徽省合肥市', 7)).toBe('安徽省…');
  expect(shorten('short', 7)).toBe('short');
});

test('a table keeps within its width and puts numbers to the right', () => {
  const rows = [
    ['上海市', '1,234.50', 'x'.repeat(100)],
    ['安徽省', '7.00', 'short'],
  ];
  const lines = table(['MEMBER', 'YUAN', 'NOTE'], rows, 60);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(60);
  expect(lines[2]).toMatch(/^安徽省 {6}7\.00 {2}short$/);
});

const conditions: readonly [string, string][] = [
  ['city=340100', 'city=340100'],
  ['day>=2026-01-01', 'day.gte=2026-01-01'],
  ['day<2026-01-01', 'day.lt=2026-01-01'],
  ['name^=合肥', `name.prefix=${encodeURIComponent('合肥')}`],
  ['note=a=b', 'note=a%3Db'],
];

test.for(conditions)('%s becomes %s', ([condition, expected]) => {
  const query = new URLSearchParams();
  addCondition(query, condition);
  expect(query.toString()).toBe(expected);
});

test('what is no condition is told', () => {
  expect(() => addCondition(new URLSearchParams(), 'city')).toThrow('not a condition');
});

test('amounts and times are written for people', () => {
  expect([yuan(123456789n), yuan(-5n), yuan(0n)]).toEqual(['1,234,567.89', '-0.05', '0.00']);
  expect([duration(4), duration(200), duration(7500)]).toEqual(['4 s', '3 min 20 s', '2 h 5 min']);
});
