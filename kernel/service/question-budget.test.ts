import { expect, test } from 'vitest';
import { QuestionBudget } from './question-budget.ts';

const hour = 3_600_000;

test('of 10,000 questions of one asker within an hour its budget is answered, and no more; a quarter of it is unusual', () => {
  const budget = new QuestionBudget({ ofMember: 100_000, ofAsker: 1_000 });
  const taken = Array.from({ length: 10_000 }, (_, k) => budget.take('310000', 'staff:1', k * 300));
  expect(taken.filter(({ granted }) => granted)).toHaveLength(1_000);
  expect(taken[249]).toEqual({ granted: true, unusual: false });
  expect(taken[250]).toEqual({ granted: true, unusual: true });
  expect(taken[1_000]).toMatchObject({ granted: false, whose: 'asker' });
  expect(budget.take('310000', 'staff:2', hour)).toEqual({ granted: true, unusual: false });
});

test('a member that names ever other askers comes to the end of its own budget; another member does not', () => {
  const budget = new QuestionBudget({ ofMember: 500, ofAsker: 100 });
  const taken = Array.from({ length: 501 }, (_, k) => budget.take('310000', `staff:${k}`, 0));
  expect(taken.at(-2)).toMatchObject({ granted: true });
  expect(taken.at(-1)).toMatchObject({ granted: false, whose: 'member' });
  expect(budget.take('320000', 'staff:1', 0)).toMatchObject({ granted: true });
});

test('24 hours after its first hour a budget is there again, and the answer said when', () => {
  const budget = new QuestionBudget({ ofMember: 10, ofAsker: 2 });
  for (const at of [0.5 * hour, 2 * hour]) budget.take('310000', 'a', at);
  const refused = budget.take('310000', 'a', 3 * hour);
  expect(refused).toEqual({ granted: false, whose: 'asker', againMs: 21 * hour });
  expect(budget.take('310000', 'a', 24 * hour - 1)).toMatchObject({ granted: false });
  expect(budget.take('310000', 'a', 24 * hour)).toMatchObject({ granted: true });
  expect(budget.take('310000', 'a', 24 * hour)).toMatchObject({ granted: false });
});
