import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Eraser } from '@yitong/kernel';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storeSuite } from '../../kernel/store/store.suite.ts';
import {
  Chain,
  idOf,
  legs,
  recordOf,
  suiteOptions,
  suiteRecords,
} from '../../kernel/store/suite/samples.suite.ts';
import { asOwner, type DatabaseAddress, type NodeDatabase } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { hasRoutes } from './journal.ts';
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres.ts';
import { openFrames } from './tail.ts';

const folder = mkdtempSync(join(tmpdir(), 'yitong-store-'));
let server: Postgres;
let address: NodeDatabase;
let admin: Client;

const options = (more: Partial<PostgresStoreOptions> = {}): PostgresStoreOptions => ({
  ...{ connection: address, records: suiteRecords, writers: 2, ...suiteOptions },
  ...more,
});

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder, settings: { walMb: 256 } });
  address = await server.ensureDatabase({ name: 'store_test', role: 'store_test', password: 'store test' });
  admin = await connected(asOwner(address));
});

afterAll(async () => {
  await admin.end();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

async function connected(to: DatabaseAddress): Promise<Client> {
  const client = new Client(to);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function opened(more?: Partial<PostgresStoreOptions>): Promise<PostgresStore> {
  return openPostgresStore(options(more));
}

/** Empties all tables: quicker than a new database. */
async function emptied(): Promise<void> {
  const { rows } = await admin.query<{ tables: string }>(
    `select string_agg(format('%I', tablename), ', ') as tables from pg_tables
      where schemaname = 'public' and tablename <> 'schema_version' and tablename !~ '_[0-9]{4}_[0-9]{2}$'`,
  );
  const tables = rows[0]?.tables;
  if (tables) await admin.query(`truncate ${tables}`);
}

async function one(text: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await admin.query<Record<string, unknown>>(text, values);
  return Object.values(rows[0] ?? {})[0];
}

/** A role sees and ends its own backends only. */
async function asNode(text: string): Promise<unknown> {
  const client = await connected(address);
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
}

/** Waits until the server shows it; a test without this would have to guess a time. */
async function until(text: string, values: unknown[] = [], ask = one): Promise<void> {
  const deadline = performance.now() + 20_000;
  while ((await ask(text, values)) !== true) {
    if (performance.now() > deadline) throw new Error(`never became true: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function eraserOf({ eraser }: PostgresStore): Eraser {
  if (!eraser) throw new Error('the store has no role that erases');
  return eraser;
}

storeSuite('PostgreSQL', async () => {
  await emptied();
  const [first, second] = [await opened(), await opened({ writers: 1 })];
  return {
    store: first.store,
    reader: first.reader,
    eraser: eraserOf(first),
    second: second.store,
    async elapse(ms) {
      await admin.query(`update lease set until = until - $1::int * interval '1 ms'`, [ms]);
    },
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
  };
});

test('a partition opens as quickly after very many frames: the newest of each stream are looked at', async () => {
  await emptied();
  const under = await opened();
  const bytes = `'\\x00'::bytea`;
  await admin.query(`insert into sent (partition, peer, stream, epoch, seq, head, signature, link, number, count, from_at, upto_at)
    select 0, '340000', 'main.' || s, 1, n, ${bytes}, ${bytes}, ${bytes}, n, 1, n - 1, n from generate_series(0, 3) s, generate_series(1, 20000) n`);
  await admin.query(`insert into receipt (partition, peer, stream, epoch, seq, receipt, signature, refusals)
    select 0, peer, stream, epoch, seq, ${bytes}, ${bytes}, '' from sent where seq <= 19998`);
  await admin.query('analyze sent; analyze receipt');
  const { sent } = await under.store.tail(0);
  expect(sent.map(({ last, unreceipted }) => [last.seq, unreceipted.map((row) => row.seq)])).toEqual(
    Array.from({ length: 4 }, () => [20_000, [19_999, 20_000]]),
  );
  const { rows } = await admin.query(
    `explain (analyze, format json) ${openFrames.replaceAll('$1::int', '0')}`,
  );
  expect(rowsRead(rows[0]['QUERY PLAN'][0]['Plan'])).toBeLessThan(4_000);
  await under.close();
});

test('routes are found as quickly in a long journal: batches without any are not looked at', async () => {
  await emptied();
  const under = await opened();
  const bytes = `'\\x00'::bytea`;
  await admin.query(`insert into journal (partition, seq, epoch, now, count, root, prev, link, head, routes, peers)
    select 1, n, 1, n, 1, ${bytes}, ${bytes}, ${bytes}, ${bytes}, '{}', case when n % 5000 = 0 then '{""}' else '{340000}' end::text[]
    from generate_series(1, 20000) n`);
  await admin.query('analyze journal');
  expect((await under.store.read(1, 1, 64, '')).map(({ row }) => row.seq)).toEqual([
    5_000, 10_000, 15_000, 20_000,
  ]);
  const { rows } = await admin.query(
    `explain (analyze, format json) select seq from journal where partition = 1 and seq >= 1 and ${hasRoutes} order by seq limit 64`,
  );
  const plan = rows[0]['QUERY PLAN'][0]['Plan'];
  expect(JSON.stringify(plan)).toContain('journal_routes');
  expect(rowsRead(plan)).toBe(4);
  await under.close();
});

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that the scans of a plan gave, all loops together. */
function rowsRead(plan: PlanNode): number {
  const own = plan['Relation Name'] === undefined ? 0 : plan['Actual Rows'] * plan['Actual Loops'];
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), own);
}

const waiting = `select count(*) > 0 from pg_stat_activity where application_name like 'yitong writer%' and wait_event_type = 'Lock'`;

describe('a connection that breaks during a commit', () => {
  let under: PostgresStore;
  beforeEach(async () => {
    await emptied();
    under = await opened();
    return () => under.close();
  });

  test('leaves unknown what happened; the tail tells, and the same batch goes in once', async () => {
    const chain = await Chain.take(under.store, 0);
    const commit = chain.next({ postings: legs(idOf('t'), 1n), records: [recordOf('a')] });
    const blocker = await connected(asOwner(address));
    await blocker.query('begin; lock table posting in exclusive mode');
    const result = under.store.commit(commit);
    await until(waiting, [], asNode);
    await asNode(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'yitong writer%'`,
    );
    expect(await result).toEqual({ result: 'unknown' });
    await blocker.query('rollback');
    await blocker.end();
    expect((await under.store.tail(0)).journal).toEqual(chain.row);
    expect(await under.store.commit(commit)).toEqual({ result: 'done' });
    expect((await under.store.tail(0)).journal).toEqual(commit.journal);
    expect(await one('select count(*)::int from posting')).toBe(2);
  });

  test('may hide a commit that was made: the tail shows it', async () => {
    const relay = await Relay.to(address);
    const far = await opened({ connection: relay.address });
    const chain = await Chain.take(far.store, 0);
    relay.isMute = true;
    const commit = chain.next({ records: [recordOf('a')] });
    const result = far.store.commit(commit);
    await until('select count(*) = 1 from journal where seq = 1');
    relay.cut();
    expect(await result).toEqual({ result: 'unknown' });
    expect((await far.store.tail(0)).journal).toEqual(commit.journal);
    expect(await far.store.commit(commit)).toEqual({ result: 'fenced' });
    await far.close();
    await relay.close();
  });

  test('may leave a ghost that commits later: the batch is in once, whoever was first', async () => {
    const relay = await Relay.to(address);
    const far = await opened({ connection: relay.address });
    const chain = await Chain.take(far.store, 0);
    const commit = chain.next({ postings: legs(idOf('t'), 1n) });
    const blocker = await connected(asOwner(address));
    await blocker.query('begin; lock table posting in exclusive mode');
    const ghost = far.store.commit(commit);
    await until(waiting, [], asNode);
    relay.cut();
    expect(await ghost).toEqual({ result: 'unknown' });
    expect((await far.store.tail(0)).journal).toEqual(chain.row);
    const again = far.store.commit(commit);
    await blocker.query('rollback');
    await blocker.end();
    expect(['done', 'fenced']).toContain((await again).result);
    await until('select count(*) = 1 from journal where seq = 1');
    expect((await far.store.tail(0)).journal).toEqual(commit.journal);
    expect(await one('select count(*)::int from posting')).toBe(2);
    await far.close();
    await relay.close();
  });

  test('fails everything while the server is away and works again after', async () => {
    const chain = await Chain.take(under.store, 0);
    expect(await chain.write()).toEqual({ result: 'done' });
    await admin.end();
    await server.stop();
    const commit = chain.next({ records: [recordOf('a')] });
    expect(await under.store.commit(commit)).toEqual({ result: 'unknown' });
    await expect(under.store.tail(0)).rejects.toThrow();
    await expect(under.ping()).rejects.toThrow();
    server = await startPostgres({ dataDir: folder, settings: { walMb: 256 } });
    admin = await connected(asOwner(address));
    await under.ping();
    expect((await under.store.tail(0)).journal).toEqual(chain.row);
    expect(await under.store.commit(commit)).toEqual({ result: 'done' });
    expect(await under.reader.record('ledger/claim', 'person:1', 'a', 0)).toEqual(recordOf('a'));
  });

  test('is told of a statement that takes too long as something to do again', async () => {
    const chain = await Chain.take(under.store, 0);
    const blocker = await connected(asOwner(address));
    await blocker.query('begin; lock table posting in exclusive mode');
    const result = chain.write({ postings: legs(idOf('t'), 1n) });
    await until(waiting, [], asNode);
    await asNode(
      `select pg_cancel_backend(pid) from pg_stat_activity where application_name like 'yitong writer%'`,
    );
    expect(await result).toEqual({ result: 'again' });
    await blocker.query('rollback');
    await blocker.end();
    expect(await chain.write({ postings: legs(idOf('t'), 1n) })).toEqual({ result: 'done' });
  });
});

describe('the schema', () => {
  beforeEach(emptied);

  test('is made once by processes that start together, and again changes nothing', async () => {
    await admin.query('drop schema public cascade; create schema public');
    const stores = await Promise.all([opened(), opened(), opened()]);
    for (const store of stores) await store.close();
    const tables = `select string_agg(relname || relkind::text, ',' order by relname) from pg_class
      where relnamespace = 'public'::regnamespace`;
    const before = await one(tables);
    await (await opened()).close();
    expect(await one(tables)).toBe(before);
    expect(await one('select count(*)::int from pg_index where not indisvalid')).toBe(0);
    expect(
      await one(
        `select attstorage from pg_attribute where attrelid = 'journal_body'::regclass and attname = 'body'`,
      ),
    ).toBe('e');
    expect(
      await one(`select every(attstorage = 'e') from pg_attribute a join pg_inherits i on a.attrelid = i.inhrelid
      where i.inhparent = 'journal_body'::regclass and attname = 'body'`),
    ).toBe(true);
  });

  test('makes the tables of months ahead, and others before the commit that needs them', async () => {
    const months = `select count(*)::int from pg_inherits where inhparent = 'seen'::regclass`;
    const under = await opened();
    const before = Number(await one(months));
    expect(before).toBeGreaterThanOrEqual(3);
    const chain = await Chain.take(under.store, 0);
    const body = new Uint8Array([1]);
    const commits = ['2031-05', '2031-06', '2031-05'].map(
      (month) => ({ month, seq: 1, class: '5y', body }) as const,
    );
    for (const row of commits) {
      const result = await chain.write({ bodies: [{ ...row, seq: chain.row.seq + 1 }] });
      expect(result).toEqual({ result: 'done' });
    }
    expect(await one(months)).toBe(before + 2);
    await expect(chain.write({ bodies: [{ month: '2031-13', seq: 4, class: '5y', body }] })).rejects.toThrow(
      'no month',
    );
    await under.close();
  });

  test('makes an index of a field that is declared later, and mends one whose building was cut off', async () => {
    const [claim] = suiteRecords;
    if (!claim) throw new Error('no record type');
    await admin.query('drop table r_ledger_claim');
    await (await opened({ records: [{ ...claim, find: ['code'] }] })).close();
    const valid = `select count(*)::int from pg_index where indrelid = 'r_ledger_claim'::regclass and indisvalid`;
    expect(await one(valid)).toBe(2);
    const under = await opened();
    expect(await one(valid)).toBe(1 + claim.find.length);
    await under.close();
    const superuser = await connected(asOwner(address));
    await superuser.query(
      `drop index ${String(
        await one(`select indexrelid::regclass::text from pg_index
      where indrelid = 'r_ledger_claim'::regclass and not indisprimary limit 1`),
      )}`,
    );
    await superuser.end();
    await (await opened()).close();
    expect(await one(valid)).toBe(1 + claim.find.length);
  });

  test('refuses another number of partitions, and a database of a later program', async () => {
    await (await opened()).close();
    await expect(opened({ partitions: 8 })).rejects.toThrow('set partitions to 4');
    await admin.query('insert into schema_version (version) values (99)');
    await expect(opened()).rejects.toThrow('start a newer program');
    await admin.query('delete from schema_version where version = 99');
  });

  test('refuses record types whose tables would be one, and fields without order', async () => {
    const [claim] = suiteRecords;
    if (!claim) throw new Error('no record type');
    const twin = (system: string, name: string) => ({
      ...claim,
      system,
      name,
      type: `${system}/${name}`,
      find: [],
    });
    await expect(opened({ records: [twin('a-b', 'c'), twin('a', 'b-c')] })).rejects.toThrow(
      'share the table r_a_b_c',
    );
    await expect(opened({ records: [twin('a', 'b'.repeat(70))] })).rejects.toThrow('58 characters');
  });

  test('answers a sorted page from the index of its field', async () => {
    const under = await opened();
    const chain = await Chain.take(under.store, 0);
    const records = Array.from({ length: 5000 }, (_, n) =>
      recordOf(`${n}`, { subject: `person:${n}` }, { amount: String(n * 7) }),
    );
    expect(await chain.write({ records })).toEqual({ result: 'done' });
    await admin.query('analyze r_ledger_claim');
    // What made the table and its indexes has flushed its counts once its session is gone.
    await until(`select count(*) = 0 from pg_stat_activity where application_name = 'yitong prepare'`);
    // So has the session that emptied the tables, told to: emptying builds each index anew.
    await admin.query('select pg_stat_force_next_flush()');
    const scans = `select seq_scan::int from pg_stat_user_tables where relname = 'r_ledger_claim'`;
    const before = await one(scans);
    const sort = { field: 'amount', descending: true };
    const base = { type: 'ledger/claim', where: [], sort, limit: 10, owner: 'all' } as const;
    const first = await under.reader.list({ ...base, after: undefined });
    const second = await under.reader.list({ ...base, after: first.next });
    expect(second.rows.map((row) => row.id)).toEqual(Array.from({ length: 10 }, (_, n) => `${4989 - n}`));
    await under.close();
    // A session's counts are flushed when it ends.
    await until(
      `select coalesce(sum(idx_scan), 0) >= 2 from pg_stat_user_indexes where indexrelname like '%amount%'`,
    );
    expect(await one(scans)).toBe(before);
  });
});

/** A TCP way to the server that can fall silent and be cut. */
class Relay {
  isMute = false;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly address: NodeDatabase;

  constructor(server: Server, target: NodeDatabase, port: number) {
    this.#server = server;
    this.address = { ...target, host: '127.0.0.1', port };
  }

  static async to(target: NodeDatabase): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = server.address();
    if (typeof place !== 'object' || place === null) throw new Error('no port');
    const relay = new Relay(server, target, place.port);
    server.on('connection', (near) => relay.#join(near, target));
    return relay;
  }

  #join(near: Socket, target: DatabaseAddress): void {
    const isSocket = target.host.startsWith('/');
    const far = isSocket
      ? connect(`${target.host}/.s.PGSQL.${target.port}`)
      : connect(target.port, target.host);
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => this.isMute || near.write(bytes));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      });
    }
  }

  /** Cuts all connections; new ones are let through. */
  cut(): void {
    this.isMute = false;
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
