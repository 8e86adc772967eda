import { systems } from '@yitong/systems';
import { expect, it } from 'vitest';
import { runSeed } from './run.ts';
import { sabotages } from './sabotage/all.ts';
import { smallWish } from './small.ts';

const seedsMax = 200;
/** Where the search begins for those that few seeds catch; it goes round, so that each seed is tried. */
const begins = new Map([
  ['keep-a-fired-timer', 4],
  ['lose-a-timer', 4],
  ['forget-the-directory', 6],
  ['skip-the-fence', 9],
  ['trust-the-senders-clock', 10],
  ['believe-every-signature', 16],
  ['go-on-from-a-backup', 26],
  ['keep-half-a-commit', 66],
]);

/** Every second planted defect from the first on, one test each: some small seed shows it. */
export function plantedDefects(first: 1 | 2): void {
  const some = sabotages.filter((_, k) => k % 2 === first - 1);
  it.each(some.map(({ name, does }) => ({ name, does })))(
    'it is caught that $does ($name)',
    async ({ name }) => {
      expect(await caughtAt(name), `${name}: the seed that shows it, of ${seedsMax}`).toBeGreaterThan(0);
    },
    900_000,
  );
}

/** The first seed that shows a planted defect; 0: none does. */
async function caughtAt(name: string): Promise<number> {
  const begin = begins.get(name) ?? 1;
  for (let k = 0; k < seedsMax; k += 1) {
    const seed = ((begin + k - 1) % seedsMax) + 1;
    const { findings } = await runSeed({ ...smallWish(seed), members: 2, sabotage: name }, systems);
    if (findings.length > 0) return seed;
  }
  return 0;
}
