import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from './exit-codes.ts';
import { build } from './main.ts';
import { groups, inner } from './program.ts';

const bin = fileURLToPath(new URL('./bin.mjs', import.meta.url));
const commands = groups.flatMap((group) => group.commands);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yitong-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function yitong(args: readonly string[], input = '') {
  const env = { ...process.env, NO_COLOR: '1', YITONG_DATA: join(folder, 'none') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    input,
    encoding: 'utf8',
    env,
    cwd: folder,
  });
  return { status, stdout, stderr };
}

test('help names all commands and all exit codes, within 80 columns where it lists commands', () => {
  const { status, stdout } = yitong(['--help']);
  expect(status).toBe(0);
  for (const { name } of commands) {
    const [first = '', own] = name.split(' ');
    expect(stdout).toMatch(new RegExp(`^  ${first}\\b`, 'm'));
    const page =
      own === undefined
        ? ''
        : build({ exit: 'done' })
            .commands.find((one) => one.name() === first)
            ?.helpInformation();
    if (own !== undefined) expect(page).toMatch(new RegExp(`^  ${own}\\b`, 'm'));
  }
  for (const { name } of inner) expect(stdout).not.toContain(name);
  for (const { code } of Object.values(exitCodes)) expect(stdout).toContain(`${code}  `);
});

test('members that do not run are named by reconcile, which does not call the books equal', () => {
  const data = join(folder, 'stopped');
  for (const [member, zh, en] of [
    ['310000', '上海市', 'Shanghai'],
    ['340000', '安徽省', 'Anhui'],
  ] as const) {
    mkdirSync(join(data, 'nodes', member), { recursive: true });
    const config = { member, name: { zh, en }, http: { host: '127.0.0.1', port: 1 } };
    writeFileSync(join(data, 'nodes', member, 'config.json'), JSON.stringify(config));
  }
  const { status, stdout } = yitong(['reconcile', '--wait', '0', '--data', data, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, absent: ['310000', '340000'] });
  expect(status).toBe(3);
});

const wrong: readonly [string, string[], number, RegExp][] = [
  ['an unknown command', ['fly'], 2, /fly/],
  ['no command at all', [], 2, /Usage/],
  ['an unknown option', ['status', '--wings'], 2, /--wings/],
  ['an argument that is missing', ['import', 'plan'], 2, /file/],
  ['a number that is none', ['up', '--residents', 'many'], 2, /--residents many/],
  ['no region', ['status'], 3, /yitong up/],
  ['no region to reconcile', ['reconcile'], 3, /yitong up/],
];

test.for(wrong)('%s ends with its own code and words, and without a stack trace', ([, args, code, words]) => {
  const { status, stdout, stderr } = yitong(args);
  expect(stderr).toMatch(words);
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /);
  expect(status).toBe(code);
});

test('with --json the error is JSON on standard output', () => {
  const { status, stdout } = yitong(['status', '--json']);
  expect(status).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    exit: 'unreachable',
    remedy: expect.stringContaining('yitong up'),
  });
});

test('evidence that is none is told step by step, with exit code 1', () => {
  const file = join(folder, 'evidence.json');
  writeFileSync(file, '{}');
  const { status, stdout } = yitong(['verify', file, '--directory-hash', '0'.repeat(64), '--json']);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, steps: [{ step: 'file', ok: false }] });
});

test('made-up lines are about the people that the region has, whatever seed the lines have', () => {
  const data = join(folder, 'seed-7');
  mkdirSync(data);
  const loaded = { residents: 20, seed: 7, started: 1, loaded: {}, done: [] };
  writeFileSync(join(data, 'demonstration.json'), JSON.stringify(loaded));
  const made = ['sample', 'medical-settlement', '--lines', '200', '--data', data];
  const peopleOf = (text: string) =>
    new Set(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).person),
    );
  const own = peopleOf(yitong(made).stdout);
  const varied = peopleOf(yitong([...made, '--seed', '8']).stdout);
  expect(new Set([...own, ...varied]).size).toBeLessThanOrEqual(3 * 20);
  const { status, stderr } = yitong([...made, '--residents', '21']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('this region has 20 residents')]);
});
