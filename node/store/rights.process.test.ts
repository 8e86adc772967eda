import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { asOwner, asRetention, type DatabaseAddress, type NodeDatabase } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openPostgresStore } from './postgres.ts';

// Threats 57 to 60, as far as the database itself can stand against them: what the node's role may not do, whoever speaks in its name.

const folder = mkdtempSync(join(tmpdir(), 'yitong-rights-'));
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const refused = '42501';
let server: Postgres;
let address: NodeDatabase;
let node: Client;
let owner: Client;
let broom: Client;

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder });
  await server.ensureDatabase({ name: 'neighbour', role: 'neighbour', password: 'n' });
  address = await server.ensureDatabase({ name: 'rights', role: 'rights', password: 'r' });
  await opened();
  node = await connected(address);
  owner = await connected(asOwner(address));
  const erasing = asRetention(address);
  if (!erasing) throw new Error('no role that erases');
  broom = await connected(erasing);
});

afterAll(async () => {
  await node.end();
  await owner.end();
  await broom.end();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

async function opened(): Promise<void> {
  const store = await openPostgresStore({ connection: address, partitions: 4, records, writers: 1 });
  await store.close();
}

async function connected(to: DatabaseAddress): Promise<Client> {
  const client = new Client(to);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The code with which the server refuses a statement of a role, or what it did. */
async function attempt(statement: string, as = node): Promise<string> {
  // This one runs outside of transactions only.
  const isAlone = statement.startsWith('create database');
  if (!isAlone) await as.query('begin');
  try {
    const { command, rowCount } = await as.query(statement);
    return `${command} ${rowCount}`;
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'));
  } finally {
    if (!isAlone) await as.query('rollback');
  }
}

interface TableRights {
  readonly name: string;
  readonly column: string;
}

/** Every table of the database, with one column of it: read from the catalogue, so that later tables are tried too. */
async function tables(): Promise<readonly TableRights[]> {
  const { rows } = await owner.query<TableRights>(
    `select c.relname as name, quote_ident(a.attname) as column
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
      where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`,
  );
  return rows;
}

/** What the kernel changes in place, or keeps for a time only (files); records are `r_…`. */
const changing = [
  'awaited',
  'balance',
  'blob',
  'blob_piece',
  'conversation',
  'held',
  'hold',
  'lease',
  'timer',
  'witnessed',
];
const isChanging = (name: string): boolean => changing.includes(name) || name.startsWith('r_');

const takesBack = ({ name, column }: TableRights): readonly string[] => [
  `update ${name} set ${column} = ${column}`,
  `delete from ${name}`,
  `select * from ${name} for update`,
  `merge into ${name} t using ${name} s on false when matched then delete`,
];

test('no row of a journal, frame, receipt, posting or checkpoint is changed or deleted: not of any table but those of the present state', async () => {
  const kept = (await tables()).filter(({ name }) => !isChanging(name));
  expect(kept.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'journal',
      'journal_body',
      'seen',
      'received',
      'sent',
      'receipt',
      'posting',
      'segment',
      'checkpoint',
    ]),
  );
  expect(kept.filter(({ name }) => /^(journal_body|seen)_20/.test(name)).length).toBeGreaterThan(3);
  const done: string[] = [];
  for (const table of kept)
    for (const statement of takesBack(table))
      if ((await attempt(statement)) !== refused) done.push(statement);
  expect(done).toEqual([]);
});

test('no table is emptied, altered, dropped, given away, watched by a trigger or locked against the node', async () => {
  const done: string[] = [];
  for (const { name } of await tables())
    for (const statement of [
      `truncate ${name}`,
      `alter table ${name} add column more int`,
      `alter table ${name} disable trigger all`,
      `drop table ${name} cascade`,
      `alter table ${name} owner to rights`,
      `create index on ${name} (partition)`,
      `create rule gone as on insert to ${name} do instead nothing`,
      `create policy all_of_it on ${name}`,
    ])
      if ((await attempt(statement)) !== refused) done.push(statement);
  expect(done).toEqual([]);
});

test.for([
  'create table mine (a int)',
  'create temporary table mine (a int)',
  'create view mine as select 1',
  'create schema mine',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create role mine',
  'create database mine',
  'alter role rights superuser',
  'alter role rights_owner password null',
  'set role rights_owner',
  'set session authorization rights_owner',
  'grant rights_owner to rights',
  'alter database rights owner to rights',
  'reassign owned by rights_owner to rights',
  'insert into schema_version (version) values (99)',
  'select * from pg_authid',
  `select pg_read_file('postgresql.conf')`,
  `copy journal to '/tmp/journal'`,
  `copy journal from program 'true'`,
  `select lo_import('/etc/passwd')`,
  'set session_replication_role = replica',
  'checkpoint',
])('refused: %s', async (statement) => {
  expect(await attempt(statement)).toBe(refused);
});

test('the month function makes months, and nothing that is not one', async () => {
  expect(await attempt(`select yitong_month('2031-07')`)).toBe('SELECT 1');
  expect(await attempt(`select yitong_month('2031-07''); drop table journal; --')`)).toBe('P0001');
});

test('the databases of other nodes are closed, by connection as well as by name', async () => {
  const there = { ...address, database: 'neighbour' };
  await expect(connected(there)).rejects.toMatchObject({ code: refused });
  expect(await attempt('select * from neighbour.public.journal')).toBe('0A000');
});

test('to a table that a later version adds rows are added, and no more', async () => {
  await owner.query('create table later (partition int primary key, word text)');
  await opened();
  expect(await attempt('insert into later values (1)')).toBe('INSERT 1');
  for (const statement of [
    ...takesBack({ name: 'later', column: 'word' }),
    'truncate later',
    'drop table later',
  ])
    expect([statement, await attempt(statement)]).toEqual([statement, refused]);
});

test('who erases replaces bodies and forgets ids, and does nothing else to any table', async () => {
  const allowed = ['journal_body', 'seen'];
  const done: string[] = [];
  for (const table of await tables())
    for (const statement of [
      ...takesBack(table),
      `select * from ${table.name}`,
      `insert into ${table.name} default values`,
      `truncate ${table.name}`,
      `drop table ${table.name} cascade`,
    ])
      if ((await attempt(statement, broom)) !== refused) done.push(statement);
  expect(done.filter((statement) => !allowed.some((name) => statement.split(' ').includes(name)))).toEqual(
    [],
  );
  expect(done).toEqual([
    'update journal_body set partition = partition',
    'delete from journal_body',
    'select * from journal_body for update',
    'merge into journal_body t using journal_body s on false when matched then delete',
    'select * from journal_body',
    'insert into journal_body default values',
    'delete from seen',
    'merge into seen t using seen s on false when matched then delete',
    'select * from seen',
  ]);
});

test.for([
  'create table mine (a int)',
  'set role rights_owner',
  'set role rights',
  `select yitong_month('2031-08')`,
  'select * from pg_authid',
])('refused to who erases: %s', async (statement) => {
  expect(await attempt(statement, broom)).toBe(refused);
});

test('rights that were given by hand are taken back at the next start', async () => {
  await owner.query('grant update, delete, truncate on journal to rights');
  expect(await attempt('delete from journal where false')).toBe('DELETE 0');
  await opened();
  expect(await attempt('delete from journal where false')).toBe(refused);
});

test('a database whose tables belong to the node itself, as they did once, is handed to the owner', async () => {
  const password = readFileSync(join(folder, 'postgres', 'superuser.password'), 'utf8').trim();
  const superuser = await connected({ ...address, user: 'postgres', database: 'postgres', password });
  await superuser.query(`create role former login password 'f'`);
  await superuser.query('create database former owner former');
  await superuser.end();
  const wish = { name: 'former', role: 'former', password: 'f' };
  const before = await connected({ ...address, user: 'former', database: 'former', password: 'f' });
  await before.query('create table journal (partition int); insert into journal values (7)');
  await before.end();
  const now = await server.ensureDatabase(wish);
  const [client, itsOwner] = [await connected(now), await connected(asOwner(now))];
  await expect(client.query('drop table journal')).rejects.toMatchObject({ code: refused });
  await expect(client.query('create table mine (a int)')).rejects.toMatchObject({ code: refused });
  expect((await itsOwner.query('select * from journal')).rows).toEqual([{ partition: 7 }]);
  await client.end();
  await itsOwner.end();
});
