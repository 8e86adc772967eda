import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildState } from '../../kernel/journal/rebuild.ts';
import { verifyJournal } from '../../kernel/journal/verify.ts';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, members, type TestMember, TestRegion } from '../../kernel/testing/region.ts';
import { asOwner, type NodeDatabase, withConnection } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openPostgresStore, type PostgresStore } from '../store/postgres.ts';
import { memberFiles } from '../supervisor/layout.ts';
import { restoreMember, secretFiles } from '../supervisor/restore.ts';
import type { Manifest } from './format.ts';
import { checkBackup, restoreBackup } from './restore.ts';
import { backUp } from './write.ts';

// Two nodes on real PostgreSQL. A backup is written while bills are settled, and put back when more have been.

const folder = mkdtempSync(join(tmpdir(), 'yitong-backup-'));
const file = join(folder, 'anhui.tar.gz');
const here = '340000';
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const reading = { progress: () => undefined, signal: new AbortController().signal };
const databases = new Map<string, NodeDatabase>();
const stores = new Map<string, PostgresStore>();
let server: Postgres;
let region: TestRegion;
let manifest: Manifest;
/** Bills presented so far. */
let count = 0;

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder });
  for (const member of members) await made(`backup_${member}`, member);
  region = new TestRegion({ storeOf: (member) => stores.get(member) });
  await region.start();
  while (count < 10) expect(await presented(`b${count++}`)).toMatchObject({ state: 'done' });
  const database = databases.get(here);
  if (!database) throw new Error('no database');
  let isWritten = false;
  const lane = async (): Promise<void> => {
    while (!isWritten) expect(await presented(`b${count++}`)).toMatchObject({ state: 'done' });
  };
  const traffic = Promise.all([lane(), lane(), lane()]);
  manifest = await backUp({ member: here, region: 'csj', partitions: 4, database }, file, reading);
  isWritten = true;
  await traffic;
  expect(await presented(`b${count++}`)).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  await region.node(here).stop();
});

afterAll(async () => {
  await region.stop();
  for (const store of stores.values()) await store.close();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

async function made(name: string, key: string): Promise<NodeDatabase> {
  const database = await server.ensureDatabase({ name, role: name, password: name });
  databases.set(key, database);
  await opened(key);
  return database;
}

async function opened(key: string): Promise<void> {
  const connection = databases.get(key);
  if (!connection) throw new Error(`no database ${key}`);
  stores.set(key, await openPostgresStore({ connection, partitions: 4, records, writers: 2 }));
}

async function empty(name: string): Promise<NodeDatabase> {
  return server.ensureDatabase({ name, role: name, password: name });
}

const presented = (id: string) =>
  region.node(here).command({ type: 'clinic/present', input: bill(id), actor: cashier }, 60_000);

const restored = (path: string, into: NodeDatabase) =>
  restoreBackup(path, into, { ...reading, file: async () => undefined });

/** Puts another store in the place of the member's own, and starts it again on it. */
async function startOn(key: string): Promise<void> {
  const store = stores.get(key);
  if (!store) throw new Error(`no store ${key}`);
  region.stores.set(here, store);
  await region.restart(here);
}

test('only its owner may read the file, and it says what it holds', async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await checkBackup(file, reading)).toEqual(manifest);
  expect(manifest).toMatchObject({ format: 'yitong-backup/1', member: here, partitions: 4, keys: false });
  expect(manifest.heads.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  expect(manifest.tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['journal', 'journal_body', 'r_clinic_bill']),
  );
});

test('what was written under load is the state of one moment: put back, it verifies and folds to its own tables', async () => {
  const database = await empty('put_back');
  expect(await restored(file, database)).toEqual(manifest);
  databases.set('put back', database);
  await opened('put back');
  const store = stores.get('put back');
  if (!store) throw new Error('no store');
  const checked = region.checked(here, store);
  expect((await verifyJournal(checked)).findings).toEqual([]);
  expect((await rebuildState(checked)).findings).toEqual([]);
  const bills = await store.reader.count({ type: 'clinic/bill', where: [], owner: 'own' });
  expect(bills).toBeGreaterThanOrEqual(10);
  expect(bills).toBeLessThan(count);
});

test('a node on it stands still, for its peer holds what came after; on its own database it goes on', async () => {
  await startOn('put back');
  expect(region.node(here).status()).toMatchObject({
    ready: false,
    reasons: [expect.stringContaining('the database is older than what 310000 holds')],
  });
  expect(await presented('b999')).toMatchObject({ state: 'busy' });
  await startOn(here);
  expect(region.node(here).status()).toMatchObject({ ready: true });
  expect(await presented('b999')).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  for (const member of members as readonly TestMember[]) {
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings, member).toEqual([]);
  }
});

test.for<readonly [string, (bytes: Buffer) => Buffer, string]>([
  ['cut off', (bytes) => bytes.subarray(0, bytes.length - 2_000), 'damaged or cut off'],
  ['changed in one byte', (bytes) => flipped(bytes, bytes.length >> 1), 'damaged or cut off'],
  ['no backup', () => Buffer.from('not a backup'), 'damaged or cut off'],
])('a file that is %s is refused, and nothing of it stays', async ([, spoilt, reason]) => {
  const path = join(folder, 'spoilt.tar.gz');
  writeFileSync(path, spoilt(readFileSync(file)));
  await expect(checkBackup(path, reading)).rejects.toMatchObject({
    code: 'bad-backup',
    reason: expect.stringContaining(reason),
  });
  const database = await empty('spoilt');
  await expect(restored(path, database)).rejects.toMatchObject({ code: 'bad-backup' });
  const { rows } = await withConnection(asOwner(database), (client) =>
    client.query(`select relname from pg_class where relnamespace = 'public'::regnamespace`),
  );
  expect(rows).toEqual([]);
});

test('wherever a byte of it was changed, nothing of it is put back', async () => {
  const path = join(folder, 'flipped.tar.gz');
  const bytes = readFileSync(file);
  const database = await empty('flipped');
  // Gzip tells at its end: before that, rows may be read that the server does not take.
  for (let part = 1; part < 24; part += 1) {
    const at = Math.floor((bytes.length * part) / 24);
    writeFileSync(path, flipped(bytes, at));
    await expect(restored(path, database), `byte ${at} of ${bytes.length}`).rejects.toMatchObject({
      code: 'bad-backup',
    });
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

test('with keys it makes the member whole on a fresh machine, in a folder of another name', async () => {
  const [old, fresh] = [join(folder, 'old'), join(folder, 'fresh')];
  const before = memberFiles(old, here);
  mkdirSync(join(before.folder, 'keys'), { recursive: true });
  for (const path of [before.batchKey, before.tlsKey, before.config]) writeFileSync(path, `text of ${path}`);
  const database = databases.get(here);
  if (!database) throw new Error('no database');
  const path = join(folder, 'with-keys.tar.gz');
  const files = secretFiles(old, here);
  const written = await backUp({ member: here, region: 'csj', partitions: 4, database }, path, {
    ...reading,
    files,
  });
  const wish = { dataDir: fresh, member: here, path, postgresUrl: undefined, replace: false };
  const put = await restoreMember({ ...wish, ...reading });
  await removePostgres(fresh);
  expect(put.heads).toEqual(written.heads);
  const after = memberFiles(fresh, here);
  for (const name of ['batchKey', 'tlsKey', 'config'] as const) {
    expect(readFileSync(after[name], 'utf8')).toBe(`text of ${before[name]}`);
    expect(statSync(after[name]).mode & 0o077).toBe(0);
  }
});

test('a database with something in it is left alone, and so is a file that is there', async () => {
  const database = databases.get(here);
  if (!database) throw new Error('no database');
  await expect(restored(file, database)).rejects.toMatchObject({ code: 'database-not-empty' });
  const again = backUp({ member: here, region: 'csj', partitions: 4, database }, file, reading);
  await expect(again).rejects.toMatchObject({ code: 'file-there' });
  expect(await checkBackup(file, reading)).toEqual(manifest);
});
