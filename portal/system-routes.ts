import { existsSync } from 'node:fs';
import { join } from 'node:path';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in found.d.mts.
import { foundSystems } from '../systems/found.mjs';
import type { PageRoute } from './routes.ts';
import type { FirstAsked, SystemUi } from './system-page.ts';

/** What is asked for first, and whose roles those are. */
export interface FirstOfSystem extends FirstAsked {
  readonly system: string;
}

/** The pages that systems bring in `ui/pages.ts`, with paths under their own names, and what their parts of the front page ask for first; read when the portal is built. */
export async function systemRoutes(): Promise<{
  readonly pages: readonly (PageRoute & { readonly system: string })[];
  readonly home: readonly FirstOfSystem[];
}> {
  const systems = join(import.meta.dirname, '..', 'systems');
  const found = foundSystems(systems).map(async (folder) => {
    const file = join(systems, folder, 'ui', 'pages.ts');
    const ui: SystemUi = existsSync(file) ? await import(file) : { pages: [] };
    const system = folder.split('/').at(-1) ?? '';
    return { folder, system, ui };
  });
  const all = await Promise.all(found);
  return {
    pages: all.flatMap(({ folder, system, ui }) =>
      ui.pages.map(({ path, source, first = [] }) => ({
        path: `/${system}/${path}`,
        source: `../systems/${folder}/ui/${source}`,
        system,
        first,
      })),
    ),
    home: all.flatMap(({ system, ui }) =>
      (ui.home ?? []).flatMap(({ first = [] }) => first.map((one) => ({ ...one, system }))),
    ),
  };
}
