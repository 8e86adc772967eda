import { afterEach, expect, test } from 'vitest';
import { bill, cashier, members, TestRegion } from '../testing/region.ts';
import { rebuildState } from './rebuild.ts';
import { verifyJournal } from './verify.ts';

const region = new TestRegion();
afterEach(() => region.stop());

test('after settled, refused, held and reserved bills the tables are what the journals fold to, and nothing is at fault', async () => {
  await region.start();
  const here = region.node('340000');
  const there = region.node('310000');
  for (const id of ['b1', 'b2', 'b3'])
    await here.command({ type: 'clinic/present', input: bill(id), actor: cashier }, 10_000);
  await here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  await here.command({ type: 'clinic/present', input: bill('b4', '777'), actor: cashier }, 10_000);
  await here.command({ type: 'clinic/present', input: bill('b5', '666'), actor: cashier }, 300);
  await here.command({ type: 'clinic/present', input: bill('b6'), actor: cashier }, 300);
  await there.checkpoint();
  for (const member of members) {
    const told: (readonly [number, number])[] = [];
    const progress = (done: number, total: number) => void told.push([done, total]);
    const verified = await verifyJournal(region.checked(member), { progress });
    expect(verified.findings, member).toEqual([]);
    const rebuilt = await rebuildState(region.checked(member));
    expect(rebuilt.findings, member).toEqual([]);
    expect(verified.counts['frames']).toBeGreaterThan(5);
    // Frames, received and sent, and receipts count as batches do: a bar moves while they are read.
    expect(told.map(([done]) => done)).toEqual(told.map((_, k) => k + 1));
    expect(told.at(-1)).toEqual([told.length, told.length]);
    expect(rebuilt.counts['rows']).toBeGreaterThan(10);
  }
  const standing = await region.reader('310000').held(10);
  expect(standing.map((row) => row.kind).sort()).toEqual(['held', 'waiting']);
  const first = standing.find((row) => row.kind === 'held');
  const operator = { id: 'op', roles: ['operator'] };
  await there.release(operator, `${first?.partition}.${first?.at}`, 'refuse', 'not to be priced');
  await there.checkpoint();
  for (const member of members)
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
});

test('members of both suites settle with each other, and each side verifies what it holds', async () => {
  const mixed = new TestRegion({ suiteOf: (one) => (one === '310000' ? 'sm2-sm3' : 'ed25519-sha256') });
  await mixed.start();
  const here = mixed.node('340000');
  const wish = { type: 'clinic/present', actor: cashier };
  expect(await here.command({ ...wish, input: bill('b1') }, 20_000)).toMatchObject({ state: 'done' });
  expect(await here.command({ ...wish, input: bill('b1') }, 20_000)).toMatchObject({ state: 'refused' });
  for (const member of members) {
    // A checkpoint is Ed25519's whatever suite the batches have: the other suite's member has a key for it.
    expect(await mixed.node(member).checkpoint()).toContain(`yitong.csj.${member}/journal`);
    const { findings, counts } = await verifyJournal(mixed.checked(member));
    expect(findings, member).toEqual([]);
    expect(counts['segments']).toBeGreaterThan(0);
  }
  await mixed.stop();
});
