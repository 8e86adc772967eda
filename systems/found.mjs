import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// Plain JavaScript with its types beside it: the bundle is made with it, before anything can read TypeScript.

export function foundSystems(systems) {
  const folders = (path) =>
    readdirSync(join(systems, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map((entry) => (path === '' ? entry.name : `${path}/${entry.name}`));
  return folders('')
    .flatMap(folders)
    .filter((folder) => existsSync(join(systems, folder, 'system.ts')))
    .sort();
}
