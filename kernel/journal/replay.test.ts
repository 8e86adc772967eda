import { afterEach, expect, test } from 'vitest';
import { clinic } from '../testing/clinic.ts';
import { bill, cashier, members, TestRegion } from '../testing/region.ts';
import { replayJournal } from './replay.ts';

let shift = 0;
const region = new TestRegion({ shiftMs: () => shift });
afterEach(() => region.stop());

test('the handlers, run again over the journals, do what they did; a rule changed since is named where it differs', async () => {
  await region.start();
  const [here, there] = [region.node('340000'), region.node('310000')];
  const present = (id: string, total = '1000', waitMs = 10_000) =>
    here.command({ type: 'clinic/present', input: bill(id, total), actor: cashier }, waitMs);
  await Promise.all(['b1', 'b2', 'b3', 'b4'].map((id) => present(id)));
  await present('b2');
  await present('b5', '777');
  shift = 11 * 86_400_000;
  const operator = { id: 'op', roles: ['operator'] };
  for (const node of [here, there]) node.acceptClock(operator, 'eleven days later');
  await present('b6', '666', 300);
  await present('b7', '1000', 300);
  const [first] = (await region.reader('310000').held(10)).filter((row) => row.kind === 'held');
  await there.release(operator, `${first?.partition}.${first?.at}`, 'run', 'once more');
  const [again] = (await region.reader('310000').held(10)).filter((row) => row.kind === 'held');
  await there.release(operator, `${again?.partition}.${again?.at}`, 'refuse', 'not to be priced');
  const id = '019aa0c0-0000-7000-8000-00000000000b';
  for (const node of [here, here])
    await node.command({ type: 'clinic/present', id, input: bill('b8'), actor: cashier }, 10_000);
  for (const member of members) {
    const { counts, findings } = await replayJournal(region.checked(member), [clinic]);
    expect(findings, member).toEqual([]);
    expect(counts['left out'], member).toBe(0);
    expect(counts['inputs'], member).toBeGreaterThan(20);
  }
  const withNone = await replayJournal(region.checked('310000'), []);
  expect(withNone.findings).toEqual([]);
  expect(withNone.counts['left out']).toBeGreaterThan(10);
  const [settle, price] = ['settle', 'price'].map((name) => clinic.messages.get(name));
  if (!settle || !price) throw new Error('the clinic has both');
  const messages = new Map(clinic.messages).set('settle', { ...settle, handle: price.handle });
  const { name, commands, records, accounts } = clinic;
  const changed = { ...clinic, name, commands, records, accounts, messages };
  const other = await replayJournal(region.checked('310000'), [
    { ...changed, demonstration: undefined, vectors: undefined },
  ]);
  expect(other.findings).toContainEqual({
    at: expect.stringMatching(/^\d\.\d+$/),
    code: 'replay',
    detail: 'was the outcome done, would be the outcome refused (already-settled)',
  });
});
