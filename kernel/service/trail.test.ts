import { afterEach, expect, test, vi } from 'vitest';
import { bill, cashier, TestRegion } from '../testing/region.ts';

const region = new TestRegion();
afterEach(() => region.stop());

test('what stands behind an entry of the books is the message that booked it, with what it wrote and sent on', async () => {
  await region.start();
  const [here, there] = [region.node('340000'), region.node('310000')];
  await here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  const [owed] = await region.reader('310000').mirrors({ limit: 1 });
  if (owed === undefined) throw new Error('the debt is booked');
  const trail = await there.trail(`${owed.partition}.${owed.at}`);
  expect(trail).toMatchObject({ outcome: 'done', cause: { from: '340000', to: '310000' } });
  expect(trail?.bookings.map(({ transfer }) => transfer)).toContain(owed.transfer);
  const answer = trail?.sent.find(({ to }) => to === '340000');
  const proof = () => there.evidence(answer?.id ?? '');
  // Once the receiver has signed for the answer, it can be proved.
  await vi.waitFor(async () => expect(await proof()).toMatchObject({ format: 'yitong-evidence/1' }), 20_000);
  // By its number it is found where it was taken, and what left from here where it came of.
  expect(await there.placeOf(trail?.cause?.id ?? '')).toBe(trail?.at);
  expect(await there.placeOf(answer?.id ?? '')).toBe(trail?.at);
  expect(await here.placeOf('019aa0c0-0000-7000-8000-000000000001')).toBeUndefined();
  expect(await there.trail('0.1')).toBeUndefined();
  expect(await there.trail('99.1048577')).toBeUndefined();
});
