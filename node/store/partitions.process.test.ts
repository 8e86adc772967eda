import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, members, TestRegion } from '../../kernel/testing/region.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { type Heard, WireTap } from '../testing/wire-tap.ts';
import { openPostgresStore, type PostgresStore } from './postgres.ts';

// A cluster (Citus) puts each partition's rows on one machine: then every table must be cut by partition, and no transaction of the
// write path may touch two. The tables are asked of the server's catalogue, the statements are heard on their way to it.

const folder = mkdtempSync(join(tmpdir(), 'yitong-partitions-'));
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const stores = new Map<string, PostgresStore>();
let server: Postgres;
let tap: WireTap;
let admin: Client;

/** Known to every machine of a cluster alike: which steps of the schema were made, written before anything else runs. */
const everywhere = ['schema_version'];

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder, settings: { walMb: 256 } });
  const wished = members.map((member) => `cut_${member}`);
  const [first, second] = await Promise.all(
    wished.map((name) => server.ensureDatabase({ name, role: name, password: name })),
  );
  if (!first || !second) throw new Error('two databases');
  admin = new Client(second);
  await admin.connect();
  tap = new WireTap(`${first.host}/.s.PGSQL.${first.port}`);
  const host = { host: '127.0.0.1', port: await tap.listen() };
  for (const [n, address] of [first, second].entries()) {
    const options = { partitions: 4, records, writers: 2 } as const;
    stores.set(
      members[n] ?? '',
      await openPostgresStore({ connection: { ...address, ...host }, ...options }),
    );
  }
  const region = new TestRegion({ storeOf: (member) => stores.get(member) });
  await region.start();
  const present = (id: string, total: string) =>
    region.node('340000').command({ type: 'clinic/present', input: bill(id, total), actor: cashier }, 20_000);
  await Promise.all(Array.from({ length: 40 }, (_, n) => present(`b${n}`, String(1_000 + n))));
  await present('refused', '5');
  await region.stop();
});

afterAll(async () => {
  for (const store of stores.values()) await store.close();
  await admin.end();
  tap.close();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

async function tables(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  return rows.map(({ name }) => name).filter((name) => !everywhere.includes(name));
}

test('every table is cut by partition: it leads each of its unique keys', async () => {
  const { rows } = await admin.query<{ table: string; key: string }>(
    `select c.relname as table, pg_get_indexdef(i.indexrelid, 1, true) as key from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'public'::regnamespace and i.indisunique and not c.relispartition`,
  );
  const keyed = rows.filter(({ table }) => !everywhere.includes(table));
  expect(keyed.filter(({ key }) => key !== 'partition')).toEqual([]);
  const names = await tables();
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !keyed.some(({ table }) => table === name))).toEqual([]);
});

test('each statement of a commit names one partition, the same in the whole transaction', async () => {
  const names = await tables();
  const written = tap.heard.filter(({ use }) => use.startsWith('yitong writer'));
  const transactions = new Map<string, Heard[]>();
  for (const one of written) {
    const name = `${one.connection} ${one.sync}`;
    transactions.set(name, [...(transactions.get(name) ?? []), one]);
  }
  const commits = [...transactions.values()].filter((all) =>
    all.some(({ text }) => text.startsWith('insert into journal ')),
  );
  expect(commits.length).toBeGreaterThan(20);
  expect(new Set(commits.flatMap((all) => all.map(({ first }) => first)))).toEqual(new Set([0, 1, 2, 3]));
  for (const commit of commits) {
    expect(new Set(commit.map(({ first }) => first)).size, JSON.stringify(commit)).toBe(1);
    for (const { text } of commit) expect(crossing(text, names), text).toEqual([]);
  }
});

test.for([
  ['select 1 from lease l join journal j using (partition) where l.partition = $1::int', []],
  ['insert into timer (partition, subject) select $1::int, * from unnest($2::text[])', []],
  ['insert into timer (subject, partition) select * from unnest($1::text[], $2::int[])', ['timer']],
  ['delete from timer where due < $1::bigint', ['timer']],
  ['select 1 from lease l join journal j on j.seq = $2 where l.partition = $1::int', ['lease', 'journal']],
] as const)('%s goes beyond one partition in %j', ([text, found]) => {
  expect(crossing(text, ['lease', 'journal', 'timer'])).toEqual(found);
});

/** Tables of a statement that it does not hold to the partition of its first parameter. */
function crossing(text: string, names: readonly string[]): string[] {
  const named = names.filter((name) => new RegExp(`\\b(?:into|from|join|update) "?${name}"?\\b`).test(text));
  const inserts = /^insert into "?(\w+)"? \(partition,[^)]*\)\s+(?:select|values \()\s*\$1::int\b/.exec(
    text,
  )?.[1];
  const isHeld = /\b(?:\w\.)?partition = \$1::int\b/.test(text);
  const isJoined = named.length < 2 || /using \(partition\)/.test(text);
  return named.filter((name) => name !== inserts && !(isHeld && isJoined));
}
