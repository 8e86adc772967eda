import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** What is built: `entries` by name (`main` becomes `main.mjs`), from the checkout at `top`. */
export type BundleWish = { top: string; entries: Readonly<Record<string, string>>; into: string };

/** Workspaces whose source goes into a node; a change in any other needs no new bundle. */
const sources = ['kit', 'kernel', 'systems', 'node'];

/**
 * Bundles our own TypeScript, once for each state of the source, into `<into>/<hash>/`, and returns that folder.
 * A node then needs neither loader nor compiler in its memory. Packages from npm stay outside the bundle and are
 * found by a link beside it.
 */
export async function bundle(wish: BundleWish): Promise<string> {
  const folder = join(wish.into, sourceHash(wish));
  mkdirSync(wish.into, { recursive: true });
  linkPackages(join(wish.top, 'node_modules'), join(wish.into, 'node_modules'));
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  await build(wish, half);
  removeOlder(wish.into);
  renameSync(half, folder);
  return folder;
}

/** The folder of this checkout: the nearest above this file that says it is `yitong`. */
export function checkoutFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && /"name": "yitong"/.test(readFileSync(manifest, 'utf8'))) return folder;
    if (dirname(folder) === folder) throw new Error('this file lies outside a checkout of yitong');
    folder = dirname(folder);
  }
}

async function build(wish: BundleWish, outdir: string): Promise<void> {
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      entryPoints: { ...wish.entries },
      outdir,
      absWorkingDir: wish.top,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outExtension: { '.js': '.mjs' },
      // Comments and long names cost memory in every process; names of functions and classes stay as they are.
      minifyWhitespace: true,
      minifySyntax: true,
      keepNames: true,
      logLevel: 'silent',
      plugins: [packagesOutside, filesWhereTheyWere],
    });
  } finally {
    await esbuild.stop(); // Its process would stay for as long as this one.
  }
}

/** Packages from npm stay outside, our own workspaces go in. */
const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@yitong/') || /^[A-Za-z]:/.test(path)) return undefined;
      return { path, external: true };
    });
  },
};

/** `import.meta.url` keeps naming the source file, so that files beside it are found from the bundle too. */
const filesWhereTheyWere: Plugin = {
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

function sourceHash(wish: BundleWish): string {
  const hash = createHash('sha256').update(JSON.stringify([wish.top, wish.entries, process.version]));
  const files = [join(wish.top, 'package-lock.json'), ...Object.values(wish.entries)];
  for (const name of sources) collect(join(wish.top, name), files);
  for (const path of files.sort()) {
    if (!existsSync(path)) continue;
    hash.update(`\0${relative(wish.top, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

function collect(folder: string, files: string[]): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, files);
    else if (['.ts', '.mts', '.json'].includes(extname(path)) && !path.endsWith('.test.ts')) files.push(path);
  }
}

function linkPackages(target: string, link: string): void {
  const state = lstatSync(link, { throwIfNoEntry: false });
  if (state?.isSymbolicLink() && readlinkSync(link) === target) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(target, link, 'junction');
}

function removeOlder(into: string): void {
  for (const name of readdirSync(into)) {
    if (/^[0-9a-f]{16}$/.test(name)) rmSync(join(into, name), { recursive: true, force: true });
  }
}
