import { describe, expect, test } from 'vitest';
import { MemoryDatabase, type MemoryFault, openMemoryStore } from './memory.ts';
import { storeSuite } from './store.suite.ts';
import type { Commit } from './store.ts';
import { Chain, recordOf, suiteOptions, suiteRecords } from './suite/samples.suite.ts';

function database(clock = { now: 1_000_000 }): MemoryDatabase {
  return new MemoryDatabase({ ...suiteOptions, records: suiteRecords, now: () => clock.now });
}

storeSuite('memory', async () => {
  const clock = { now: 1_000_000 };
  const { database: shared, store, reader, eraser } = openMemoryStore({ database: database(clock) });
  return {
    store,
    reader,
    eraser,
    second: openMemoryStore({ database: shared }).store,
    async elapse(ms) {
      clock.now += ms;
    },
    async close() {},
  };
});

describe('faults of a database in memory', () => {
  const faulty = async (fault: MemoryFault) => {
    const shared = database();
    const faults: (MemoryFault | undefined)[] = [fault];
    const { store } = openMemoryStore({ database: shared, fault: () => faults.shift() });
    return { shared, store, chain: await Chain.take(store, 0) };
  };
  const rows: readonly [MemoryFault, string, number][] = [
    ['again', 'again', 0],
    ['full', 'full', 0],
    ['cut', 'unknown', 0],
    ['late', 'unknown', 0],
    ['lost', 'unknown', 1],
  ];
  test.for(rows)('%s is told as %s and leaves %i batches', async ([fault, result, seq]) => {
    const { store, chain } = await faulty(fault);
    const commit = chain.next();
    expect(await store.commit(commit)).toEqual({ result });
    expect((await store.tail(0)).journal.seq).toBe(seq);
    expect(await store.commit(commit)).toEqual({ result: seq === 0 ? 'done' : 'fenced' });
  });

  test('a commit that comes through late is fenced when its place is taken, else it counts', async () => {
    const first = await faulty('late');
    const commit = first.chain.next({ records: [recordOf('late')] });
    await first.store.commit(commit);
    expect(first.shared.finishLate()).toEqual([{ result: 'done' }]);
    expect(await first.store.commit(commit)).toEqual({ result: 'fenced' });
    const second = await faulty('late');
    await second.store.commit(second.chain.next());
    expect(await second.chain.write()).toEqual({ result: 'done' });
    expect(second.shared.finishLate()).toEqual([{ result: 'fenced' }]);
  });

  test('a restored snapshot forgets what came after it, and is not touched by it', async () => {
    const shared = database();
    const { store, reader } = openMemoryStore({ database: shared });
    const chain = await Chain.take(store, 0);
    await chain.write({ records: [recordOf('a')] });
    const backup = shared.snapshot();
    const before = chain.row;
    await chain.write({ records: [recordOf('a', { body: null }), recordOf('b')] });
    shared.restore(backup);
    expect((await store.tail(0)).journal).toEqual(before);
    expect(await reader.record('ledger/claim', 'person:1', 'a', 0)).toEqual(recordOf('a'));
    expect(await reader.record('ledger/claim', 'person:1', 'b', 0)).toBeUndefined();
  });

  test('lets a simulation in before each call, and before the answer of a commit', async () => {
    const calls: string[] = [];
    const commits: Commit[] = [];
    const { store } = openMemoryStore({
      database: database(),
      step: (call) => {
        calls.push(call);
      },
      fault: (commit) => {
        commits.push(commit);
        return undefined;
      },
    });
    await (await Chain.take(store, 0)).write();
    expect(calls).toEqual(['acquire', 'tail', 'commit', 'committed']);
    expect(commits).toHaveLength(1);
  });

  test('throws for a key that a batch writes twice', async () => {
    const { store } = openMemoryStore({ database: database() });
    const chain = await Chain.take(store, 0);
    await expect(chain.write({ records: [recordOf('a'), recordOf('a')] })).rejects.toThrow('twice');
  });
});
