import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systems } from '@yitong/systems';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addressOf } from '../compose.ts';
import { readNodeConfig } from '../config.ts';
import { askOne, type DatabaseAddress, withConnection } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openTerms } from './terms.ts';
import { testWish } from './testing/wish.ts';
import { type RunningRegion, up } from './up.ts';

/** A server that is somebody else's: the region knows its URL and a role that is no superuser, and nothing more. */
let top = '';
let server: Postgres;
let host = '';
let region: RunningRegion | undefined;

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'yitong-test-'));
  chmodSync(top, 0o755);
  mkdirSync(join(top, 'theirs'));
  server = await startPostgres({ dataDir: join(top, 'theirs') });
  ({ host } = await server.ensureDatabase({ name: 'lender', role: 'lender', password: 'p@ss' }));
  const password = readFileSync(join(host, '..', 'superuser.password'), 'utf8').trim();
  const admin: DatabaseAddress = { host, port: 5432, user: 'postgres', password, database: 'postgres' };
  await withConnection(admin, (client) => client.query('alter role lender createdb createrole'));
});

afterEach(async () => {
  await region?.stop();
  region = undefined;
});

afterAll(async () => {
  await server.stop();
  await removePostgres(join(top, 'theirs'));
  rmSync(top, { recursive: true, force: true });
});

function started(): Promise<RunningRegion> {
  const { entry: _, ...wish } = testWish(join(top, 'ours'));
  const postgresUrl = `postgres://lender:p%40ss@localhost/lender?host=${encodeURIComponent(host)}`;
  return up({ ...wish, postgresUrl, terms: openTerms(systems) });
}

/** The first link of each node's chain: what a node that begins anew could not make again. */
const firstLinks = (running: RunningRegion) =>
  Promise.all(
    running.members.map(({ config }) =>
      withConnection(addressOf(readNodeConfig(config)), (client) =>
        askOne(client, "select encode(link, 'hex') from journal where seq = 1 order by partition limit 1"),
      ),
    ),
  );

async function expectReady(running: RunningRegion): Promise<void> {
  for (const { url } of running.members) {
    const answer = await fetch(`${url}/ready`, { headers: { connection: 'close' } });
    expect(`${answer.status} ${answer.ok ? '' : await answer.text()}`).toBe('200 ');
  }
}

test('a region on a server of somebody else starts, stops, and goes on with its journals', async () => {
  region = await started();
  await expectReady(region);
  const links = await firstLinks(region);
  expect(new Set(links).size).toBe(2);
  await region.stop();

  region = await started();
  await expectReady(region);
  expect(await firstLinks(region)).toEqual(links);
});
