import { expect, test } from 'vitest';
import type { RecordRow } from '../store/rows.ts';
import { Cache } from './cache.ts';

const row = (id: string, body: string | null): RecordRow => ({
  ...{ type: 's/bill', subject: `visit:${id}`, id: '', owner: '', version: 1, at: 1, schema: 1, home: true },
  body,
});
const loaded = { records: [], balances: [], holds: [], postings: [], conversations: [], awaited: [] };

test('what is kept is bounded by its bytes, however large single records are', () => {
  const cache = new Cache(1_000_000);
  let most = 0;
  for (let n = 0; n < 500; n += 1) {
    cache.put(row(String(n), 'x'.repeat(20_000)), undefined);
    cache.trim();
    most = Math.max(most, cache.bytes);
  }
  expect(most).toBeLessThanOrEqual(1_000_000);
  expect(most).toBeGreaterThan(900_000);
});

test('a record that is written again weighs what its newest version does, and one that is gone next to nothing', () => {
  const cache = new Cache(1_000_000);
  for (let n = 0; n < 50; n += 1) cache.put(row('1', 'x'.repeat(1_000)), undefined);
  expect(cache.bytes).toBe(450 + 4_000);
  cache.put(row('1', null), undefined);
  expect(cache.bytes).toBe(220);
});

test('what is known not to exist has a weight too, and all is dropped together', () => {
  const cache = new Cache(10_000);
  for (let n = 0; n < 100; n += 1) {
    cache.fill([{ table: 'records', type: 's/bill', subject: `visit:${n}` }], loaded);
    cache.fill([{ table: 'balance', account: `s/own:${n}` }], loaded);
  }
  expect(cache.bytes).toBeGreaterThan(10_000);
  cache.trim();
  expect(cache.bytes).toBe(0);
  expect(cache.group('s/bill', 'visit:1')).toBeUndefined();
  expect(cache.balances.get('s/own:1')).toBeUndefined();
});
