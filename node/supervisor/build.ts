import { join } from 'node:path';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in bundle.d.mts.
import { bundle } from './bundle.mjs';
import { checkoutFolder } from './checkout.ts';
import type { UpOptions } from './options.ts';
import { buildPortal } from './portal.ts';

/** What the nodes run, and the folder of the portal that they serve, if they serve it. */
export type Program = { script: string; portal: string | undefined };

/** Makes both for the source as it is now, one after the other: each takes all of a small machine. */
export async function buildProgram(dataDir: string, options: UpOptions): Promise<Program> {
  const top = checkoutFolder();
  const into = join(dataDir, 'build');
  options.report.step('build', 0, 1);
  const entry = options.entry ?? join(top, 'node', 'main.ts');
  const folder = await bundle({ top, entries: { main: entry }, into });
  options.report.step('build', 1, 1);
  const script = join(folder, 'main.mjs');
  if (options.portal !== true) return { script, portal: undefined };
  options.report.step('portal', 0, 1);
  const portal = await buildPortal(top, into, options.signal);
  options.report.step('portal', 1, 1);
  return { script, portal };
}
