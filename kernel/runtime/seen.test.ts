import { afterEach, expect, test } from 'vitest';
import { replayJournal } from '../journal/replay.ts';
import { clinic } from '../testing/clinic.ts';
import { bill, cashier, TestRegion } from '../testing/region.ts';

const region = new TestRegion();
afterEach(() => region.stop());

const asked = { type: 'clinic/bill', subject: 'visit:b1', id: '', purpose: 'settle', actor: cashier };
const now = async () => {
  const view = await region.node('340000').read(asked);
  if (view === undefined) throw new Error('the bill is there');
  return view;
};

test('of two who saw the same version the second is refused and overwrites nothing; so it stays, asked again, restarted or replayed', async () => {
  await region.start();
  const give = (total: string, at?: string, id?: string, of = 'b1') =>
    region.node('340000').command(
      {
        type: 'clinic/present',
        input: bill(of, total),
        actor: cashier,
        ...(id === undefined ? {} : { id }),
        ...(at === undefined
          ? {}
          : { seen: { type: 'clinic/bill', subject: `visit:${of}`, id: '', owner: '', at } }),
      },
      10_000,
    );
  await give('1000');
  const { at } = await now();
  const id = '019aa0c0-0000-7000-8000-00000000000b';
  const both = await Promise.all([give('1200', at), give('1400', at, id)]);
  const refused = {
    state: 'refused',
    problem: {
      status: 412,
      type: 'https://yitong.example/problems/records/changed',
      facts: { record: 'clinic/bill', seen: at },
    },
  };
  // What the first led to elsewhere is refused there, as such a bill was settled; here it changed the record all the same.
  expect(both[0]).toMatchObject({ problem: { type: expect.stringContaining('already-settled') } });
  expect(both[1]).toMatchObject(refused);
  expect((await now()).value).toMatchObject({ total: '1200' });
  expect(await give('1400', at, id)).toMatchObject(refused);
  const elsewhere = { type: 'clinic/bill', subject: 'visit:b1', id: '', owner: '', at };
  const other = { type: 'clinic/present', input: bill('b2'), actor: cashier, seen: elsewhere };
  expect(await region.node('340000').command(other, 0)).toMatchObject({
    state: 'invalid',
    problem: { type: 'https://yitong.example/problems/seen-elsewhere' },
  });
  expect(await give('1400', '1.1', undefined, 'b2')).toMatchObject({ problem: { status: 412 } });
  await region.restart('340000');
  expect(await give('1400', at, id)).toMatchObject(refused);
  const same = await replayJournal(region.checked('340000'), [clinic]);
  expect(same.findings).toEqual([]);
  expect(same.counts['left out']).toBe(0);
  await give('1400', (await now()).at);
  expect((await now()).value).toMatchObject({ total: '1400' });
});
