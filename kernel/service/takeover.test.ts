import { expect, test } from 'vitest';
import { uuidOf } from '../exchange/uuid.ts';
import { rebuildState } from '../journal/rebuild.ts';
import { verifyJournal } from '../journal/verify.ts';
import type { Clock } from '../seams.ts';
import { openMemoryStore } from '../store/memory.ts';
import { bill, cashier, TestRegion } from '../testing/region.ts';

/** A time that goes on only when it is told to, and machines that live by it until they stand still. */
class Hours {
  #ms = Date.parse('2026-11-26T02:00:00.000Z');
  readonly #due: { readonly at: number; readonly run: () => void }[] = [];
  readonly now = () => this.#ms;

  machine(runs: () => boolean): Clock {
    const after: Clock['after'] = (ms, run) => {
      const one = { at: this.#ms + ms, run: () => runs() && run() };
      this.#due.push(one);
      return () => void this.#due.splice(this.#due.indexOf(one) >>> 0, 1);
    };
    return { now: this.now, monotonic: this.now, after };
  }

  /** Goes on to what is due next, and lets all that follows from it happen. */
  async next(): Promise<void> {
    this.#due.sort((a, b) => a.at - b.at);
    const one = this.#due.shift();
    this.#ms = Math.max(this.#ms, one?.at ?? 0);
    one?.run();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a second process takes over within ten seconds of the first one’s last sign of life, and handles nothing again', async () => {
  const hours = new Hours();
  let database: ReturnType<typeof openMemoryStore> | undefined;
  let firstRuns = true;
  const processOf = (holder: string, runs: () => boolean) =>
    new TestRegion({
      only: '340000',
      more: { clock: hours.machine(runs), holder },
      storeOf(_, systems) {
        const records = systems.flatMap((one) => [...one.records.values()]);
        database ??= openMemoryStore({ partitions: 4, records, now: hours.now });
        return database;
      },
    });
  const [first, second] = [processOf('first', () => firstRuns), processOf('second', () => true)];
  const begun = hours.now();
  const present = (region: TestRegion, n: number) => {
    const id = uuidOf(begun, new Uint8Array(10).fill(n));
    const request = { type: 'clinic/present', id, actor: cashier, input: bill(`b${n}`) };
    return region.node('340000').command(request, 0);
  };
  const all = Array.from({ length: 20 }, (_, n) => n);
  await first.start();
  for (const n of all) expect(await present(first, n)).toMatchObject({ state: 'open' });
  let isWorking = false;
  const started = second.start().then(() => {
    isWorking = true;
  });
  for (let n = 0; n < 100; n += 1) await hours.next();
  expect(isWorking, 'while the first one works').toBe(false);

  firstRuns = false;
  const stoodStill = hours.now();
  while (!isWorking) await hours.next();
  await started;
  expect(hours.now() - stoodStill).toBeLessThanOrEqual(10_000);

  firstRuns = true; // It wakes late, and does not know yet.
  const late = present(first, 99);
  for (let n = 0; n < 20; n += 1) await hours.next();
  expect(await late).toMatchObject({ state: 'busy' });
  for (const n of all) expect(await present(second, n)).toMatchObject({ state: 'open' });
  const query = {
    type: 'clinic/bill',
    where: [],
    sort: undefined,
    limit: 100,
    after: undefined,
    owner: 'own',
  } as const;
  const { rows } = await second.reader('340000').list(query);
  expect(rows.map(({ version }) => version)).toEqual(all.map(() => 1));
  for (const check of [verifyJournal, rebuildState])
    expect((await check(second.checked('340000'))).findings).toEqual([]);
});
