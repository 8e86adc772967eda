import { expect, test } from 'vitest';
import { ListRefusal } from '../find.ts';
import type { Commit } from '../store.ts';
import {
  balanceOf,
  done,
  holdOf,
  idOf,
  legs,
  recordOf,
  rowsOf,
  seenOf,
  sentOf,
  type Take,
  timerOf,
  type Under,
} from './samples.suite.ts';

/** What is at fault is refused whole. */
export function refusalTests(under: Under, take: Take): void {
  test('calls an id that was accepted before a duplicate, and writes nothing of the batch', async () => {
    const chain = await take(0);
    expect(await chain.write({ seen: [seenOf('a'), seenOf('b')] })).toEqual(done);
    const again = { seen: [seenOf('c'), seenOf('b')], records: [recordOf('x')] };
    expect(await chain.write(again)).toEqual({ result: 'duplicate' });
    expect(await rowsOf(under().reader, 'record', 0)).toEqual([]);
    expect(await rowsOf(under().reader, 'seen', 0)).toHaveLength(2);
    expect(await chain.write({ seen: [seenOf('c')] })).toEqual(done);
    expect(await (await take(1)).write({ seen: [seenOf('a')] })).toEqual(done);
  });

  const wrong: readonly [string, string, Partial<Commit>][] = [
    ['a transfer booked before', '23505', { postings: legs(idOf('t'), 1n) }],
    [
      'a transfer reversed before',
      '23505',
      { postings: legs(idOf('r2'), 1n, { kind: 'reversal', reverses: idOf('t') }) },
    ],
    ['a hold opened before', '23505', { holds: [holdOf('h', 0)] }],
    ['a hold that has left open', '22P02', { holds: [holdOf('gone', 0, { state: 'settled' })] }],
    ['a frame sent before', '23505', { sent: [sentOf('330000', 'main.0', 1)] }],
    ['a body that is no JSON', '22P02', { records: [recordOf('x', { body: '{"a":' })] }],
    ['a body with NUL', '22P05', { records: [recordOf('x', { body: '{"a":"\\u0000"}' })] }],
    ['a subject with NUL', '22021', { records: [recordOf('x', { subject: 'person:\u0000' })] }],
    ['a sum beyond 2^63', '22003', { balances: [balanceOf('ledger/fund', { debit: 2n ** 63n })] }],
    ['a transfer that is no UUID', '22P02', { postings: legs('transfer', 1n) }],
  ];
  test.for(wrong)('refuses %s as %s and writes nothing', async ([_, code, rows]) => {
    const chain = await take(0);
    const before: Partial<Commit> = {
      postings: [...legs(idOf('t'), 1n), ...legs(idOf('r'), -1n, { kind: 'reversal', reverses: idOf('t') })],
      holds: [holdOf('h', 0), holdOf('gone', 0)],
      sent: [sentOf('330000', 'main.0', 1)],
    };
    expect(await chain.write(before)).toEqual(done);
    expect(await chain.write({ holds: [holdOf('gone', 0, { state: 'void' })] })).toEqual(done);
    const faulty = { ...rows, timers: { put: [timerOf('person:1', 'n', 1)], gone: [] } };
    expect(await chain.probe(faulty)).toEqual({ result: 'refused', code });
    expect(await chain.write(faulty)).toEqual({ result: 'refused', code });
    expect(await rowsOf(under().reader, 'timer', 0)).toEqual([]);
    expect((await under().store.tail(0)).journal).toEqual(chain.row);
    expect(await chain.write({ records: [recordOf('x', { body: '{"a":"\\\\u0000"}' })] })).toEqual(done);
  });

  test('tells what would become of a batch, and nothing of it stays', async () => {
    const chain = await take(0);
    expect(await chain.write({ seen: [seenOf('a')] })).toEqual(done);
    const rows = { seen: [seenOf('b')], records: [recordOf('x')], postings: legs(idOf('t'), 1n) };
    expect(await chain.probe(rows)).toEqual(done);
    expect(await chain.probe({ ...rows, seen: [seenOf('a')] })).toEqual({ result: 'duplicate' });
    for (const table of ['record', 'posting'] as const)
      expect(await rowsOf(under().reader, table, 0)).toEqual([]);
    expect(await rowsOf(under().reader, 'seen', 0)).toHaveLength(1);
    expect(await chain.write(rows)).toEqual(done);
  });

  test('throws for a record type that it does not know', async () => {
    const chain = await take(0);
    await expect(chain.write({ records: [recordOf('x', { type: 'other/claim' })] })).rejects.toThrow(
      'other/claim',
    );
    await expect(under().reader.record('other/claim', 's', '', 0)).rejects.toThrow(ListRefusal);
  });
}
