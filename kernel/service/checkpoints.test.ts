import { expect, test, vi } from 'vitest';
import { verifyJournal } from '../journal/verify.ts';
import { bill, cashier, systemClock, TestRegion } from '../testing/region.ts';

test('the journals are signed each ten minutes, and once more when the node stops', async () => {
  const due: (() => void)[] = [];
  const clock = {
    ...systemClock,
    after(ms: number, run: () => void): () => void {
      if (ms !== 600_000) return systemClock.after(ms, run);
      due.push(run);
      return () => undefined;
    },
  };
  const region = new TestRegion({ more: { clock } });
  await region.start();
  const { store } = region.checked('340000');
  const present = (id: string) =>
    region.node('340000').command({ type: 'clinic/present', input: bill(id), actor: cashier }, 10_000);
  await present('b1');
  for (const run of due.splice(0)) run();
  const first = await vi.waitFor(async () => {
    const { checkpoint } = await store.segments();
    expect(checkpoint?.text).toContain('yitong.csj.340000/journal');
    return checkpoint;
  }, 20_000);
  await vi.waitFor(() => expect(due).toHaveLength(2), 20_000);
  await present('b2');
  await region.stop();
  const { segments, checkpoint } = await store.segments();
  expect(checkpoint?.number).toBeGreaterThan(first?.number ?? 0);
  for (const partition of [0, 1, 2, 3]) {
    const signed = Math.max(
      0,
      ...segments.filter((one) => one.partition === partition).map((one) => one.last),
    );
    expect(signed).toBe((await store.tail(partition)).journal.seq);
  }
  const { counts, findings } = await verifyJournal(region.checked('340000'));
  expect(findings).toEqual([]);
  expect(counts['segments']).toBe(segments.length);
});
