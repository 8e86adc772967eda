import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Proves that the linter still bites: every violation is planted in a throw-away copy of the house's skeleton
// (its biome.json and manifests), the real linter runs there once, and each must be found by the rule named.

const top = join(import.meta.dirname, '..');

interface Planted {
  readonly says: string;
  readonly path: string;
  readonly code: string;
  readonly rule: string;
}

const kernelOnly = 'style/noRestrictedImports';
const ambient = 'style/noRestrictedGlobals';

const imports: readonly Planted[] = [
  {
    says: 'a system that imports the kernel',
    path: 'systems/health/a/kernel.ts',
    code: "import { append } from '@yitong/kernel';\nexport const x = append;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that imports the node',
    path: 'systems/health/a/node.ts',
    code: "import { start } from '@yitong/node';\nexport const x = start;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that imports a library beside the kit',
    path: 'systems/health/a/library.ts',
    code: "import { z } from 'zod';\nexport const x = z;\n",
    rule: kernelOnly,
  },
  {
    says: 'a page of the portal that imports the node',
    path: 'portal/pages/node.ts',
    code: "import { buildHttp } from '@yitong/node';\nexport const x = buildHttp;\n",
    rule: kernelOnly,
  },
  {
    says: 'a page of the portal that imports a system',
    path: 'portal/pages/system.ts',
    code: "import { systems } from '@yitong/systems';\nexport const x = systems;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system’s page that imports its neighbour',
    path: 'systems/health/a/ui/neighbour.ts',
    code: "import { rate } from '../../b/rules.ts';\nexport const x = rate;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system’s page that imports a library of its own',
    path: 'systems/health/a/ui/library.ts',
    code: "import { chart } from 'echarts';\nexport const x = chart;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that imports its neighbour',
    path: 'systems/health/a/neighbour.ts',
    code: "import { rate } from '../b/rules.ts';\nexport const x = rate;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that takes only a type from its neighbour',
    path: 'systems/health/a/neighbour-type.ts',
    code: "import type { Rate } from '../b/rules.ts';\nexport const x: Rate = 1;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that re-exports from its neighbour',
    path: 'systems/health/a/neighbour-export.ts',
    code: "export { rate } from '../b/rules.ts';\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that loads its neighbour late',
    path: 'systems/health/a/neighbour-late.ts',
    code: "export const x = () => import('../b/rules.ts');\n",
    rule: kernelOnly,
  },
  {
    says: "a system's page that leaves the system's folder",
    path: 'systems/health/a/ui/page.ts',
    code: "import { rate } from '../../b/rules.ts';\nexport const x = rate;\n",
    rule: kernelOnly,
  },
  {
    says: "a system's test that leaves the system's folder",
    path: 'systems/health/a/rules.test.ts',
    code: "import { rate } from '../../b/c/rules.ts';\nexport const x = rate;\n",
    rule: kernelOnly,
  },
  {
    says: 'a system that does I/O',
    path: 'systems/health/a/files.ts',
    code: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kernel that imports a system',
    path: 'kernel/runtime/system.ts',
    code: "import { systems } from '@yitong/systems';\nexport const x = systems;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kernel that reaches a system by its path',
    path: 'kernel/runtime/path.ts',
    code: "import { systems } from '../../systems/index.ts';\nexport const x = systems;\n",
    rule: kernelOnly,
  },
  {
    says: "a kernel's test that imports a system",
    path: 'kernel/runtime/system.test.ts',
    code: "import { systems } from '@yitong/systems';\nexport const x = systems;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kernel that does I/O',
    path: 'kernel/journal/files.ts',
    code: "import { open } from 'node:fs/promises';\nexport const x = open;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kernel that draws randomness from node:crypto',
    path: 'kernel/journal/chance.ts',
    code: "import { randomUUID } from 'node:crypto';\nexport const x = randomUUID;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kernel that compresses beside the writer',
    path: 'kernel/journal/deflate.ts',
    code: "import { deflateRaw } from 'node:zlib';\nexport const x = deflateRaw;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kit that imports the kernel',
    path: 'kit/kernel.ts',
    code: "import { append } from '@yitong/kernel';\nexport const x = append;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kit that reaches out of its workspace',
    path: 'kit/path.ts',
    code: "import { append } from '../kernel/index.ts';\nexport const x = append;\n",
    rule: kernelOnly,
  },
  {
    says: 'a kit that needs Node',
    path: 'kit/files.ts',
    code: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    rule: kernelOnly,
  },
  {
    says: 'a dependency that the workspace does not declare',
    path: 'node/undeclared.ts',
    code: "import { it } from 'left-pad';\nexport const x = it;\n",
    rule: 'correctness/noUndeclaredDependencies',
  },
  {
    says: 'a test tool in shipped code',
    path: 'kernel/runtime/tool.ts',
    code: "import { expect } from 'vitest';\nexport const x = expect;\n",
    rule: 'correctness/noUndeclaredDependencies',
  },
  {
    says: 'two files that import each other',
    path: 'kernel/ledger/hen.ts',
    code: "import { egg } from './egg.ts';\nexport const hen = () => egg;\n",
    rule: 'suspicious/noImportCycles',
  },
  {
    says: 'an import without its extension',
    path: 'kernel/ledger/extension.ts',
    code: "import { hen } from './hen';\nexport const x = hen;\n",
    rule: 'correctness/useImportExtensions',
  },
  {
    says: 'a barrel inside a workspace',
    path: 'kernel/ledger/barrel.ts',
    code: "export * from './hen.ts';\nexport * from './egg.ts';\n",
    rule: 'performance/noBarrelFile',
  },
];

const world = (rule: string, says: string, expression: string, folders: readonly string[]): Planted[] =>
  folders.map((folder) => ({
    says: `${says} in ${folder}`,
    path: `${folder}/${says.replace(/[^a-z]+/gi, '-').toLowerCase()}.ts`,
    code: `export const x = () => ${expression};\n`,
    rule,
  }));

const pure = ['kit', 'kernel/runtime', 'systems/health/a', 'simulation'];

const ambientWorld: readonly Planted[] = [
  ...world(ambient, 'the wall clock', 'Date.now()', pure),
  ...world(ambient, 'a new date', 'new Date()', pure),
  ...world(ambient, 'the environment', "process.env['HOME']", pure),
  ...world(ambient, 'the network', "fetch('x')", pure),
  ...world(ambient, 'a timer', 'setTimeout(() => 1, 1)', pure),
  ...world(ambient, 'an interval', 'setInterval(() => 1, 1)', pure),
  ...world(ambient, 'the performance clock', 'performance.now()', pure),
  ...world(ambient, 'a random id', 'crypto.randomUUID()', pure),
  ...world(ambient, 'the global object', "Reflect.get(globalThis, 'Date')", pure),
  ...world('nursery/noJsRestrictedProperties', 'chance', 'Math.random()', pure),
  ...world('nursery/noJsRestrictedProperties', 'the clock of Temporal', 'Temporal.Now.instant()', pure),
];

const code: readonly Planted[] = [
  {
    says: 'any',
    path: 'node/any.ts',
    code: 'export const x = (y: any) => y;\n',
    rule: 'suspicious/noExplicitAny',
  },
  {
    says: 'a non-null assertion',
    path: 'node/bang.ts',
    code: 'export const x = (y: readonly string[]) => y[0]!.length;\n',
    rule: 'style/noNonNullAssertion',
  },
  {
    says: 'a default export',
    path: 'node/default.ts',
    code: 'export default 1;\n',
    rule: 'style/noDefaultExport',
  },
  {
    says: 'console in shipped code',
    path: 'node/console.ts',
    code: 'console.log(1);\n',
    rule: 'suspicious/noConsole',
  },
  { says: 'an enum', path: 'node/enum.ts', code: 'export enum X {\n  a,\n}\n', rule: 'style/noEnum' },
  {
    says: 'a promise that nobody awaits',
    path: 'node/floating.ts',
    code: 'async function save(): Promise<number> {\n  return await Promise.resolve(1);\n}\nexport function run(): void {\n  save();\n}\n',
    rule: 'nursery/noFloatingPromises',
  },
  {
    says: 'a promise of another file that nobody awaits',
    path: 'node/floating-far.ts',
    code: "import { flush } from './flush.ts';\nexport function run(): void {\n  flush();\n}\n",
    rule: 'nursery/noFloatingPromises',
  },
  {
    says: 'a promise taken for a condition',
    path: 'node/misused.ts',
    code: "import { flush } from './flush.ts';\nexport function run(): number {\n  if (flush()) return 1;\n  return 2;\n}\n",
    rule: 'nursery/noMisusedPromises',
  },
  {
    says: 'a switch that forgets a case',
    path: 'node/switch.ts',
    code: "export function x(y: 'a' | 'b'): void {\n  switch (y) {\n    case 'a':\n      throw new Error('a');\n  }\n}\n",
    rule: 'nursery/useExhaustiveSwitchCases',
  },
  {
    says: 'a file name that is not kebab-case',
    path: 'node/CamelCase.ts',
    code: 'export const x = 1;\n',
    rule: 'style/useFilenamingConvention',
  },
  {
    says: 'a function of more than forty lines',
    path: 'node/long.ts',
    code: `export function long(): number {\n  let x = 0;\n${'  x += 1;\n'.repeat(40)}  return x;\n}\n`,
    rule: 'complexity/noExcessiveLinesPerFunction',
  },
  {
    says: 'a test switched off',
    path: 'node/off.test.ts',
    code: "import { test } from 'vitest';\ntest.skip('x', () => undefined);\n",
    rule: 'suspicious/noSkippedTests',
  },
  {
    says: 'a test that runs alone',
    path: 'node/alone.test.ts',
    code: "import { test } from 'vitest';\ntest.only('x', () => undefined);\n",
    rule: 'suspicious/noFocusedTests',
  },
  {
    says: 'an unused variable',
    path: 'node/unused.ts',
    code: 'const x = 1;\nexport const y = 2;\n',
    rule: 'correctness/noUnusedVariables',
  },
  {
    says: 'a page that takes a text for HTML (threat 32)',
    path: 'portal/pages/html.tsx',
    code: 'export const x = (text: string) => <p dangerouslySetInnerHTML={{ __html: text }} />;\n',
    rule: 'security/noDangerouslySetInnerHtml',
  },
  {
    says: 'a thrown string',
    path: 'node/thrown.ts',
    code: "export function x(): never {\n  throw 'x';\n}\n",
    rule: 'style/useThrowOnlyError',
  },
];

const planted = [...imports, ...ambientWorld, ...code];

/** Files that others import, and files that must pass. */
const sound: Readonly<Record<string, string>> = {
  'kernel/ledger/egg.ts': "import { hen } from './hen.ts';\nexport const egg = () => hen;\n",
  'node/flush.ts':
    'export async function flush(): Promise<boolean> {\n  return await Promise.resolve(true);\n}\n',
  'systems/health/b/rules.ts': 'export type Rate = number;\nexport const rate: Rate = 1;\n',
  'systems/health/good/rules.ts':
    "import { fen } from '@yitong/kit';\nimport { ceiling } from './parameters.ts';\nexport const x = () => [fen, ceiling];\n",
  'systems/health/good/parameters.ts': 'export const ceiling = 1;\n',
  'systems/health/good/ui/page.ts':
    "import { Go } from '@yitong/portal';\nimport { useState } from 'react';\nimport { ceiling } from '../parameters.ts';\nexport const page = () => [ceiling, Go, useState, document, Date.now()];\n",
  'systems/health/good/story.test.ts':
    "import { readFileSync } from 'node:fs';\nimport { fen } from '@yitong/kit';\nimport { test } from 'vitest';\nimport { ceiling } from './parameters.ts';\ntest('x', () => [fen, ceiling, readFileSync, Date.now()]);\n",
  'kernel/journal/good.ts':
    "import { createHash, type KeyObject, sign } from 'node:crypto';\nimport { deflateRawSync } from 'node:zlib';\nimport { fen } from '@yitong/kit';\nimport { egg } from '../runtime/good.ts';\nexport const x = (key: KeyObject) => [createHash, sign, key, deflateRawSync, fen, egg];\n",
  'kernel/runtime/good.ts': 'export const egg = 1;\n',
  'kit/money/good.ts':
    "import { Temporal } from 'temporal-polyfill';\nimport { z } from 'zod';\nimport { day } from '../good.ts';\nexport const x = [Temporal, z, day];\n",
  'kit/good.ts': 'export const day = 1;\n',
  'kit/index.ts': "export { day } from './good.ts';\nexport { x } from './money/good.ts';\n",
  'node/good.ts':
    "import { readFileSync } from 'node:fs';\nexport const x = () => [readFileSync, process.env, Date.now(), Math.random()];\n",
  'cli/good.ts': 'console.log(new Date());\n',
};

let copy = '';
const found = new Map<string, Set<string>>();

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string };
  }[];
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'yitong-house-'));
  const {
    vcs: _vcs,
    $schema: _schema,
    ...settings
  } = JSON.parse(readFileSync(join(top, 'biome.json'), 'utf8'));
  write('biome.json', JSON.stringify(settings));
  cpSync(join(top, 'package.json'), join(copy, 'package.json'));
  for (const entry of readdirSync(top, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'node_modules') continue;
    const manifest = join(top, entry.name, 'package.json');
    if (existsSync(manifest)) write(`${entry.name}/package.json`, readFileSync(manifest, 'utf8'));
  }
  for (const { path, code: text } of planted) write(path, text);
  for (const [path, text] of Object.entries(sound)) write(path, text);
  const biome = join(top, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const run = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  const report: Report = JSON.parse(run.stdout);
  for (const { category, location } of report.diagnostics) {
    const path = location.path.replaceAll('\\', '/');
    found.set(path, (found.get(path) ?? new Set()).add(category.replace(/^lint\//, '')));
  }
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test.for(planted)('the linter finds $says', ({ path, rule }) => {
  expect([...(found.get(path) ?? [])]).toContain(rule);
});

test.for(Object.keys(sound).filter((path) => !path.includes('egg')))('%s is left in peace', (path) => {
  expect([...(found.get(path) ?? [])]).toEqual([]);
});

test('no two planted files share a path', () => {
  expect(new Set(planted.map(({ path }) => path)).size).toBe(planted.length);
});
