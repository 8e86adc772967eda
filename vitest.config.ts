import { defineConfig } from 'vitest/config';

const elsewhere = ['**/node_modules/**', '.yitong/**'];

/**
 * Two groups: quick tests side by side, then those that start real processes (`*.process.test.ts`) one file after another.
 * Two workers, because that is what the smallest supported machine has.
 */
export default defineConfig({
  test: {
    watch: false,
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'quick',
          include: ['**/*.test.ts'],
          exclude: [...elsewhere, '**/*.process.test.ts'],
          pool: 'threads',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'process',
          include: ['**/*.process.test.ts'],
          exclude: elsewhere,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
