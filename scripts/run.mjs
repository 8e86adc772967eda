/**
 * Runs the `yitong` command from this checkout: `node scripts/run.mjs up` is `npx yitong up`.
 * The TypeScript is loaded into this very process: no second process to keep in memory, and signals arrive where they count.
 */
import { existsSync } from 'node:fs';

const tsx = new URL('../node_modules/tsx', import.meta.url);
if (existsSync(tsx)) {
  await import('../cli/bin.mjs');
} else {
  process.stderr.write('The dependencies are not installed. Run: npm ci\n');
  process.exitCode = 1;
}
