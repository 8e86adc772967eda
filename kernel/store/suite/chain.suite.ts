import { expect, test } from 'vitest';
import type { JournalRow } from '../rows.ts';
import {
  Chain,
  digest,
  done,
  fenced,
  recordOf,
  rowsOf,
  seenOf,
  type Take,
  type Under,
} from './samples.suite.ts';

/** Batches follow each other, and nobody else writes. */
export function chainTests(under: Under, take: Take): void {
  test('begins each partition with the genesis row', async () => {
    const zeros = new Uint8Array(32);
    const row = {
      seq: 0,
      epoch: 0,
      now: 0,
      count: 0,
      root: zeros,
      prev: zeros,
      link: zeros,
      head: new Uint8Array(0),
    };
    for (const partition of [0, 1, 2, 3]) {
      const tail = await under().store.tail(partition);
      expect(tail).toEqual({
        journal: { ...row, routes: [], peers: [] },
        sent: [],
        received: [],
        held: [],
        nextDue: undefined,
      });
      expect(await under().store.read(partition, 0, 10)).toEqual([]);
    }
  });

  test('shows the batch just written as the tail, byte for byte', async () => {
    const chain = await take(1);
    const commit = chain.next({}, { peers: ['330000', '', '中'], routes: [2 ** 52, 0, 7, 1], now: 2 ** 43 });
    expect(await under().store.commit(commit)).toEqual(done);
    expect((await under().store.tail(1)).journal).toEqual(commit.journal);
    expect(await under().store.read(1, 0, 10)).toEqual([{ row: commit.journal, bodies: commit.bodies }]);
    expect((await under().store.tail(2)).journal.seq).toBe(0);
  });

  test('fences another epoch, another link, a gap and a number that is taken', async () => {
    const chain = await take(0);
    expect(await chain.write()).toEqual(done);
    const { store } = under();
    const next = chain.next({ records: [recordOf('a')] });
    const journals: Partial<JournalRow>[] = [
      { epoch: chain.epoch + 1 },
      { epoch: chain.epoch - 1 },
      { prev: digest('another') },
      { seq: chain.row.seq + 2 },
      { seq: chain.row.seq },
    ];
    for (const journal of journals)
      expect(await store.commit({ ...next, bodies: [], journal: { ...next.journal, ...journal } })).toEqual(
        fenced,
      );
    expect(await rowsOf(under().reader, 'record', 0)).toEqual([]);
    expect(await store.commit(next)).toEqual(done);
    expect(await store.commit(next)).toEqual(fenced);
  });

  test('takes a second commit given before the first has answered, and fences it when the first fails', async () => {
    const chain = await take(0);
    const { store } = under();
    const one = chain.next();
    const two = new Chain(store, 0, chain.epoch, one.journal).next();
    expect(await Promise.all([store.commit(one), store.commit(two)])).toEqual([done, done]);
    const three = new Chain(store, 0, chain.epoch, two.journal).next({ seen: [seenOf('x'), seenOf('x')] });
    const four = new Chain(store, 0, chain.epoch, three.journal).next();
    expect(await Promise.all([store.commit(three), store.commit(four)])).toEqual([
      { result: 'duplicate' },
      fenced,
    ]);
    expect((await store.tail(0)).journal.seq).toBe(2);
  });

  test('leaves no hole and no double when two writers fight over a partition', async () => {
    const first = await take(0);
    const rival = new Chain(under().second, 0, first.epoch, first.row);
    let wins = 0;
    for (let round = 0; round < 20; round++) {
      const results = await Promise.all([
        first.write({}, { head: digest('a') }),
        rival.write({}, { head: digest('b') }),
      ]);
      const winners = results.filter((result) => result.result === 'done').length;
      expect(winners).toBe(1);
      wins += winners;
      first.row = (await under().store.tail(0)).journal;
      rival.row = first.row;
    }
    const batches = await under().store.read(0, 1, 100);
    expect(batches.map(({ row }) => row.seq)).toEqual(Array.from({ length: wins }, (_, n) => n + 1));
    for (const [n, { row }] of batches.entries())
      if (n > 0) expect(row.prev).toEqual(batches[n - 1]?.row.link);
  });

  test('reads batches from a number on, those for a peer, with bodies of all classes', async () => {
    const chain = await take(2);
    for (let seq = 1; seq <= 7; seq++) {
      const body = digest(`${seq}`);
      const classes = [
        { month: '2026-11', seq, class: 'ever' as const, body },
        { month: seq > 4 ? '2026-12' : '2026-11', seq, class: '15y' as const, body: new Uint8Array(0) },
      ];
      expect(
        await chain.write(
          { bodies: seq === 3 ? [] : classes },
          { peers: seq % 2 ? ['330000'] : ['340000', ''] },
        ),
      ).toEqual(done);
    }
    const seqs = async (...args: [number, number, string?]) =>
      (await under().store.read(2, ...args)).map(({ row, bodies }) => [
        row.seq,
        bodies.map((body) => body.class),
      ]);
    const both = ['15y', 'ever'];
    expect(await seqs(2, 3)).toEqual([
      [2, both],
      [3, []],
      [4, both],
    ]);
    expect(await seqs(2, 2, '330000')).toEqual([
      [3, []],
      [5, both],
    ]);
    expect(await seqs(1, 9, '')).toEqual([
      [2, both],
      [4, both],
      [6, both],
    ]);
    expect(await seqs(1, 9, '110000')).toEqual([]);
    expect(await seqs(8, 9)).toEqual([]);
  });
}
