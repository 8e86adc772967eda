import { existsSync } from 'node:fs';
import { join } from 'node:path';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in found.d.mts.
import { foundSystems } from '../systems/found.mjs';
import type { PageRoute } from './routes.ts';
import type { SystemPage } from './system-page.ts';

/** The pages that systems bring in `ui/pages.ts`, with paths under their own names; read when the portal is built. */
export async function systemRoutes(): Promise<readonly PageRoute[]> {
  const systems = join(import.meta.dirname, '..', 'systems');
  const found = foundSystems(systems).map(async (folder) => {
    const file = join(systems, folder, 'ui', 'pages.ts');
    if (!existsSync(file)) return [];
    const { pages }: { readonly pages: readonly SystemPage[] } = await import(file);
    const name = folder.split('/').at(-1) ?? '';
    return pages.map(({ path, source }) => ({
      path: `/${name}/${path}`,
      source: `../systems/${folder}/ui/${source}`,
    }));
  });
  return (await Promise.all(found)).flat();
}
