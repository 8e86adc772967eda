import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildState } from '../../kernel/journal/rebuild.ts';
import { verifyJournal } from '../../kernel/journal/verify.ts';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, members, person, TestRegion } from '../../kernel/testing/region.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openPostgresStore, type PostgresStore } from './postgres.ts';

// Two nodes on real PostgreSQL, each with its three roles, seventeen years later (K27).

const folder = mkdtempSync(join(tmpdir(), 'yitong-erasing-'));
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const year = 366 * 86_400_000;
const stores = new Map<string, PostgresStore>();
let server: Postgres;
let region: TestRegion;
let years = 0;

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder });
  for (const member of members) {
    const name = `erasing_${member}`;
    const connection = await server.ensureDatabase({ name, role: name, password: name });
    stores.set(member, await openPostgresStore({ connection, partitions: 4, records, writers: 2 }));
  }
  region = new TestRegion({
    shiftMs: () => years * year,
    storeOf: (member) => stores.get(member),
    moreOf: (member) => {
      const eraser = stores.get(member)?.eraser;
      return eraser ? { eraser } : {};
    },
  });
  await region.start();
});

afterAll(async () => {
  await region.stop();
  for (const store of stores.values()) await store.close();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

/** Bytes of a member's journal that are not yet erased, by class. */
async function bytesOf(member: string): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  for (let partition = 0; partition < 4; partition += 1)
    for (const { bodies } of (await stores.get(member)?.store.read(partition, 1, 10_000)) ?? [])
      for (const { class: name, body } of bodies) sums[name] = (sums[name] ?? 0) + body.length;
  return sums;
}

test('a payload over its term is gone from the database, by the role that erases alone; journal, frames and tables still verify', async () => {
  for (const id of ['b1', 'b2', 'b3']) {
    const wish = { type: 'clinic/present', actor: cashier, input: bill(id) };
    expect(await region.node('340000').command(wish, 60_000)).toMatchObject({ state: 'done' });
  }
  await region.until(() => region.isReceipted());
  const before = await bytesOf('310000');
  expect(before).toMatchObject({ '15y': expect.any(Number) });
  expect(before['gone']).toBeUndefined();
  years = 17;
  for (const member of members) await region.restart(member);
  let forgotten = 0;
  for (const member of members)
    for (let round = await region.node(member).retain(); ; round = await region.node(member).retain()) {
      forgotten += round.forgotten;
      if (round.erased + round.forgotten === 0 && !round.more) break;
    }
  expect(forgotten).toBeGreaterThan(0);
  const after = await bytesOf('310000');
  expect(after['gone']).toBeGreaterThan(0);
  expect(after['15y'] ?? 0).toBeLessThan(before['15y'] ?? 0);
  const self = { id: 'p', roles: [], person };
  const read = { type: 'clinic/share', subject: `person:${person}`, id: 'b1', purpose: 'own', actor: self };
  expect(await region.node('310000').read(read)).toBeUndefined();
  for (const member of members) {
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings, member).toEqual([]);
  }
});
