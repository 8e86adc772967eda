import { describe, expect, test } from 'vitest';
import type { BodyRow } from '../rows.ts';
import { done, seenOf, type Take, type Under } from './samples.suite.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Two bodies of a batch. */
const bodies = (month: string, seq: number): BodyRow[] => [
  { month, seq, class: '1y', body: bytes(`short ${seq}`) },
  { month, seq, class: '15y', body: bytes(`long ${seq}`) },
];

/** What is over its term leaves the journal whole or not at all. */
export function eraserTests(under: Under, take: Take): void {
  describe('the eraser', () => {
    const written = async (partition = 1): Promise<void> => {
      const chain = await take(partition);
      for (const [k, month] of ['2024-01', '2024-02', '2024-02', '2024-03'].entries())
        expect(await chain.write({ bodies: bodies(month, k + 1) })).toEqual(done);
    };
    const due = (month: string, more: Partial<{ seq: number; limit: number; class: '1y' | '15y' }> = {}) =>
      under().eraser.due(1, { class: '1y', month, seq: 1, limit: 10, ...more });
    const bodiesOf = async (seq: number) =>
      ((await under().store.read(1, seq, 1))[0]?.bodies ?? []).map((row) => [
        row.class,
        Buffer.from(row.body).toString(),
      ]);

    test('finds the bodies of a class up to a month, in order, from a batch on, in its partition alone', async () => {
      await written();
      expect((await due('2023-12')).map((row) => row.seq)).toEqual([]);
      expect((await due('2024-02')).map((row) => row.seq)).toEqual([1, 2, 3]);
      expect((await due('2024-02', { seq: 2, limit: 1 })).map((row) => row.seq)).toEqual([2]);
      expect((await due('2024-02', { class: '15y' })).map((row) => row.class)).toEqual(['15y', '15y', '15y']);
      expect(await under().eraser.due(0, { class: '1y', month: '2030-01', seq: 1, limit: 9 })).toEqual([]);
    });

    test('puts what is kept and what is left in the place of a body, and what is left of a second one beside it', async () => {
      await written();
      const [body] = await due('2024-01');
      if (!body) throw new Error('a body');
      expect(await under().eraser.erase(1, { body, kept: bytes('kept'), gone: bytes('left') })).toBe(true);
      expect(await bodiesOf(1)).toEqual([
        ['15y', 'long 1'],
        ['1y', 'kept'],
        ['gone', 'left'],
      ]);
      // It is no longer what was read.
      expect(await under().eraser.erase(1, { body, kept: undefined, gone: bytes('more') })).toBe(false);
      expect(await bodiesOf(1)).toEqual([
        ['15y', 'long 1'],
        ['1y', 'kept'],
        ['gone', 'left'],
      ]);
      const [long] = await due('2024-01', { class: '15y' });
      if (!long) throw new Error('a body');
      expect(await under().eraser.erase(1, { body: long, kept: undefined, gone: bytes('all') })).toBe(true);
      expect(await bodiesOf(1)).toEqual([
        ['1y', 'kept'],
        ['gone', 'all'],
      ]);
      expect(await bodiesOf(2)).toEqual([
        ['15y', 'long 2'],
        ['1y', 'short 2'],
      ]);
    });

    test('forgets ids up to a month, so many at once', async () => {
      const chain = await take(1);
      const january = 1_705_276_800_000;
      const seen = ['a', 'b', 'c'].map((name) => ({ ...seenOf(name, january), month: '2024-01' }));
      const newer = { ...seenOf('d', january + 31 * 86_400_000), month: '2024-02' };
      expect(await chain.write({ seen: [...seen, newer] })).toEqual(done);
      const { eraser, store } = under();
      expect(await eraser.forgetIds(1, '2023-12', 10)).toBe(0);
      expect(await eraser.forgetIds(0, '2024-01', 10)).toBe(0);
      expect(await eraser.forgetIds(1, '2024-01', 2)).toBe(2);
      expect(await eraser.forgetIds(1, '2024-01', 2)).toBe(1);
      const ids = [...seen, newer].map(({ source, id }) => ({ source, id }));
      expect((await store.seen(1, ids)).map((row) => row.id)).toEqual([newer.id]);
    });
  });
}
