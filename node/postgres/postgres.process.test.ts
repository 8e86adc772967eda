import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findBinaries, makeLinks, prepareBinaries } from './binaries.ts';
import { askOne, asOwner, type DatabaseAddress, withConnection } from './connection.ts';
import { chooseServerUser } from './os-user.ts';
import { placeElsewhere } from './place.ts';
import { connectPostgres, type Postgres, removePostgres, startPostgres } from './postgres.ts';
import { ended, isAlive } from './processes.ts';
import { SetupError } from './setup-error.ts';
import { strayPlaces, sweepStrays } from './strays.ts';

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const servers: Postgres[] = [];
const children: ChildProcess[] = [];

/** A data directory of its own, below a folder that others may enter or not. */
function dataFolder({ closed = false, deep = '' } = {}): string {
  const top = mkdtempSync(join(tmpdir(), 'yitong-test-'));
  folders.push(top);
  chmodSync(top, closed ? 0o700 : 0o755);
  const dataDir = join(top, deep, 'data');
  mkdirSync(dataDir, { recursive: true });
  return dataDir;
}

async function started(dataDir: string): Promise<Postgres> {
  const server = await startPostgres({ dataDir });
  servers.push(server);
  return server;
}

/** A process that starts the server, to be killed; resolves when `until` is true. */
async function holder(dataDir: string, until: 'ready' | (() => boolean)): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./testing/hold-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  if (until === 'ready') await once(child, 'message');
  else await expect.poll(until, { interval: 1, timeout: 20_000 }).toBe(true);
  return child;
}

function killed(child: ChildProcess): Promise<unknown> {
  child.kill('SIGKILL');
  return once(child, 'exit');
}

const addressed = (database: DatabaseAddress, text: string) =>
  withConnection(database, (client) => askOne(client, text));

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof SetupError) return `${error.code}: ${error.reason}; ${error.remedy}`;
    throw error;
  }
  return 'nothing was refused';
};

/** A data directory that most tests share: making one takes longer than they do. */
let shared = '';

beforeAll(async () => {
  shared = dataFolder();
  folders.pop();
  await (await startPostgres({ dataDir: shared })).stop();
});

afterAll(() => remove(join(shared, '..')));

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) await remove(folder);
});

const kept = 'create table kept (word text); grant select on kept to one';

async function remove(folder: string): Promise<void> {
  await removePostgres(join(folder, 'data')).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
}

test('makes a server whose databases are closed to each other, and finds them again after a stop', async () => {
  const dataDir = dataFolder();
  const server = await started(dataDir);
  const wish = { name: 'one', role: 'one', password: "it's a 'secret'" };
  const one = await server.ensureDatabase(wish);
  const two = await server.ensureDatabase({ name: 'two', role: 'two', password: 'other' });
  await withConnection(asOwner(one), (client) => client.query(kept));
  expect(await addressed(one, 'show server_encoding')).toBe('UTF8');
  expect(await addressed(one, 'select datlocale from pg_database where datname = current_database()')).toBe(
    'C.UTF-8',
  );
  await expect(addressed({ ...two, database: 'one' }, 'select 1')).rejects.toThrow(/permission denied/);
  await expect(addressed({ ...one, password: 'wrong' }, 'select 1')).rejects.toThrow(/password/);
  expect(statSync(join(dataDir, 'postgres', 'superuser.password')).mode & 0o777).toBe(0o600);
  await server.stop();
  expect(isAlive(server.pid ?? 0)).toBe(false);

  const again = await started(dataDir);
  expect(again).toMatchObject({ made: false, adopted: false });
  await again.ensureDatabase({ ...wish, password: 'changed' });
  expect(await addressed({ ...one, password: 'changed' }, 'select count(*) from kept')).toBe('0');
  expect(readFileSync(again.log ?? '', 'utf8')).not.toContain('secret');
});

test('adopts the server of a start that was killed, and stops it at the end', async () => {
  const dataDir = shared;
  await killed(await holder(dataDir, 'ready'));
  const server = await started(dataDir);
  expect(server.adopted).toBe(true);
  const again = await startPostgres({ dataDir });
  expect(again.pid).toBe(server.pid);
  await server.stop();
  expect(isAlive(server.pid ?? 0)).toBe(false);
});

test('starts at once after the server itself was killed', async () => {
  const dataDir = shared;
  const first = await started(dataDir);
  const database = await first.ensureDatabase({ name: 'one', role: 'one', password: 'p' });
  await withConnection(asOwner(database), (client) => client.query(kept));
  process.kill(first.pid ?? 0, 'SIGKILL');
  await ended(first.pid ?? 0, 5_000);
  const second = await started(dataDir);
  expect(second.adopted).toBe(false);
  expect(await addressed(database, 'select count(*) from kept')).toBe('0');
});

test('does not take a killed initdb for a database', async () => {
  const dataDir = dataFolder();
  const half = join(dataDir, 'postgres', 'data.tmp');
  await killed(await holder(dataDir, () => existsSync(join(half, 'PG_VERSION'))));
  expect(existsSync(join(dataDir, 'postgres', 'data'))).toBe(false);
  const server = await started(dataDir);
  expect(server.made).toBe(true);
  expect(existsSync(half)).toBe(false);
});

test('goes past the process id of a dead server that something else has now', async () => {
  const dataDir = shared;
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  writeFileSync(
    file,
    [process.pid, join(dataDir, 'postgres/data'), 1, 5432, join(dataDir, 'none'), '', '', 'ready', ''].join(
      '\n',
    ),
  );
  const server = await started(dataDir);
  expect(server.adopted).toBe(false);
  expect(server.pid).not.toBe(process.pid);
});

test('runs under a path of 150 characters, with its socket where the path is short', async () => {
  const dataDir = dataFolder({ deep: 'a-rather-long-folder-name-'.repeat(5) });
  expect(dataDir.length).toBeGreaterThan(150);
  const server = await started(dataDir);
  const { host } = await server.ensureDatabase({ name: 'one', role: 'one', password: 'p' });
  expect(host).toMatch(/^\/tmp\/yitong-[0-9a-f]{8}$/);
  expect(lstatSync(host).mode & 0o777).toBe(0o700);
  await server.stop();
  expect(existsSync(host)).toBe(false);
});

test('keeps the database elsewhere when its user cannot enter the folder; a copy of that folder gets one of its own', async () => {
  const dataDir = dataFolder({ closed: true });
  await (await started(dataDir)).stop();
  const elsewhere = placeElsewhere(dataDir);
  expect(elsewhere === undefined).toBe(!isRoot); // Only root runs it as another user.
  const copy = `${dataDir}-copy`;
  cpSync(dataDir, copy, { recursive: true, filter: (path) => !path.endsWith('postgres/data') });
  const original = await started(dataDir);
  const other = await started(copy);
  expect(original).toMatchObject({ made: false, adopted: false });
  expect(other).toMatchObject({ made: true, adopted: false });
  await removePostgres(copy); // Stops it first.
  expect(other.isRunning()).toBe(false);
  expect(original.isRunning()).toBe(true);
  await original.stop();
  const moved = `${dataDir}-moved`;
  renameSync(dataDir, moved);
  expect(await started(moved)).toMatchObject({ made: false });
  await sweepStrays();
  expect(placeElsewhere(moved)).toBe(elsewhere);
  await removePostgres(moved);
  expect(existsSync(elsewhere ?? join(moved, 'postgres'))).toBe(false);
});

test('throws away the database of a temporary folder that is gone, its server too', async () => {
  const dataDir = dataFolder({ closed: true });
  const lost = await started(dataDir);
  const elsewhere = placeElsewhere(dataDir);
  if (elsewhere === undefined) await lost.stop(); // Not root: it lay inside and goes with the folder.
  rmSync(join(dataDir, '..'), { recursive: true });
  const stray = strayPlaces().some(({ folder }) => folder === elsewhere);
  expect(stray).toBe(isRoot);
  await sweepStrays();
  expect(strayPlaces().some(({ folder }) => folder === elsewhere)).toBe(false);
  expect(lost.isRunning()).toBe(false);
});

test('makes the links that npm cannot carry, or copies the programs when they cannot be run in place', () => {
  const found = findBinaries();
  const user = chooseServerUser(undefined);
  const folder = join(dataFolder(), 'open');
  const native = join(folder, 'native');
  cpSync(found.native, native, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
  expect(prepareBinaries({ ...found, native }, user, folder)).toBe(native);
  expect(makeLinks(native)).toBe(true);

  chmodSync(folder, 0o700);
  const copies = join(folder, '..', 'copies');
  mkdirSync(copies);
  const used = prepareBinaries({ ...found, native }, user, copies);
  expect(used).toBe(isRoot ? join(copies, `native-${found.version}`) : native);
  expect(prepareBinaries({ ...found, native }, user, copies)).toBe(used);
});

test('says what to do about data of another PostgreSQL, damaged data, a lost password, and no PostgreSQL', async () => {
  const dataDir = shared;
  const data = join(dataDir, 'postgres', 'data');
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8');
  writeFileSync(join(data, 'PG_VERSION'), '15\n');
  await expect(startPostgres({ dataDir })).rejects.toThrow(
    /is of PostgreSQL 15, the installed programs are PostgreSQL 18; start it with a release .*--postgres URL.*--fresh/,
  );
  rmSync(join(data, 'PG_VERSION'));
  await expect(startPostgres({ dataDir })).rejects.toThrow(/is not a PostgreSQL database.*--fresh/);
  writeFileSync(join(data, 'PG_VERSION'), version);
  const secret = join(dataDir, 'postgres', 'superuser.password');
  const password = readFileSync(secret, 'utf8');
  writeFileSync(secret, 'wrong\n');
  await expect(startPostgres({ dataDir })).rejects.toThrow(/superuser\.password is not the one of/);
  writeFileSync(secret, password);
  expect(refusal(() => findBinaries('sunos-x64'))).toBe(
    'no-postgres: no PostgreSQL for sunos-x64; use --postgres URL',
  );
});

test('shows the last words of a server that does not start', async () => {
  const dataDir = shared;
  const settings = join(dataDir, 'postgres', 'data', 'postgresql.auto.conf');
  writeFileSync(settings, 'no_such_setting = 1\n');
  await expect(startPostgres({ dataDir })).rejects.toThrow(/no_such_setting[\s\S]*see .*server\.log/);
  rmSync(settings);
});

test('uses a server of somebody else by its URL, as a role that is no superuser', async () => {
  const server = await started(shared);
  const { host } = await server.ensureDatabase({ name: 'shop', role: 'shop', password: 'p@ss' });
  const url = `postgres://shop:p%40ss@localhost/shop?host=${encodeURIComponent(host)}`;
  await expect(connectPostgres(url)).rejects.toThrow(/role shop may not create roles and databases; run as/);
  const password = readFileSync(join(host, '..', 'superuser.password'), 'utf8').trim();
  const admin = { host, port: 5432, user: 'postgres', password, database: 'postgres' };
  await withConnection(admin, (client) => client.query('alter role shop createdb createrole'));

  const external = await connectPostgres(url);
  expect(external).toMatchObject({ kind: 'external', adopted: false });
  await withConnection(admin, (client) => client.query('create role taken'));
  const taken = { name: 'taken', role: 'taken', password: 'p' };
  await expect(external.ensureDatabase(taken)).rejects.toThrow(/role taken is there already/);
  const wish = { name: 'lent', role: 'lent', password: 'p' };
  const one = await external.ensureDatabase(wish);
  expect(await addressed(one, 'select current_user')).toBe('lent');
  await external.stop();
  expect(await addressed(one, 'select 1')).toBe('1');
  await external.dropDatabase(wish);
  await expect(addressed(one, 'select 1')).rejects.toThrow();
});

test.for([
  ['mysql://a@b', /scheme mysql: is not postgres:/],
  ['nothing', /not a URL/],
  ['postgres://localhost', /the user is missing/],
  ['postgres://a:b@127.0.0.1:1/c', /a@127.0.0.1:1 cannot be used .*check address/],
] as const)('refuses the address %s with its reason', async ([url, reason]) => {
  await expect(connectPostgres(url)).rejects.toThrow(reason);
});
