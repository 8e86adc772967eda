import type { Wish } from './plan.ts';

/** A seed of the kind that `npm test` runs many of: a few bills, mostly two members, sometimes three or four. */
export function smallWish(seed: number): Wish {
  const members = seed % 8 === 0 ? 4 : seed % 8 === 4 ? 3 : 2;
  return { seed, members, bills: 6, without: [] };
}
