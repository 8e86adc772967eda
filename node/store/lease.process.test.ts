import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { uuidOf } from '../../kernel/exchange/uuid.ts';
import { rebuildState } from '../../kernel/journal/rebuild.ts';
import { verifyJournal } from '../../kernel/journal/verify.ts';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { TestRegion } from '../../kernel/testing/region.ts';
import type { DatabaseAddress } from '../postgres/connection.ts';
import { freePort } from '../postgres/free-port.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { ensureCertificate } from '../supervisor/certificate.ts';
import { Line, leaseMs } from './line.ts';
import { openPostgresStore } from './postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'yitong-lease-'));
const program = fileURLToPath(new URL('../testing/holder-process.ts', import.meta.url));
let server: Postgres;
let connection: DatabaseAddress;
const running = new Set<Holder>();

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder, settings: { walMb: 256 } });
  connection = await server.ensureDatabase({ name: 'lease', role: 'lease', password: 'lease' });
});
afterEach(async () => {
  for (const holder of running) await holder.kill();
});
afterAll(async () => {
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

/** A process of the member, and the lines that it says. */
class Holder {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, at = connection, more: readonly object[] = []) {
    const words = [
      '--import',
      'tsx',
      program,
      JSON.stringify(at),
      name,
      ...more.map((one) => JSON.stringify(one)),
    ];
    this.#child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no output');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    running.add(this);
  }

  async next(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  present(id: string): Promise<unknown> {
    this.write(id);
    return this.next();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    running.delete(this);
    const over = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await over;
  }
}

/** A process that is there and waits until it may hold the partitions. */
async function waiting(name: string): Promise<Holder> {
  const holder = new Holder(name);
  expect(await holder.next()).toEqual({ event: 'waits' });
  return holder;
}

/** By the database's clock, in ms: now, when the first lease ends, when the last one was renewed or taken. */
async function leases(line: Line): Promise<{ now: number; ends: number; taken: number }> {
  const ms = (what: string) => `(extract(epoch from ${what}) * 1000)::float8`;
  const text = `select ${ms('clock_timestamp()')} as now, ${ms('min(until)')} as ends, ${ms('max(until)')} as last from lease`;
  const [row] = await line.ask({ text, values: [] });
  return { now: Number(row?.['now']), ends: Number(row?.['ends']), taken: Number(row?.['last']) - leaseMs };
}

/** Begins a commit in each partition and goes no further, as a process does that is stopped in the middle of one. */
async function stuckCommit(line: Line): Promise<void> {
  const client = await line.client();
  await client.query('begin');
  await client.query(`insert into journal select (jsonb_populate_record(j, jsonb_build_object('seq', seq + 1))).* from journal j
    where seq = (select max(seq) from journal k where k.partition = j.partition)`);
}

/** The database opened anew, after its journals were verified and its tables folded again. */
async function checkedStore(at: DatabaseAddress) {
  const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
  const store = await openPostgresStore({ connection: at, partitions: 4, records, writers: 1 });
  const checked = new TestRegion().checked('310000', store);
  expect((await verifyJournal(checked)).findings).toEqual([]);
  expect((await rebuildState(checked)).findings).toEqual([]);
  return store;
}

test('a killed holder is followed by the one that waits, and one that wakes late is fenced: no hole, nothing twice', async () => {
  const first = await waiting('first');
  expect(await first.next()).toEqual({ event: 'holds', epoch: [1, 1, 1, 1] });
  expect(await first.present('b1')).toMatchObject({ state: 'done' });
  const second = await waiting('second');
  const use = { name: 'test', statementMs: 60_000, keysOnly: false };
  const [line, stuck] = [new Line(connection, use), new Line(connection, use)];
  await first.kill();
  const killed = await leases(line);
  expect(await second.next()).toEqual({ event: 'holds', epoch: [2, 2, 2, 2] });
  // A lease has at most its own length to run, and is taken within another: ten seconds.
  expect(killed.ends - killed.now).toBeLessThanOrEqual(leaseMs);
  expect((await leases(line)).taken - killed.ends).toBeLessThan(leaseMs);
  expect(await second.present('b2')).toMatchObject({ state: 'done' });

  const third = await waiting('third');
  await stuckCommit(stuck);
  second.signal('SIGSTOP');
  const stopped = await leases(line);
  expect(await third.next()).toEqual({ event: 'holds', epoch: [3, 3, 3, 3] });
  expect((await leases(line)).taken - stopped.ends).toBeLessThan(leaseMs);
  expect(await third.present('b3')).toMatchObject({ state: 'done' });
  second.signal('SIGCONT');
  expect(await second.present('b4')).toMatchObject({ state: 'busy', ready: false });
  expect(await third.present('b5')).toMatchObject({ state: 'done', ready: true });
  await second.kill();
  await third.kill();
  await line.close();
  await stuck.close();

  const store = await checkedStore(connection);
  const bills = await store.reader.count({ type: 'clinic/bill', where: [], owner: 'own' });
  expect(bills).toBe(4);
  await store.close();
});

test('two processes of a node work at once; one that is killed amid the work is replaced by the other, and gets its share again: nothing lost, nothing twice', async () => {
  const at = await server.ensureDatabase({ name: 'both', role: 'both', password: 'both' });
  const files = { tlsKey: join(folder, 'tls.key.pem'), tlsCertificate: join(folder, 'tls.cert.pem') };
  await ensureCertificate(files, '310000', '127.0.0.1');
  const tls = { key: readFileSync(files.tlsKey, 'utf8'), cert: readFileSync(files.tlsCertificate, 'utf8') };
  const ports = [await freePort(), await freePort()];
  const processOf = async (number: 1 | 2): Promise<Holder> => {
    const share = { number, of: 2, host: '127.0.0.1', port: ports[number - 1] };
    const holder = new Holder(`process ${number}`, at, [share, tls]);
    expect(await holder.next()).toEqual({ event: 'waits' });
    expect(await holder.next()).toMatchObject({ event: 'holds' });
    return holder;
  };
  const line = new Line(at, { name: 'test', statementMs: 60_000, keysOnly: false });
  /** Until so many processes hold all partitions between them, each the same number. */
  const shared = async (among: number): Promise<void> => {
    const text = `select count(*) from lease, pg_sleep(0.1) where until > clock_timestamp() group by holder`;
    for (let counts: number[] = []; counts.length !== among || counts.some((one) => one * among !== 4); )
      counts = (await line.ask({ text, values: [] })).map((row) => Number(row['count']));
  };
  const wishes = Array.from({ length: 200 }, (_, n) => `b${n} ${uuidOf(Date.now(), randomBytes(10))}`);
  const [first, second] = [await processOf(1), await processOf(2)];
  await shared(2);
  for (const [n, wish] of wishes.entries()) (n % 2 === 0 ? first : second).write(wish);
  for (let n = 0; n < 20; n += 1) await second.next();
  await second.kill();
  for (let n = 0; n < 100; n += 1) await first.next();
  // Whoever got no answer, or was told to come again, asks the one that is left, with the same id.
  for (const wish of wishes)
    for (let state = 'busy'; state !== 'done'; ) {
      ({ state } = (await first.present(wish)) as { state: string });
      expect(['done', 'busy', 'open']).toContain(state);
    }
  await shared(1);

  const again = await processOf(2);
  await shared(2);
  for (const [n, one] of [first, again].entries())
    for (let state = 'busy'; state !== 'done'; )
      ({ state } = (await one.present(`b20${n} ${uuidOf(Date.now(), new Uint8Array(10).fill(n))}`)) as {
        state: string;
      });
  await first.kill();
  await again.kill();
  await line.close();

  const store = await checkedStore(at);
  const page = { where: [], sort: undefined, limit: 300, after: undefined } as const;
  const { rows } = await store.reader.list({ type: 'clinic/bill', owner: 'own', ...page });
  // Presented and priced, each once.
  expect(rows.map(({ version }) => version)).toEqual([...wishes, 'b200', 'b201'].map(() => 2));
  await store.close();
});
