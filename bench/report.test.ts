import { expect, test } from 'vitest';
import { asJson, asTable, medians, quantile, type Result } from './report.ts';

const result: Result = {
  figures: { messagesPerSecond: 12_345.6 },
  baselines: { oneConnection: 1_000 },
  ratios: { oneConnection: 12.3456 },
  cpuMicros: { node: 81.234 },
  limit: 'one core',
  goals: [
    { of: 'messagesPerSecond', least: 10_000 },
    { of: 'oneConnection', least: 20 },
  ],
};

test('the median of an even number of rounds is the mean of the middle two, whatever their order', () => {
  expect(medians([{ a: 4 }, { a: 1 }, { a: 2 }, { a: 100 }])).toEqual({ a: 3 });
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([101, 199, 200]);
});

test('the table says for each goal whether it was reached', () => {
  const table = asTable(new Map([['kernel', result]]));
  expect(table).toMatch(/messagesPerSecond +12,300 {3}goal ≥ 10,000: reached/);
  expect(table).toMatch(/ratio to oneConnection +12.3 {3}goal ≥ 20: missed/);
  expect(table).toContain('limit: one core');
});

test('the JSON has one object a bench, with baselines and ratios beside its figures', () => {
  const json: unknown = JSON.parse(asJson({ date: '2026-11-26' }, new Map([['kernel', result]])));
  expect(json).toMatchObject({
    run: { date: '2026-11-26' },
    kernel: {
      messagesPerSecond: 12_300,
      baselines: { oneConnection: 1_000 },
      ratios: { oneConnection: 12.3 },
      cpuMicros: { node: 81.2 },
      limit: 'one core',
    },
  });
});
