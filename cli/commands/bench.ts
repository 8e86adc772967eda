import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in bundle.d.mts.
import { bundle, bundleFolder } from '../../node/supervisor/bundle.mjs';
import type { Run } from '../command.ts';
import { ended } from './entry.ts';

/** Runs the measurements from a bundle, as nodes run: a loader would be measured along with them. */
export const run: Run = async ({ args, stop }) => {
  const top = fileURLToPath(new URL('../..', import.meta.url));
  const entries = { bench: join(top, 'bench', 'main.ts') };
  const folder = await bundle({ top, entries, into: bundleFolder(top) });
  const yitong = join(top, 'cli', 'bin.mjs');
  return await ended([join(folder, 'bench.mjs'), '--yitong', yitong, ...args], stop);
};
