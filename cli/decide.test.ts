import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('./bin.mjs', import.meta.url));
const vectorFile = fileURLToPath(
  new URL('../systems/health/medical-settlement/vectors/medical-vectors.json', import.meta.url),
);
const content = JSON.parse(readFileSync(vectorFile, 'utf8'));
const singles: Single[] = content.vectors.filter(({ kind }: Single) => kind === 'single').slice(0, 40);
const [first] = singles;
if (first === undefined) throw new Error('the vector file has no single claims');
const rule = 'medical-settlement/adjudicate';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yitong-decide-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function yitong(args: readonly string[], input = '') {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(process.execPath, [bin, ...args], { input, encoding: 'utf8', env, maxBuffer: 1 << 26 });
}

interface Single {
  readonly kind: string;
  readonly policy: string;
  readonly catalogue: string;
  readonly filing: unknown;
  readonly yearToDate: unknown;
  readonly claim: unknown;
  readonly expect: unknown;
}

function caseOf(vector: Single) {
  const { policy, catalogue, filing, yearToDate, claim } = vector;
  return {
    policy: content.policies[policy],
    catalogue: content.catalogues[catalogue],
    filing,
    yearToDate,
    claim,
  };
}

test('all of the developers’ vectors pass, and the last line says so', () => {
  const { status, stdout } = yitong(['vectors', 'medical-settlement', vectorFile]);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('183 passed, 0 failed');
  expect(status).toBe(0);
});

test('a vector that fails is shown with each place that differs, and the exit code is 1', () => {
  const changed = structuredClone(content);
  changed.vectors = changed.vectors.slice(0, 3);
  changed.vectors[1].expect.shares = { ...changed.vectors[1].expect.shares, extra: 1 };
  const file = join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify(changed));
  const { status, stdout } = yitong(['vectors', 'medical-settlement', file]);
  expect(stdout).toContain(changed.vectors[1].id);
  expect(stdout).toMatch(/extra: expected 1, got nothing/);
  expect(stdout).toContain('2 passed, 1 failed');
  expect(status).toBe(1);
});

test('vectors of the common form run any rule of the system', () => {
  const common = { id: 'one', input: caseOf(first) };
  const vectors = [
    { ...common, rule: 'adjudicate', expect: first.expect },
    { ...common, id: 'two', rule, expect: first.expect },
  ];
  const file = join(folder, 'common.json');
  writeFileSync(file, JSON.stringify({ vectors }));
  const { status, stdout } = yitong(['vectors', 'medical-settlement', file]);
  expect(stdout).toContain('2 passed, 0 failed');
  expect(status).toBe(0);
});

test('a vector that cannot be answered fails alone and says why, in both forms', () => {
  const [one, two, ...rest] = structuredClone(content.vectors).slice(0, 4);
  one.claim.admission = '2026-02-30';
  two.policy = 'S0';
  const file = join(folder, 'unanswered.json');
  writeFileSync(file, JSON.stringify({ ...content, vectors: [one, two, ...rest] }));
  const own = yitong(['vectors', 'medical-settlement', file]);
  expect(own.stdout).toMatch(/not answered: .*\/claim\/admission/);
  expect(own.stdout).toMatch(/not answered: .*\/policy/);
  expect(own.stdout).toContain('2 passed, 2 failed');
  const vectors = [
    { id: 'one', rule: 'adjudicate', input: caseOf(first), expect: first.expect },
    { id: 'two', rule: 'adjudicat', input: caseOf(first), expect: first.expect },
    { id: 'three', rule: 'adjudicate', input: {}, expect: first.expect },
  ];
  writeFileSync(file, `\uFEFF${JSON.stringify({ vectors })}`);
  const { status, stdout } = yitong(['vectors', 'medical-settlement', file]);
  expect(stdout).toMatch(/not answered: There is no rule/);
  expect(stdout).toContain('1 passed, 2 failed');
  expect(status).toBe(1);
});

test('decide answers each line in order, from standard input and from a file', () => {
  const lines = singles.map((vector) => JSON.stringify(caseOf(vector)));
  const expected = singles.map(({ expect: result }) => result);
  const piped = yitong(['decide', rule], lines.join('\n'));
  expect(
    piped.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(expected);
  expect(piped.status).toBe(0);
  const file = join(folder, 'cases.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(yitong(['decide', rule, file]).stdout).toBe(piped.stdout);
});

test('decide takes one object written over many lines', () => {
  const { status, stdout } = yitong(['decide', rule, '-'], JSON.stringify(caseOf(first), undefined, 2));
  expect(JSON.parse(stdout)).toEqual(first.expect);
  expect(status).toBe(0);
});

test('a bad line is a problem in its place, and the others are answered', () => {
  const good = JSON.stringify(caseOf(first));
  const { status, stdout, stderr } = yitong(['decide', rule], [good, '{"a":1,"a":2}', '{}', good].join('\n'));
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers[0]).toEqual(first.expect);
  expect(answers[1]).toMatchObject({ status: 400, line: 2, errors: [{ pointer: '/a' }] });
  expect(answers[2]).toMatchObject({ status: 422, line: 3 });
  expect(answers[3]).toEqual(first.expect);
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('rules are listed with what they take', () => {
  const { stdout } = yitong(['rules', '--json']);
  expect(stdout).toContain(rule);
});

test('each number of the law is shown with its first day, source and mark', () => {
  const within = 'policies/320100~1310/versions/2/visits/inpatient/deductible/amounts/0/nth/0';
  const { status, stdout } = yitong(['parameters', 'medical-settlement', within, '--member', '320000']);
  expect(status).toBe(0);
  const [head, row, ...more] = stdout.trimEnd().split('\n');
  expect(head).toBe('member,parameter,from,at,value,source,mark');
  expect(row).toMatch(/^320000,policies,2024-01-01,\/320100~1310.*,\d+,demonstration value,demonstration$/);
  expect(more).toEqual([]);
});

test('an unknown rule or system is told with those there are', () => {
  for (const wrong of ['medical-settlement/nothing', 'nothing/adjudicate']) {
    const { status, stderr } = yitong(['decide', wrong], '{}');
    expect(status).toBe(2);
    expect(stderr).toMatch(/medical-settlement/);
  }
});
