// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in found.d.mts.
import { foundSystems } from './found.mjs';

/**
 * What each system's `system.ts` exports, by the system's folder. A bundle has a list with the same names in place of this file
 * (node/supervisor/bundle.mjs), made from the same folders.
 */
export const modules: Readonly<Record<string, object>> = Object.fromEntries(
  await Promise.all(
    foundSystems(import.meta.dirname).map(async (folder) => {
      const path = `./${folder}/system.ts`;
      return [folder, await import(path)] as const;
    }),
  ),
);
