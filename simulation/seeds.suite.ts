import { systems } from '@yitong/systems';
import { expect, it } from 'vitest';
import { crashPoints, shownBy } from './faults.ts';
import { lastLiesShown } from './last-lies.ts';
import { failure } from './report.ts';
import { runSeed } from './run.ts';
import { smallWish } from './small.ts';

const seedsEach = 150;

/** Every second small seed from the first on, one test each; then that each named point was come to, and was somewhere the end of a process. */
export function smallSeeds(first: 1 | 2): void {
  const visited = new Set<string>();
  const died = new Set<string>();
  const cameAbout = new Set<string>();
  it.each(Array.from({ length: seedsEach }, (_, k) => ({ seed: first + 2 * k })))(
    'a small region comes to rest with nothing lost, nothing twice: seed $seed',
    async ({ seed }) => {
      const outcome = await runSeed(smallWish(seed), systems);
      for (const point of outcome.world.visited) visited.add(point);
      for (const name of outcome.world.counts.keys()) cameAbout.add(name);
      for (const point of crashPoints) if (outcome.world.counts.has(`crash.${point}`)) died.add(point);
      expect(outcome.findings.length === 0 ? '' : failure(outcome, 40)).toBe('');
    },
    120_000,
  );
  it('each named point is one where processes die, and at each some process of these seeds did', () => {
    const named: readonly string[] = crashPoints;
    expect([...visited].filter((point) => !named.includes(point))).toEqual([]);
    expect(named.filter((point) => point !== 'anywhere' && !died.has(point))).toEqual([]);
  });
  it('each kind of fault came about in some of these seeds', () => {
    const names = [...Object.values(shownBy), ...lastLiesShown];
    expect(names.filter((name) => !cameAbout.has(name))).toEqual([]);
  });
}
