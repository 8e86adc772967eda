import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rebuildState } from '../../kernel/journal/rebuild.ts';
import { verifyJournal } from '../../kernel/journal/verify.ts';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { TestRegion } from '../../kernel/testing/region.ts';
import type { DatabaseAddress } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
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

  constructor(name: string) {
    const words = ['--import', 'tsx', program, JSON.stringify(connection), name];
    this.#child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no output');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    running.add(this);
  }

  async next(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  present(id: string): Promise<unknown> {
    this.#child.stdin?.write(`${id}\n`);
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

test('a killed holder is followed by the one that waits, and one that wakes late is fenced: no hole, nothing twice', async () => {
  const first = new Holder('first');
  expect(await first.next()).toEqual({ event: 'holds', epoch: [1, 1, 1, 1] });
  expect(await first.present('b1')).toMatchObject({ state: 'done' });
  const second = new Holder('second');
  await first.kill();
  expect(await second.next()).toEqual({ event: 'holds', epoch: [2, 2, 2, 2] });
  expect(await second.present('b2')).toMatchObject({ state: 'done' });

  const third = new Holder('third');
  second.signal('SIGSTOP');
  expect(await third.next()).toEqual({ event: 'holds', epoch: [3, 3, 3, 3] });
  expect(await third.present('b3')).toMatchObject({ state: 'done' });
  second.signal('SIGCONT');
  expect(await second.present('b4')).toMatchObject({ state: 'busy', ready: false });
  expect(await third.present('b5')).toMatchObject({ state: 'done', ready: true });
  await second.kill();
  await third.kill();

  const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
  const store = await openPostgresStore({ connection, partitions: 4, records, writers: 1 });
  const checked = new TestRegion().checked('310000', store);
  expect((await verifyJournal(checked)).findings).toEqual([]);
  expect((await rebuildState(checked)).findings).toEqual([]);
  const bills = await store.reader.count({ type: 'clinic/bill', where: [], owner: 'own' });
  expect(bills).toBe(4);
  await store.close();
});
