import { afterEach, expect, test } from 'vitest';
import type { KernelNode } from '../api.ts';
import { uuidOf } from '../exchange/uuid.ts';
import { unpackEntries } from '../journal/entries.ts';
import { rebuildState } from '../journal/rebuild.ts';
import { readGone } from '../journal/remnant.ts';
import { replayJournal } from '../journal/replay.ts';
import { verifyJournal } from '../journal/verify.ts';
import { clinic } from '../testing/clinic.ts';
import { bill, cashier, members, person, type TestMember, TestRegion } from '../testing/region.ts';

const year = 366 * 86_400_000;
let years = 0;
let region: TestRegion;
const heldCommand = uuidOf(Date.now(), new Uint8Array(10));

afterEach(async () => {
  await region.stop();
  years = 0;
});

/** A bill settled, one refused, one reserved and expired, one held, and a reading of the person's data. */
async function lived(): Promise<void> {
  region = new TestRegion({ shiftMs: () => years * year });
  await region.start();
  const node = region.node('340000');
  const wish = { type: 'clinic/present', actor: cashier };
  expect(await node.command({ ...wish, input: bill('b1') }, 20_000)).toMatchObject({ state: 'done' });
  expect(await node.command({ ...wish, input: bill('b1') }, 20_000)).toMatchObject({ state: 'refused' });
  await node.command({ ...wish, input: bill('b2', '777') }, 20_000);
  await node.command({ ...wish, id: heldCommand, input: bill('b3', '666') }, 0);
  await region.until(async () => (await region.reader('310000').held(1)).length > 0);
  const read = { type: 'clinic/share', subject: `person:${person}`, id: 'b1', purpose: 'own', actor: self };
  expect(await region.node('310000').read(read)).toBeDefined();
  for (const member of members) await region.node(member).checkpoint();
}

const self = { id: 'p', roles: [], person };

/** The same nodes so many years later. */
async function later(more: number): Promise<void> {
  await region.until(() => region.isReceipted());
  years += more;
  for (const member of members) await region.restart(member);
}

async function refuseHeld(): Promise<void> {
  const [held] = await region.reader('310000').held(10);
  const operator = { id: 'op', roles: ['operator'] };
  const position = `${held?.partition}.${held?.at}`;
  await region.node('310000').release(operator, position, 'refuse', 'not to be priced');
  const told = await region.node('340000').outcome('clinic/present', 'visit:b3', heldCommand, 20_000);
  expect(told).toMatchObject({ state: 'refused' });
}

/** Rounds until there is nothing left to do; what they did together. */
async function rounds(node: KernelNode): Promise<{ erased: number; forgotten: number }> {
  const sum = { erased: 0, forgotten: 0 };
  for (let k = 0; k < 20; k += 1) {
    const { erased, forgotten, more } = await node.retain();
    sum.erased += erased;
    sum.forgotten += forgotten;
    if (erased + forgotten === 0 && !more) return sum;
  }
  throw new Error('there is always more to erase');
}

async function expectSound(): Promise<void> {
  for (const member of members) {
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings, member).toEqual([]);
    expect((await replayJournal(region.checked(member), [clinic])).findings, member).toEqual([]);
  }
}

/** Texts of all entries of a member's journal that are not erased. */
async function journalOf(member: TestMember): Promise<string[]> {
  const { store } = region.checked(member);
  const texts: string[] = [];
  for (let partition = 0; partition < 4; partition += 1)
    for (const batch of await store.read(partition, 1, 10_000))
      for (const entry of batch.bodies.flatMap((row) => unpackEntries(row.body)))
        texts.push(
          Buffer.from(entry.kind === 'gone' ? readGone(entry.bytes).remnant.was : entry.bytes).toString(),
        );
  return texts;
}

test('nothing is erased before its term, and what stands on old entries keeps them', async () => {
  await lived();
  for (const member of members)
    expect(await rounds(region.node(member)), member).toEqual({ erased: 0, forgotten: 0 });
  await later(2);
  const before = await region.reader('310000').held(10);
  for (const member of members) expect((await rounds(region.node(member))).forgotten, member).toBe(0);
  await expectSound();
  expect(await region.reader('310000').held(10)).toEqual(before);
  // The record of fifteen years is there, its versions too.
  const view = await region.node('310000').read({
    ...{ type: 'clinic/share', subject: `person:${person}`, id: 'b1', purpose: 'own', actor: self },
  });
  expect(view?.value).toMatchObject({ id: 'b1' });
});

test('after its term a payload is erased, its proof stays, and the person can read what was deleted and why', async () => {
  await lived();
  await refuseHeld();
  await later(17);
  const node = region.node('310000');
  expect(await rounds(node)).toMatchObject({ forgotten: 3 });
  await rounds(region.node('340000'));
  await expectSound();
  const read = { type: 'clinic/share', subject: `person:${person}`, id: 'b1', purpose: 'own', actor: self };
  expect(await node.read(read)).toBeUndefined();
  const { rows } = await region.reader('310000').list({
    ...{ type: 'access/erased', subject: `person:${person}`, where: [], sort: undefined, limit: 10 },
    ...{ after: undefined, owner: 'own' },
  });
  expect(
    rows.map((row) => JSON.parse(row.body ?? '')).sort((a, b) => (a.what < b.what ? -1 : 1)),
  ).toMatchObject([
    { what: 'clinic/share', kept: '15 years', because: 'Rules of the clinic, art. 1' },
    { what: 'clinic/share', kept: '15 years' },
  ]);
  expect((await journalOf('310000')).filter((text) => text.includes('"fund"'))).toEqual([]);
});

test('in the end nothing in the journal names the person, and frames, routes and chains still verify', async () => {
  await lived();
  const [held] = await region.reader('310000').held(10);
  const operator = { id: 'op', roles: ['operator'] };
  await region
    .node('310000')
    .release(operator, `${held?.partition}.${held?.at}`, 'refuse', 'not to be priced');
  await later(17);
  for (const member of members) await rounds(region.node(member));
  await later(16);
  for (const member of members) await rounds(region.node(member));
  await later(2);
  for (const member of members) await rounds(region.node(member));
  await expectSound();
  for (const member of members) {
    expect(
      (await journalOf(member)).filter((text) => text.includes(person)),
      member,
    ).toEqual([]);
    expect((await journalOf(member)).filter((text) => text === 'out').length, member).toBeGreaterThan(1);
  }
});
