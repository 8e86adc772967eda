import { afterEach, expect, test } from 'vitest';
import { bill, cashier, systemClock, TestRegion } from '../testing/region.ts';
import { GuardedClock } from './guarded-clock.ts';

let shift = 0;
const region = new TestRegion({ shiftMs: () => shift });
afterEach(() => region.stop());

const day = 86_400_000;

test('a minute of difference is borne, more is not; what an operator accepts is the time', () => {
  let [wall, monotonic] = [1_000_000, 500];
  const guarded = new GuardedClock({ ...systemClock, now: () => wall, monotonic: () => monotonic });
  monotonic += 10_000;
  wall += 70_000;
  expect([guarded.now(), guarded.jumped()]).toEqual([1_070_000, undefined]);
  wall += 1;
  expect([guarded.now(), guarded.jumped()]).toEqual([1_010_000, 60_001]);
  monotonic += 5_000;
  expect(guarded.now()).toBe(1_015_000);
  guarded.accept();
  expect([guarded.now(), guarded.jumped()]).toEqual([1_070_001, undefined]);
  wall -= 60_001;
  expect(guarded.jumped()).toBe(-60_001);
});

test('no timer fires by a clock that jumped until an operator accepts it; then what is due fires', async () => {
  await region.start();
  const [here, there] = [region.node('340000'), region.node('310000')];
  await here.command({ type: 'clinic/present', input: bill('b1', '777'), actor: cashier }, 10_000);
  const held = async () => {
    const rows = await region.reader('310000').balances('clinic/fund');
    return rows.map((row) => row.heldDebit);
  };
  expect(await held()).toEqual([388n]);
  shift = 11 * day;
  expect(there.status()).toMatchObject({
    ready: false,
    reasons: [expect.stringContaining('the clock jumped ahead by 950400 s')],
  });
  await here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  expect(await held()).toEqual([388n]);
  const operator = { id: 'op', roles: ['operator'] };
  for (const node of [here, there]) expect(node.acceptClock(operator, 'set by hand')).toBe(true);
  expect(there.acceptClock(operator, 'again')).toBe(false);
  expect(there.status().ready).toBe(true);
  await here.command({ type: 'clinic/present', input: bill('b3'), actor: cashier }, 10_000);
  expect(await held()).toEqual([0n]);
});
