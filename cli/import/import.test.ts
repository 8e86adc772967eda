import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Intake, system, z } from '@yitong/kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { Api } from '../http/api.ts';
import { StandIn } from '../testing/stand-in.ts';
import { fingerprint, storedJob } from './job.ts';
import type { Row } from './rows.ts';
import { runImport } from './run.ts';

const shop = system('shop', { roles: ['clerk'], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
const people = { members: ['310000', '340000'], scale: 10, seed: 1 };
const intake: Intake = {
  about: 'sales',
  command: { type: 'shop/sell', system: 'shop', by: ['clerk'] } as unknown as Intake['command'],
  accepts: () => true,
  read: (line) => {
    const { number, amount } = z.object({ number: z.string(), amount: z.int().optional() }).parse(line);
    if (number === 'none') return [];
    if (amount === undefined) return [{ ok: false, field: '/amount', reason: 'missing', remedy: 'give it' }];
    const one = (key: string) => ({ ok: true as const, key, input: { number: key, amount } });
    return number.startsWith('two') ? [one(`${number}a`), one(`${number}b`)] : [one(number)];
  },
  result: ([record]) => record?.value,
};

let folder = '';
let node: StandIn;
let url = '';
const settled = { state: 'done', at: '0.1', records: [{ type: 'shop/sale', value: { paid: true } }] };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yitong-import-'));
  node = new StandIn(() => settled);
  url = await node.start();
});
afterEach(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Wish {
  readonly file?: string;
  readonly again?: boolean;
  readonly stop?: AbortSignal;
  readonly patienceMs?: number;
  readonly now?: number;
}

async function importFile(wish: Wish = {}) {
  const file = wish.file ?? join(folder, 'sales.ndjson');
  const stop = wish.stop ?? new AbortController().signal;
  const { sha256, lines } = await fingerprint(file, new AbortController().signal);
  const key = { sha256, system: 'shop', intake: 'sales', member: '340000' };
  const job = storedJob(join(folder, 'jobs'), key, wish.now ?? 1_767_225_600_000, undefined);
  const patienceMs = wish.patienceMs ?? 20_000;
  const api = new Api([url], async () => undefined, { ms: patienceMs, signal: stop });
  const bar = { update: (done: number) => void told.push(done), stop: () => undefined };
  const told: number[] = [];
  const results = `${file}.results.ndjson`;
  const outcome = await runImport({
    ...{ file, lines, results, job, intake, people, system: shop, patienceMs, stop },
    connection: { api, member: '340000', account: undefined, data: undefined },
    bars: { bar: () => bar, stop: () => undefined },
    ...{ parallel: 3, waitSeconds: 1, again: wish.again ?? false },
  });
  return { ...outcome, told, rows: rowsIn(results) };
}

function rowsIn(path: string): Row[] {
  const [, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  return rows.map((row) => JSON.parse(row));
}

function write(lines: readonly string[], name = 'sales.ndjson'): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const sales = (count: number) =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ number: `S${i}`, amount: i }));

test('each line has a row, in the order of the file, whatever the order of the answers', async () => {
  write(sales(2000));
  const { rows, summary, finished } = await importFile();
  expect(finished).toBe(true);
  expect(rows.map(({ line, key, state }) => [line, key, state])).toEqual(
    Array.from({ length: 2000 }, (_, i) => [i + 1, `S${i}`, 'done']),
  );
  expect(rows[7]).toMatchObject({ line: 8, at: '0.1', result: { paid: true } });
  expect(summary.states.done).toBe(2000);
});

test('the bar shows the line whose row is written, not how far the file was read', async () => {
  write([...sales(600), '', '']);
  const { told } = await importFile();
  expect(told).toEqual([...Array.from({ length: 600 }, (_, i) => i + 1), 602]);
});

test('bad lines are told by line, field, reason and remedy, and good ones go through', async () => {
  write([
    '{"number":"S0","amount":1}',
    '{"number":"S1","number":"S1","amount":1}',
    '{"number":"S2","amount":90071992547409930}',
    '{"number":"S3"}',
    'nonsense',
    '',
    '{"number":"none"}',
    '{"number":"two","amount":4}',
  ]);
  const { rows, summary } = await importFile();
  expect(rows.map(({ line, state, field, key }) => [line, state, field ?? key])).toEqual([
    [1, 'done', 'S0'],
    [2, 'bad', '/number'],
    [3, 'bad', '/amount'],
    [4, 'bad', '/amount'],
    [5, 'bad', ''],
    [7, 'nothing', undefined],
    [8, 'done', 'twoa'],
    [8, 'done', 'twob'],
  ]);
  for (const row of rows.filter(({ state }) => state === 'bad'))
    expect(row.reason && row.remedy).toBeTruthy();
  expect(summary.clean).toBe(false);
  expect(node.taken.length).toBe(3);
});

test('a refusal and an input that the node does not take are told with their reasons', async () => {
  const problem = { type: 'https://yitong.example/problems/shop/sold-out', title: 'Sold out', status: 409 };
  const invalid = {
    type: 'https://yitong.example/problems/invalid-input',
    title: 'x',
    status: 422,
    errors: [{ pointer: '/amount', code: 'money', detail: 'not money', remedy: 'write fen' }],
  };
  node.answer = ({ input }) =>
    JSON.stringify(input).includes('S0')
      ? { state: 'refused', at: '0.2', problem: { ...problem, facts: { left: 0 } } }
      : { state: 'invalid', problem: invalid };
  write(sales(2));
  const { rows, summary } = await importFile();
  expect(rows[0]).toMatchObject({ state: 'refused', refusal: { code: 'shop/sold-out', facts: { left: 0 } } });
  expect(rows[1]).toMatchObject({ state: 'bad', field: '/amount', reason: 'not money', remedy: 'write fen' });
  expect([...summary.reasons.keys()]).toEqual(['refused: shop/sold-out', 'bad: /amount: not money']);
});

test('imported twice, nothing happens twice: the second time sends the last line only, and --again sends the same ids', async () => {
  write(sales(600));
  const first = await importFile();
  const second = await importFile({ now: 1_800_000_000_000 });
  expect(second.rows).toEqual(first.rows);
  expect(node.taken.length).toBe(600);
  expect([...node.seen.values()].filter((times) => times > 1).length).toBe(1);
  const third = await importFile({ again: true });
  expect(third.rows).toEqual(first.rows);
  expect(node.taken.length).toBe(600);
  expect(new Set(node.seen.values())).toEqual(new Set([2, 3]));
});

test('the same row under another name, or packed, keeps its id as long as the job is the same', async () => {
  write(sales(3));
  const packed = join(folder, 'sales.ndjson.gz');
  writeFileSync(packed, gzipSync(readFileSync(join(folder, 'sales.ndjson'))));
  const { rows } = await importFile({ file: packed });
  expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  const plain = await importFile();
  expect(plain.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
});

test('a killed import goes on where its results file is whole', async () => {
  write([...sales(400), '{"number":"two","amount":1}']);
  const whole = await importFile();
  const results = join(folder, 'sales.ndjson.results.ndjson');
  const { length } = readFileSync(results);
  for (const cut of [1, 40, 200, 5_000, length - 100]) {
    await importFile();
    truncateSync(results, readFileSync(results).length - cut);
    const { rows, summary } = await importFile();
    expect(rows).toEqual(whole.rows);
    expect(summary.states).toEqual(whole.summary.states);
  }
  expect(node.taken.length).toBe(402);
});

test('a lost connection, a busy node, a body that came too slowly and a restart cost nothing but time', async () => {
  write(sales(300));
  let calls = 0;
  node.answer = () => {
    calls += 1;
    if (calls === 20 || calls === 100) return 'cut';
    if (calls % 97 === 0) return { state: 'busy', retryAfterMs: 1, problem: { title: 'busy' } };
    return settled;
  };
  node.refusals.push(
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 408, body: { type: 'x/problems/too-slow', title: 'Too slow', status: 408 } },
    { status: 429, headers: { 'retry-after': '0' } },
  );
  const { rows } = await importFile();
  expect(rows.map(({ line, state }) => [line, state])).toEqual(
    Array.from({ length: 300 }, (_, i) => [i + 1, 'done']),
  );
  expect(new Set(rows.map(({ id }) => id)).size).toBe(300);
});

test('lines that have not ended are asked for again with the same ids', async () => {
  write(sales(5));
  node.answer = ({ input }, times) =>
    JSON.stringify(input).includes('S3') && times === 1 ? { state: 'open', at: '0.1' } : settled;
  const { rows, summary } = await importFile();
  expect(rows.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'));
  expect(summary.states).toMatchObject({ done: 5, open: 0 });
  expect(node.taken.length).toBe(5);
  expect(existsSync(join(folder, 'sales.ndjson.results.ndjson.new'))).toBe(false);
});

test('Ctrl-C keeps what is there, and the next import goes on', async () => {
  write(sales(1500));
  const stop = new AbortController();
  node.answer = () => {
    if (node.seen.size === 700) stop.abort();
    return settled;
  };
  const { finished } = await importFile({ stop: stop.signal });
  expect(finished).toBe(false);
  const { rows } = await importFile();
  expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1));
  expect(node.taken.length).toBe(1500);
});

test('a node that stays away ends the import with what to do; nothing is lost', async () => {
  write(sales(3));
  await node.stop();
  const error = await importFile({ patienceMs: 300 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ exit: 'unreachable' });
  node = new StandIn(() => settled);
  url = await node.start();
  expect((await importFile()).rows.length).toBe(3);
});

test('whoever may not give the command learns it at once', async () => {
  write(sales(3));
  node.refusals.push({
    status: 403,
    body: { type: 'x/problems/not-allowed', title: 'Not yours', status: 403 },
  });
  await expect(importFile()).rejects.toMatchObject({ exit: 'forbidden', message: 'Not yours' });
});

test('the results of another region are put aside, not mixed with the new ones', async () => {
  write(sales(2));
  await importFile();
  rmSync(join(folder, 'jobs'), { recursive: true });
  const { rows } = await importFile({ now: 1_790_000_000_000 });
  expect(rows.length).toBe(2);
  expect(node.taken.length).toBe(4);
  expect(existsSync(join(folder, 'sales.ndjson.results.ndjson.before'))).toBe(true);
});
