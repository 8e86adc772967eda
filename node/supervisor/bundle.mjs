import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in found.d.mts.
import { foundSystems } from '../../systems/found.mjs';

// Plain JavaScript with its types beside it: it is what makes the TypeScript run, so nothing has translated it.

/** Workspaces whose source can be part of a bundle; a change in any other needs no new one. */
const sources = ['kit', 'kernel', 'systems', 'node', 'cli', 'simulation', 'bench'];

/** Pure packages of many small files go in (a sixth of a start's time, 5 MB); all others stay outside. */
const inside = new Set(['zod', 'jose', 'temporal-polyfill', 'temporal-spec', 'temporal-utils']);

/** Older bundles that stay, as others may still load from them: the last few, and for a day many more. */
const kept = { always: 3, young: 30, youngMs: 86_400_000 };

export async function bundle(wish) {
  const folder = join(wish.into, sourceHash(wish));
  mkdirSync(wish.into, { recursive: true, mode: 0o700 });
  linkPackages(join(wish.top, 'node_modules'), join(wish.into, 'node_modules'));
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  await build(wish, half);
  removeOlder(wish.into);
  take(half, folder);
  return folder;
}

export function bundleFolder(top) {
  const modules = join(top, 'node_modules');
  try {
    accessSync(modules, constants.W_OK);
    return join(modules, '.cache', 'yitong');
  } catch {
    const name = createHash('sha256').update(top).digest('hex').slice(0, 8);
    return ownFolder(join(tmpdir(), `yitong-bundle-${process.getuid?.() ?? 'user'}-${name}`));
  }
}

/** Code is run from it: it must be ours, and closed to others. */
function ownFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state = lstatSync(folder);
  const uid = process.getuid?.();
  if (state.isDirectory() && (uid === undefined || (state.uid === uid && (state.mode & 0o022) === 0)))
    return folder;
  throw new Error(`${folder} belongs to another user; remove it, or set TMPDIR to a folder of your own`);
}

async function build(wish, outdir) {
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      entryPoints: wish.entries,
      outdir,
      absWorkingDir: wish.top,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outExtension: { '.js': '.mjs' },
      // Comments cost memory in every process. Identifiers are not shortened, so that stacks can be read; to keep the name of each
      // function besides (keepNames) costs a call for every closure that is made, a tenth of a busy node's time.
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [packagesOutside, systemsFound(join(wish.top, 'systems')), filesWhereTheyWere],
    });
  } finally {
    await esbuild.stop(); // Its process would stay for as long as this one.
  }
}

const packagesOutside = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@yitong/') || /^[A-Za-z]:[\\/]/.test(path))
        return undefined;
      return inside.has(path.split('/')[0]) ? undefined : { path, external: true };
    });
  },
};

/** In a bundle no folder can be looked through: the systems that there are now are written out as imports. */
const systemsFound = (systems) => ({
  name: 'systems-found',
  setup(build) {
    build.onLoad({ filter: /[\\/]modules\.ts$/ }, ({ path }) => {
      if (dirname(path) !== systems) return undefined;
      const folders = foundSystems(systems);
      const imports = folders.map((folder, i) => `import * as s${i} from './${folder}/system.ts';`);
      const entries = folders.map((folder, i) => `${JSON.stringify(folder)}: s${i}`);
      const contents = `${imports.join('\n')}\nexport const modules = { ${entries.join(', ')} };\n`;
      return { contents, loader: 'ts', resolveDir: systems };
    });
  },
});

/** `import.meta.url` keeps naming the source file, so that files beside it are found from the bundle too. */
const filesWhereTheyWere = {
  name: 'files-where-they-were',
  setup(build) {
    build.onLoad({ filter: /\.m?ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: source.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

function sourceHash(wish) {
  const hash = createHash('sha256').update(JSON.stringify([wish.top, wish.entries, process.version]));
  const files = [join(wish.top, 'package-lock.json'), ...Object.values(wish.entries)];
  for (const name of sources) collect(join(wish.top, name), files);
  for (const path of files.sort()) {
    if (existsSync(path)) hash.update(`\0${relative(wish.top, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

function collect(folder, files) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, files);
    else if (['.ts', '.mjs', '.json'].includes(extname(path)) && !path.endsWith('.test.ts')) files.push(path);
  }
}

/** Packages that stay outside are looked for from the bundle's folder upwards. */
function linkPackages(target, link) {
  const state = lstatSync(link, { throwIfNoEntry: false });
  if (state?.isSymbolicLink() && readlinkSync(link) === target) return;
  rmSync(link, { recursive: true, force: true });
  try {
    symlinkSync(target, link, 'junction');
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // Another start was quicker.
  }
}

function take(half, folder) {
  try {
    renameSync(half, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(half, { recursive: true, force: true }); // Another start was quicker with the same bundle.
  }
}

function removeOlder(into) {
  const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const older = readdirSync(into)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => join(into, name))
    .sort((a, b) => age(b) - age(a));
  for (const [index, path] of older.entries()) {
    const isYoung = index < kept.young && Date.now() - age(path) < kept.youngMs;
    if (index >= kept.always && !isYoung) rmSync(path, { recursive: true, force: true });
  }
}
