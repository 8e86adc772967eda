import { expect, test } from 'vitest';
import { Chain, done, fenced, type Take, type Under } from './samples.suite.ts';

/** One holder a partition, by the database's clock. */
export function leaseTests(under: Under, take: Take): void {
  test('gives each free partition to one holder until it lets go', async () => {
    const { store, second } = under();
    const [mine, theirs] = await Promise.all([
      store.acquire([0, 1, 2, 3], 'first', 'a:1'),
      second.acquire([3, 2, 1, 0], 'second', 'b:1'),
    ]);
    const all = [...mine, ...theirs].map((lease) => lease.partition).sort();
    expect(new Set(all).size).toBe(all.length);
    // A row that the other is looking at is passed over: it comes with the next try.
    const rest = await store.acquire([0, 1, 2, 3], 'third', '');
    expect([...all, ...rest.map((lease) => lease.partition)].sort()).toEqual([0, 1, 2, 3]);
    expect(await second.acquire([0, 1, 2, 3], 'second', 'b:1')).toEqual([]);
    expect(await store.renew([...mine, ...theirs], 'first')).toEqual(mine.map((lease) => lease.partition));
    await second.release(mine, 'second');
    expect(await second.acquire([0, 1, 2, 3], 'second', 'b:1')).toEqual([]);
    await store.release(mine, 'first');
    expect((await store.places()).map(({ partition }) => partition)).toEqual(
      [...theirs, ...rest].map(({ partition }) => partition).sort(),
    );
    const again = await second.acquire([0, 1, 2, 3], 'second', 'b:1');
    expect(again).toEqual(mine.map(({ partition, epoch }) => ({ partition, epoch: epoch + 1 })));
    const place = { holder: 'second', address: 'b:1' };
    expect(await store.places()).toEqual(
      expect.arrayContaining(again.map((lease) => ({ ...lease, ...place }))),
    );
  });

  test('passes a lease on when its time is over, and fences who wakes late', async () => {
    const sleeper = await take(0);
    expect(await sleeper.write()).toEqual(done);
    const { store, second } = under();
    const lease = { partition: 0, epoch: sleeper.epoch };
    await under().elapse(4_000);
    expect(await second.acquire([0], 'second', '')).toEqual([]);
    expect(await store.renew([lease], 'first')).toEqual([0]);
    await under().elapse(4_000);
    expect(await second.acquire([0], 'second', '')).toEqual([]);
    await under().elapse(2_000);
    const taker = await Chain.take(second, 0, 'second');
    expect(taker.epoch).toBe(sleeper.epoch + 1);
    expect(taker.row).toEqual(sleeper.row);
    expect(await store.renew([lease], 'first')).toEqual([]);
    expect(await sleeper.write()).toEqual(fenced);
    expect(await taker.write()).toEqual(done);
    await store.release([lease], 'first');
    expect(await taker.write()).toEqual(done);
  });
}
