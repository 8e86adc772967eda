import { afterEach, expect, test } from 'vitest';
import { rebuildState } from '../journal/rebuild.ts';
import { verifyJournal } from '../journal/verify.ts';
import { kernelSystems } from '../kernel-systems.ts';
import { type MemoryDatabase, openMemoryStore } from '../store/memory.ts';
import { clinic } from '../testing/clinic.ts';
import { bill, cashier, members, TestRegion } from '../testing/region.ts';

// A database that was put back from a backup does not know what its node signed since (threat 67, kernel rule K54).

const here = '340000';
let database: MemoryDatabase | undefined;
let region: TestRegion;
/** Whether the other member answers what this one asks. */
let isAway = false;
/** Frames that this member brought to the other. */
let brought = 0;

afterEach(async () => {
  await region.stop();
  database = undefined;
  isAway = false;
});

async function started(): Promise<void> {
  const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
  const own = openMemoryStore({ partitions: 4, records, now: () => Date.now() });
  database = own.database;
  const node = (member: string) => region.node(member === '310000' ? '310000' : '340000');
  region = new TestRegion({
    storeOf: (member) => (member === here ? own : undefined),
    more: { limits: { backOffMs: 1, backOffMaxMs: 2 } },
    moreOf: (member) => ({
      peers: {
        async batch(to, frame) {
          if (isAway && member === here) throw new Error('away');
          if (member === here) brought += 1;
          return node(to).receive(member, frame);
        },
        async ask(to, what, body) {
          if (isAway && member === here) throw new Error('away');
          return node(to).ask(member, what, body);
        },
      },
    }),
  });
  await region.start();
}

const presented = (id: string, waitMs = 20_000) =>
  region.node(here).command({ type: 'clinic/present', input: bill(id), actor: cashier }, waitMs);

/** Stops this member, puts a state in the place of its database, and starts it again. */
async function putBack(state: ReturnType<MemoryDatabase['snapshot']>): Promise<void> {
  await region.node(here).stop();
  // As a restored database has them: free.
  for (const { lease } of state.partitions) lease.until = Number.NEGATIVE_INFINITY;
  database?.restore(state);
  await region.restart(here);
}

function snapshot(): ReturnType<MemoryDatabase['snapshot']> {
  if (!database) throw new Error('not started');
  return database.snapshot();
}

test('a node on an older database stands still and says so; on the newest it goes on as if nothing had been', async () => {
  await started();
  expect(await presented('b1')).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  const older = snapshot();
  expect(await presented('b2')).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  const newest = snapshot();
  brought = 0;
  await putBack(older);
  const { ready, reasons } = region.node(here).status();
  expect([ready, reasons]).toEqual([
    false,
    [
      expect.stringMatching(
        /^the database is older than what 310000 holds: batch \d+ of stream main\.\d, signed here at /,
      ),
    ],
  ]);
  expect(await presented('b3')).toMatchObject({ state: 'busy' });
  expect(brought).toBe(0);

  await putBack(newest);
  expect(region.node(here).status()).toMatchObject({ ready: true, reasons: [] });
  expect(await presented('b3')).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  for (const member of members) {
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings, member).toEqual([]);
  }
});

test('while the peer is away nothing leaves; once it is there it proves that the database is older, and nobody gets a second frame for one place', async () => {
  await started();
  const older = snapshot();
  expect(await presented('b1')).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  isAway = true;
  brought = 0;
  await putBack(older);
  expect(region.node(here).status()).toMatchObject({ ready: true });
  // Other content for the place that b1 had: signed and stored, but it does not leave.
  expect(await presented('b1', 0)).toMatchObject({ state: 'open' });
  isAway = false;
  await region.until(async () => !region.node(here).status().ready);
  expect(brought).toBe(0);
  expect(region.node('310000').status().peers).toMatchObject([{ member: here, alarms: [] }]);
});

test('a newest database whose last receipts were not stored is not taken for an older one', async () => {
  await started();
  expect(await presented('b1')).toMatchObject({ state: 'done' });
  const before = snapshot();
  for (const partition of before.partitions) partition.receipts.clear();
  await putBack(before);
  expect(region.node(here).status()).toMatchObject({ ready: true });
  expect(await presented('b2')).toMatchObject({ state: 'done' });
});
