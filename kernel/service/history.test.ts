import { afterEach, expect, test } from 'vitest';
import { bill, cashier, person, TestRegion } from '../testing/region.ts';

const region = new TestRegion();
afterEach(() => region.stop());

test('each version of a record is found from its newest, back to the first', async () => {
  await region.start();
  const here = region.node('340000');
  await here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  const asked = { type: 'clinic/bill', subject: 'visit:b1', id: '', purpose: 'settle', actor: cashier };
  const record = await here.read(asked);
  if (!record) throw new Error('the bill is there');
  const versions = await here.history(record, 10);
  expect(versions.map(({ version, value }) => [version, value])).toEqual([
    [3, { ...bill('b1'), person, state: 'settled' }],
    [2, { ...bill('b1'), person, state: 'priced' }],
    [1, bill('b1')],
  ]);
  expect(versions[0]?.at).toBe(record.at);
  expect(versions.map(({ time }) => time)).toEqual(
    versions
      .map(({ time }) => time)
      .sort()
      .reverse(),
  );
  expect(await here.history(record, 2)).toEqual(versions.slice(0, 2));
});
