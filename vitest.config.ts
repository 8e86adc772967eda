import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const elsewhere = ['**/node_modules/**', '.yitong/**'];
const processes = '**/*.process.test.ts';
/** They kill processes under load and look at how fast others take over. */
const alone = [
  'crash/crash.process.test.ts',
  'cli/import/crash.process.test.ts',
  'node/store/lease.process.test.ts',
];
/**
 * They take far longer than any other of their group, so they begin it, in this order; the short ones fill what is left, and no worker ends long before
 * the other. Vitest itself begins with the largest files, and some of these are small.
 */
const longest = [
  'simulation/seeds-even.test.ts',
  'simulation/seeds-odd.test.ts',
  'simulation/sabotage-odd.test.ts',
  'portal/portal.process.test.ts',
  'portal/portal-apart.process.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const real = {
  pool: 'forks',
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
} as const;

/**
 * Three groups, one after the other: quick tests; those that start real processes; and of these the ones that want the machine for
 * themselves. Two files at a time, because two cores are what the smallest supported machine has.
 */
export default defineConfig({
  test: {
    watch: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'quick',
          include: ['**/*.test.ts'],
          exclude: [...elsewhere, processes],
          pool: 'threads',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...real,
          name: 'process',
          include: [processes],
          exclude: [...elsewhere, ...alone],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...real,
          name: 'alone',
          include: alone,
          exclude: elsewhere,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
