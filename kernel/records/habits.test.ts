import { expect, test } from 'vitest';
import type { Miss } from '../store/store.ts';
import { Cache } from './cache.ts';
import { Overlay } from './overlay.ts';

const nothing = { records: [], balances: [], holds: [], postings: [], conversations: [], awaited: [] };

/** A handler that looks at one record after another and stops at the first that is not in memory; what was asked of the store in each round. */
function handled(cache: Cache, subject: string): (readonly Miss[])[] {
  const rounds: (readonly Miss[])[] = [];
  for (;;) {
    const overlay = new Overlay(cache);
    overlay.begin();
    try {
      overlay.record('s/head', subject, '');
      overlay.group('s/line', subject);
      overlay.record('s/sum', subject, '2026');
      return rounds;
    } catch (error) {
      if (!overlay.missed) throw error;
    }
    overlay.askAsBefore('s/present', subject);
    rounds.push([...overlay.misses.values()]);
    cache.fill([...overlay.misses.values()], nothing);
  }
}

test('the first message of a type learns what it lacks one by one, the next subject is loaded at once', () => {
  const cache = new Cache(1_000);
  expect(handled(cache, 'person:a').map((round) => round.length)).toEqual([1, 1, 1]);
  const [first, ...more] = handled(cache, 'person:b');
  expect(first).toEqual([
    { table: 'record', type: 's/head', subject: 'person:b', id: '' },
    { table: 'records', type: 's/line', subject: 'person:b' },
  ]);
  // The key of the last is in the message's data: nothing to learn from.
  expect(more).toEqual([[{ table: 'record', type: 's/sum', subject: 'person:b', id: '2026' }]]);
});

test('a miss that an earlier message of the batch has noted counts for the next one too', () => {
  const overlay = new Overlay(new Cache(1_000));
  for (const _ of ['first', 'second']) {
    overlay.begin();
    overlay.askRecord('s/head', 'person:a', '');
    expect(overlay.missed).toBe(true);
  }
  expect([...overlay.misses.values()]).toHaveLength(1);
});
