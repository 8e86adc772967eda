import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readNodeConfig } from '../config.ts';
import { removePostgres } from '../postgres/postgres.ts';
import { isAlive } from '../postgres/processes.ts';
import { memoryOf } from './memory.ts';
import type { UpOptions } from './options.ts';
import { testWish } from './testing/wish.ts';
import { type RunningRegion, up } from './up.ts';

let dataDir = '';
const running: RunningRegion[] = [];
const told: string[] = [];

async function started(change: Partial<UpOptions> = {}): Promise<RunningRegion> {
  const region = await up({ ...testWish(dataDir, told), ...change });
  running.push(region);
  return region;
}

async function answer(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return response.json();
}

const soon = { timeout: 15_000, interval: 20 };

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'yitong-test-'));
  chmodSync(folder, 0o755);
  dataDir = join(folder, 'data');
});

afterEach(async () => {
  for (const region of running.splice(0)) await region.stop();
  told.length = 0;
});

afterAll(async () => {
  await removePostgres(dataDir);
  rmSync(join(dataDir, '..'), { recursive: true, force: true });
});

test('gives each member a process, a database, keys and free ports, and leaves nothing running', async () => {
  const busy = createServer().listen(7310, '127.0.0.1');
  await once(busy, 'listening').catch(() => undefined); // If that fails it is busy too.
  const region = await started();
  busy.close();

  const [shanghai, anhui] = region.members;
  expect(shanghai?.url).toMatch(/^http:\/\/127\.0\.0\.1:7[4-9]10$/);
  expect(await answer(shanghai?.url ?? '')).toMatchObject({ member: '310000', database: 'yitong_310000' });
  expect(await answer(anhui?.url ?? '')).toMatchObject({ member: '340000', database: 'yitong_340000' });
  expect(region.made).toBe(true);
  expect(region.directory).toMatchObject({ version: 1, threshold: 2, streams: 4 });
  expect(region.directory.members.map(({ url }) => url)).toEqual(
    region.members.map((one) => one.exchangeUrl),
  );
  const config = readNodeConfig(shanghai?.config ?? '');
  for (const path of [config.keys.batch, config.keys.directory, config.keys.tls.key, shanghai?.config ?? ''])
    expect(statSync(path).mode & 0o777).toBe(0o600);

  const pids = region.memory().map(({ pid }) => pid);
  expect(pids).toContain(shanghai?.pid());
  await region.stop();
  expect(pids.filter((pid) => pid !== process.pid && isAlive(pid))).toEqual([]);
});

test('starts again on the same ports with the same directory, and begins anew only when told to', async () => {
  const before = readFileSync(join(dataDir, 'directory.json'), 'utf8');
  const again = await started();
  expect(again.members[0]?.url).toMatch(/:7[4-9]10$/);
  expect(readFileSync(join(dataDir, 'directory.json'), 'utf8')).toBe(before);
  expect(again.made).toBe(false);
  await again.stop();

  const fresh = await started({ fresh: true });
  expect(fresh.made).toBe(true);
  expect(readFileSync(join(dataDir, 'directory.json'), 'utf8')).not.toBe(before);
});

test('chooses again when another program takes a port between the choice and its use', async () => {
  const thief = createServer();
  const steal = (name: string) => {
    if (name !== 'nodes' || thief.listening) return;
    thief.listen(JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8'))['310000.http'], '127.0.0.1');
  };
  const report = { step: steal, notice: (text: string) => told.push(text) };
  const region = await started({ report });
  const { port } = thief.address() as AddressInfo;
  thief.close();
  expect(told).toContain('another program took a port that was free a moment ago; choosing again');
  expect(region.members[0]?.url).toMatch(/:7\d10$/);
  expect(region.members[0]?.url).not.toContain(String(port));
});

test('after work gives memory back, and goes on serving', async () => {
  const region = await started();
  await region.rest();
  expect(await answer(`${region.members[0]?.url}/rests`)).toMatchObject({ rests: 2 });
});

test('refuses a second start on the same folder, and names the first', async () => {
  await started();
  await expect(up(testWish(dataDir))).rejects.toThrow(
    `is in use by process ${process.pid}; stop it (Ctrl-C there, or kill ${process.pid}), or choose another folder with --data`,
  );
  expect(await answer(running[0]?.members[0]?.url ?? '')).toMatchObject({ member: '310000' });
});

test('starts a node again that crashed, and PostgreSQL too', async () => {
  const region = await started();
  const [shanghai] = region.members;
  const first = shanghai?.pid();
  await fetch(`${shanghai?.url}/crash`).catch(() => undefined);
  await expect.poll(() => shanghai?.restarts(), soon).toBe(1);
  expect(shanghai?.pid()).not.toBe(first);
  expect(await answer(shanghai?.url ?? '')).toMatchObject({ pid: shanghai?.pid() });
  expect(told).toEqual(['310000: ended with exit code 3; starting it again', '310000: runs again']);

  const server = region.postgres.pid() ?? 0;
  process.kill(server, 'SIGKILL');
  await expect.poll(() => told.at(-1), soon).toBe('PostgreSQL runs again');
  expect(region.postgres.pid()).not.toBe(server);
  expect(isAlive(region.postgres.pid() ?? 0)).toBe(true);
});

test('after a killed start the nodes end by themselves and the next start adopts the database', async () => {
  const script = fileURLToPath(new URL('./testing/hold-region.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [pids]: { postgres: number; nodes: number[] }[] = await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => pids?.nodes.some(isAlive), soon).toBe(false);
  expect(isAlive(pids?.postgres ?? 0)).toBe(true);

  const region = await started();
  expect(region.postgres).toMatchObject({ adopted: true });
  expect(region.postgres.pid()).toBe(pids?.postgres);
  await region.stop();
  expect(isAlive(pids?.postgres ?? 0)).toBe(false);
});

test('a node that cannot start ends the whole start with its reason, and nothing stays behind', async () => {
  const members = [
    { code: '310000', name: { zh: '上海市', en: 'Shanghai' } },
    { code: '340000', name: { zh: '安徽省', en: 'Broken' } },
  ];
  await expect(started({ members })).rejects.toThrow(
    /the node of 340000 did not start: told to fail; see .*node\.log/,
  );
  expect(memoryOf([process.pid]).filter(({ name }) => name === 'postgres')).toEqual([]);
  expect(existsSync(join(dataDir, 'nodes', '310000', 'process.json'))).toBe(false);
  expect(existsSync(join(dataDir, 'supervisor.json'))).toBe(false);
});

test('a start that is called off ends what had begun', async () => {
  const control = new AbortController();
  const report: UpOptions['report'] = {
    step: (name) => {
      if (name === 'nodes') control.abort();
    },
    notice: (text) => told.push(text),
  };
  await expect(started({ signal: control.signal, report })).rejects.toThrow();
  expect(existsSync(join(dataDir, 'nodes', '310000', 'process.json'))).toBe(false);
  expect(existsSync(join(dataDir, 'supervisor.json'))).toBe(false);
});
