import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout's own folder. */
export const top = join(import.meta.dirname, '..');

const foreign = new Set(['node_modules', '.git', '.yitong', 'coverage']);

/** Every file of the project, as paths from the top with forward slashes; what is installed or made by running is left out. */
export function files(folder = ''): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (foreign.has(entry.name) || entry.isSymbolicLink()) return [];
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** The text of a file of the project. */
export function text(path: string): string {
  return readFileSync(join(top, path), 'utf8');
}

/** Whether a path of the project exists. */
export function exists(path: string): boolean {
  return existsSync(join(top, path));
}

/** The folders directly under one folder of the project. */
export function folders(path: string): string[] {
  const entries = readdirSync(join(top, path), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !foreign.has(entry.name))
    .map(({ name }) => `${path}/${name}`);
}
