import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: it is JavaScript, with its types in found.d.mts.
import { foundSystems } from '../systems/found.mjs';
import { top } from './tree.ts';

// A system is added by adding its folder, and taken away with it: in a throw-away copy of the checkout all systems are gone, one is
// planted, and no other line is touched.

// Each test starts programs of its own: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const copied = ['kit', 'kernel', 'systems', 'node', 'cli', 'package.json', 'package-lock.json'];
const gone = { recursive: true } as const;
let copy = '';

const planted = `import { object, f, refuse, subject, system, years, put } from '@yitong/kit';
const Bridge = subject('bridge');
export const bridges = system('bridges', { roles: ['keeper'], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
const bridge = bridges.record('bridge', { about: Bridge, schema: object({ name: f.line(40) }), keep: years(5), readers: ['public'] });
bridges.command('name', {
  by: ['keeper'], about: Bridge, key: 'name', input: object({ name: f.line(40) }), refusals: ['named-already'],
  handle: (input, view) => view.get(bridge) ? refuse('named-already') : put(bridge, input),
});
bridges.rule('length', { about: 'How many characters a name has', decide: (name) => String(name).length });
`;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'yitong-discover-'));
  for (const name of copied)
    cpSync(join(top, name), join(copy, name), {
      recursive: true,
      filter: (path) => !path.endsWith('node_modules') && !path.endsWith('.test.ts'),
    });
  for (const folder of foundSystems(join(copy, 'systems'))) rmSync(join(copy, 'systems', folder), gone);
  linkPackages();
  plant('bridges', planted);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Packages are the checkout's own; our workspaces are the copy's. */
function linkPackages(): void {
  const packages = join(copy, 'node_modules');
  mkdirSync(join(packages, '@yitong'), { recursive: true });
  for (const name of readdirSync(join(top, 'node_modules')))
    if (name !== '@yitong' && !name.startsWith('.'))
      symlinkSync(join(top, 'node_modules', name), join(packages, name), 'junction');
  for (const name of ['kit', 'kernel', 'systems', 'node', 'cli'])
    symlinkSync(join(copy, name), join(packages, '@yitong', name), 'junction');
}

function plant(name: string, text: string): void {
  const folder = join(copy, 'systems', 'roads', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'system.ts'), text);
}

function run(args: readonly string[], input = '') {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env,
    input,
  });
  return { status, stdout, stderr };
}

// Each starts a Node.js of its own, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 180_000 });

const fromSource = `const { systems } = await import('./systems/index.ts');
console.log(JSON.stringify(systems.map(({ name, commands }) => [name, ...commands.keys()])));`;

test('a planted system runs from the bundle', () => {
  const { status, stdout, stderr } = run(['cli/bin.mjs', 'decide', 'bridges/length'], '"长江大桥"\n');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '4\n', stderr: '' });
});

test('a planted system is there when run from source, with what it declares', () => {
  const { stdout, stderr } = run(['--import', 'tsx', '--input-type=module', '-e', fromSource]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([['bridges', 'name']]);
});

test('one taken away is gone from the next bundle', () => {
  rmSync(join(copy, 'systems', 'roads', 'bridges'), gone);
  const { status, stderr } = run(['cli/bin.mjs', 'decide', 'bridges/length'], '"x"\n');
  expect(status).toBe(2);
  expect(stderr).toContain("There is no system 'bridges'");
});

test.for([
  ['none', 'export const bridges = 1;\n', 'systems/roads/none/system.ts exports no system'],
  [
    'tunnels',
    planted,
    "systems/roads/tunnels/system.ts declares 'bridges': a system is called like its folder",
  ],
] as const)('a folder with a wrong system.ts is named: %s', ([name, text, fault]) => {
  plant(name, text);
  const { status, stderr } = run(['--import', 'tsx', '--input-type=module', '-e', fromSource]);
  rmSync(join(copy, 'systems', 'roads', name), gone);
  expect(status).toBe(1);
  expect(stderr).toContain(fault);
});
