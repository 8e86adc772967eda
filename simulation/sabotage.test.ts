import { systems } from '@yitong/systems';
import { expect, it } from 'vitest';
import { runSeed } from './run.ts';
import { sabotages } from './sabotage/all.ts';
import { smallWish } from './small.ts';

const seedsMax = 200;
/** Where the search begins for those that few seeds catch. */
const begins = new Map([
  ['skip-the-fence', 16],
  ['believe-every-signature', 15],
  ['keep-half-a-commit', 69],
  ['drop-a-reply', 199],
]);

it.each(sabotages.map(({ name, does }) => ({ name, does })))(
  'it is caught that $does ($name)',
  async ({ name }) => {
    let caught = 0;
    for (let seed = begins.get(name) ?? 1; seed <= seedsMax && caught === 0; seed += 1) {
      const { findings } = await runSeed({ ...smallWish(seed), members: 2, sabotage: name }, systems);
      if (findings.length > 0) caught = seed;
    }
    expect(caught, `${name} within ${seedsMax} seeds`).toBeGreaterThan(0);
  },
  // A region that never comes to rest is watched for a day and a half of its own time.
  900_000,
);
