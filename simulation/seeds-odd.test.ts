import { systems } from '@yitong/systems';
import { expect, it } from 'vitest';
import { failure } from './report.ts';
import { runSeed } from './run.ts';
import { smallWish } from './small.ts';

// In two files, odd and even seeds, so that two workers share them.
it.each(Array.from({ length: 12 }, (_, k) => ({ seed: 1 + 2 * k })))(
  'a small region comes to rest with nothing lost, nothing twice: seed $seed',
  async ({ seed }) => {
    const outcome = await runSeed(smallWish(seed), systems);
    expect(outcome.findings.length === 0 ? '' : failure(outcome, 40)).toBe('');
  },
  120_000,
);
