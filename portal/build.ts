import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, type Rolldown } from 'vite';
import { routes } from './routes.ts';
import { systemRoutes } from './system-routes.ts';

// `node --import tsx portal/build.ts <folder>` builds the portal there: files with their hash in their names, each compressed beside itself,
// and `portal.json`, which tells a node the pages' paths and what each of them needs at once.

const [, , folder = ''] = process.argv;
if (folder === '') throw new Error('say into which folder');

type Group = Rolldown.CodeSplittingGroup;

/** What the frame is made of: what every page stands in, and what nearly every page asks for. */
const frameRoots = ['main.tsx', 'app/declaration.ts', 'parts/go.tsx', 'parts/words.tsx'];
const inFrame = new Set<string>();

/** What every page needs is one file, and so are all styles: each more costs a browser a whole way to the node and back, as it asks for six at a time. */
const frame: Group = {
  debugName: 'frame',
  priority: 1,
  includeDependenciesRecursively: false,
  name(id, chunking) {
    const add = (one: string): void => {
      if (inFrame.has(one)) return;
      inFrame.add(one);
      for (const inner of chunking.getModuleInfo(one)?.importedIds ?? []) add(inner);
    };
    for (const root of frameRoots) add(join(import.meta.dirname, root));
    return inFrame.has(id) ? 'frame' : null;
  },
};

/** What forms are made of is another. */
const form: Group = {
  name: 'form',
  includeDependenciesRecursively: false,
  test: /\/parts\/(?:declared-command|command-form|controls|draft|field|outcome|preset|read-input)\.tsx?$/,
};

/** A front page with what systems show there is one more, and all that they need. */
const home: Group = { name: 'home', test: /\/pages\/home\.tsx$/ };

const built = await build({
  configFile: false,
  root: import.meta.dirname,
  base: '/',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: folder,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'baseline-widely-available',
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [frame, form, home] } } },
  },
});

const { output } = built as Rolldown.RolldownOutput;
const chunks = output.filter((part) => part.type === 'chunk');

/** The files of a source and of all that it imports at once. */
function filesOf(source: string): readonly string[] {
  const path = join(import.meta.dirname, source);
  const first =
    chunks.find(({ facadeModuleId }) => facadeModuleId === path) ??
    chunks.find(({ moduleIds }) => moduleIds.includes(path));
  if (first === undefined) throw new Error(`nothing was built of ${source}`);
  return filesFrom(first.fileName);
}

function filesFrom(first: string): readonly string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (chunk === undefined || found.has(`/${name}`)) return;
    found.add(`/${name}`);
    for (const inner of chunk.imports) add(inner);
  };
  add(first);
  return [...found];
}

const atOnce = new Set(readFileSync(join(folder, 'index.html'), 'utf8').match(/\/assets\/[^"]+/g));
const ofSystems = await systemRoutes();
const own = routes.map((route) => ({ ...route, system: '' }));
const pages = [...ofSystems.pages, ...own].map(({ path, source, system, first = [] }) => ({
  path,
  preload: filesOf(source).filter((file) => !atOnce.has(file)),
  first: [...first.map((one) => ({ ...one, system })), ...(path === '/home' ? ofSystems.home : [])],
}));
const texts = { zh: filesOf('./texts/zh-cn.ts'), en: filesOf('./texts/en.ts') };
writeFileSync(join(folder, 'portal.json'), JSON.stringify({ texts, pages }));

for (const name of readdirSync(join(folder, 'assets'))) {
  const path = join(folder, 'assets', name);
  const bytes = readFileSync(path);
  if (!/\.(js|css|svg|json)$/.test(name)) continue;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
}
