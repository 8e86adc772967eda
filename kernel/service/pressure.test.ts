import { afterEach, expect, test } from 'vitest';
import { openMemoryStore } from '../store/memory.ts';
import { bill, cashier, systemClock, TestRegion } from '../testing/region.ts';

let aheadMs = 0;
let openGate: () => void = () => undefined;
let gate: Promise<void> = Promise.resolve();
let lookUps = 0;
let lookUpGate: Promise<void> = Promise.resolve();

/** A database whose commits, and look-ups of ids, wait while their gate is shut, at the member where bills are presented. */
const region = new TestRegion({
  more: { clock: { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs } },
  storeOf(member, systems) {
    if (member !== '340000') return undefined;
    const records = systems.flatMap((one) => [...one.records.values()]);
    const { store, reader } = openMemoryStore({ partitions: 4, records, now: () => Date.now() });
    const commit: typeof store.commit = async (one) => {
      await gate;
      return store.commit(one);
    };
    const seen: typeof store.seen = async (partition, keys) => {
      if (partition !== undefined) return store.seen(partition, keys);
      lookUps += 1;
      await lookUpGate;
      return store.seen(partition, keys);
    };
    return { store: { ...store, commit, seen }, reader };
  },
});
afterEach(() => region.stop());

test('once commands have waited for two seconds new ones are asked to come later, and those that waited are done', async () => {
  await region.start();
  const here = region.node('340000');
  const present = () => here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  const queued = () => here.status().partitions.reduce((sum, { queue }) => sum + queue, 0);
  gate = new Promise((resolve) => {
    openGate = resolve;
  });
  const first = present();
  await expect.poll(() => here.status().partitions.some(({ writing }) => writing)).toBe(true);
  const second = present();
  await expect.poll(queued).toBe(1);
  aheadMs = 1_900;
  const third = present();
  await expect.poll(queued).toBe(2);
  aheadMs = 2_100;
  expect(await present()).toMatchObject({ state: 'busy', problem: { status: 503 }, retryAfterMs: 500 });
  openGate();
  const ends = await Promise.all([first, second, third]);
  expect(ends.map(({ state }) => state)).toEqual(['done', 'refused', 'refused']);
  expect(await present()).toMatchObject({ state: 'refused' });
});

test('the look-up of an id counts as waiting: who waited two seconds for it comes later, and who is turned away costs no look-up', async () => {
  await region.start();
  const here = region.node('340000');
  const wish = (k: number) => ({
    type: 'clinic/present',
    id: `019aa0c0-0000-7000-8000-00000000000${k}`,
    input: bill(`b${k}`),
    actor: cashier,
  });
  let openLookUps: () => void = () => undefined;
  lookUpGate = new Promise((resolve) => {
    openLookUps = resolve;
  });
  const before = lookUps;
  const first = here.command(wish(2), 10_000);
  await expect.poll(() => lookUps).toBe(before + 1);
  aheadMs += 2_100;
  openLookUps();
  expect(await first).toMatchObject({ state: 'busy', problem: { status: 503 } });
  expect(await here.command(wish(2), 10_000)).toMatchObject({ state: 'done' });
  gate = new Promise((resolve) => {
    openGate = resolve;
  });
  const writing = here.command({ type: 'clinic/present', input: bill('b3'), actor: cashier }, 10_000);
  await expect.poll(() => here.status().partitions.some(({ writing: is }) => is)).toBe(true);
  const waiting = here.command({ type: 'clinic/present', input: bill('b3'), actor: cashier }, 10_000);
  await expect.poll(() => here.status().partitions.some(({ queue }) => queue > 0)).toBe(true);
  aheadMs += 2_100;
  const asked = lookUps;
  expect(await here.command(wish(3), 10_000)).toMatchObject({ state: 'busy' });
  expect(lookUps).toBe(asked);
  openGate();
  await Promise.all([writing, waiting]);
});
