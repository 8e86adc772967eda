import { afterEach, expect, test, vi } from 'vitest';
import type { CommandAnswer } from './api.ts';
import { directoryHash } from './exchange/directory-step.ts';
import { verifyEvidence } from './exchange/verify-evidence.ts';
import { kernelSystems } from './kernel-systems.ts';
import { partitionOf } from './runtime/partition.ts';
import { NodeBusy } from './service/busy.ts';
import { openMemoryStore } from './store/memory.ts';
import { clinic } from './testing/clinic.ts';
import { bill, cashier, person, TestRegion } from './testing/region.ts';

let region: TestRegion;
afterEach(() => region.stop());

test('a bill presented at one member is settled on both sides, with equal mirrored entries and evidence', async () => {
  region = new TestRegion();
  await region.start();
  const here = region.node('340000');
  const answer = await here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  expect(answer).toMatchObject({ state: 'done', made: [{ type: 'clinic/bill', subject: 'visit:b1' }] });
  const owed = await region.reader('310000').mirrors({ limit: 10 });
  const claimed = await region.reader('340000').mirrors({ limit: 10 });
  const ids = (rows: typeof owed) =>
    rows?.filter((row) => row.account.includes('due-')).map((row) => row.transfer);
  expect(ids(owed)).toHaveLength(1);
  expect(ids(claimed)).toEqual(ids(owed));
  const id = answer && 'id' in answer ? (answer.id ?? '') : '';
  const evidence = await here.evidence(id);
  expect(
    verifyEvidence(JSON.stringify(evidence), directoryHash(region.directory)).steps.filter(
      (step) => !step.ok,
    ),
  ).toEqual([]);
  expect(await here.checkpoint()).toContain('yitong.csj.340000/journal');
});

test('a refusal at the other member comes back to whoever began it, and the same id again has no second effect', async () => {
  region = new TestRegion();
  await region.start();
  const here = region.node('340000');
  const first = await here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  const id = first && 'id' in first ? (first.id ?? '') : '';
  expect(
    await here.command({ type: 'clinic/present', id, input: bill('b2'), actor: cashier }, 10_000),
  ).toMatchObject({ state: 'done', id });
  const other = await here.command(
    { type: 'clinic/present', id, input: bill('b2', '2000'), actor: cashier },
    10_000,
  );
  expect(other).toMatchObject({ state: 'invalid', problem: { type: expect.stringContaining('id-reused') } });
  const again = await here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  expect(again).toMatchObject({
    state: 'refused',
    problem: { type: expect.stringContaining('already-settled') },
  });
});

test('a handler that throws holds its own subject back until it is released', async () => {
  region = new TestRegion();
  await region.start();
  const [there, here] = [region.node('310000'), region.node('340000')];
  const held = await here.command({ type: 'clinic/present', input: bill('b3', '666'), actor: cashier }, 300);
  expect(held).toMatchObject({ state: 'open' });
  const behind = await here.command({ type: 'clinic/present', input: bill('b4'), actor: cashier }, 300);
  expect(behind).toMatchObject({ state: 'open' });
  const rows = await region.reader('310000').held(10);
  expect(rows?.map((row) => row.kind).sort()).toEqual(['held', 'waiting']);
  const first = rows?.find((row) => row.kind === 'held');
  await there.release(
    { id: 'op', roles: ['operator'] },
    `${first?.partition}.${first?.at}`,
    'refuse',
    'not to be priced',
  );
  const id = behind && 'id' in behind ? (behind.id ?? '') : '';
  expect(await here.outcome('clinic/present', 'visit:b4', id, 10_000)).toMatchObject({ state: 'done' });
});

test('what comes while a held message is being released is released with it', async () => {
  let reading: (() => void) | undefined;
  const slow = openMemoryStore({
    partitions: 4,
    records: [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]),
    now: () => Date.now(),
    step: async (call) => {
      if (call !== 'read' || !reading) return;
      reading();
      reading = undefined;
      await vi.waitFor(async () => expect(await region.reader('310000').held(10)).toHaveLength(2), 20_000);
    },
  });
  region = new TestRegion({ storeOf: (member) => (member === '310000' ? slow : undefined) });
  await region.start();
  const [there, here] = [region.node('310000'), region.node('340000')];
  await here.command({ type: 'clinic/present', input: bill('b7', '666'), actor: cashier }, 300);
  const [row] = await region.reader('310000').held(10);
  const coming = new Promise<CommandAnswer>((resolve) => {
    reading = () =>
      void here.command({ type: 'clinic/present', input: bill('b8'), actor: cashier }, 10_000).then(resolve);
  });
  const operator = { id: 'op', roles: ['operator'] };
  await there.release(operator, `${row?.partition}.${row?.at}`, 'refuse', 'not to be priced');
  expect(await coming).toMatchObject({ state: 'done' });
  expect(await region.reader('310000').held(10)).toEqual([]);
});

test('a refused command is answered alike as often as its id asks again: code, field and facts', async () => {
  region = new TestRegion();
  await region.start();
  const here = region.node('340000');
  const wish = { type: 'clinic/present', input: bill('b9', '1'), actor: cashier };
  const first = await here.command(wish, 10_000);
  const id = 'id' in first ? (first.id ?? '') : '';
  expect(first).toMatchObject({
    state: 'refused',
    problem: { errors: [{ pointer: '/total', code: 'too-little' }], facts: { least: '10' } },
  });
  expect(await here.command({ ...wish, id }, 10_000)).toEqual(first);
  expect(await here.outcome('clinic/present', 'visit:b9', id, 0)).toEqual(first);
});

test("a person's record read is on that person's own page, and a stranger finds nothing", async () => {
  region = new TestRegion();
  await region.start();
  const [there, here] = [region.node('310000'), region.node('340000')];
  await here.command({ type: 'clinic/present', input: bill('b5'), actor: cashier }, 10_000);
  const asked = { type: 'clinic/share', subject: `person:${person}`, id: 'b5', purpose: 'own-data' };
  expect(await there.read({ ...asked, actor: { id: 'p', roles: [], person } })).toMatchObject({
    value: { fund: '500' },
  });
  expect(await there.read({ ...asked, actor: { id: 'x', roles: ['cashier'] } })).toBeUndefined();
  const seen = await region
    .reader('310000')
    .list({ type: 'access/read', where: [], sort: undefined, limit: 10, after: undefined, owner: 'own' });
  expect(seen?.rows.map((row) => JSON.parse(row.body ?? '').what)).toEqual(['clinic/share b5']);
});

test('who breaks the glass reads what they may not otherwise, and the person reads for which emergency', async () => {
  region = new TestRegion();
  await region.start();
  const [there, here] = [region.node('310000'), region.node('340000')];
  await here.command({ type: 'clinic/present', input: bill('b5'), actor: cashier }, 10_000);
  const emergency = 'found unconscious at the station';
  const asked = {
    type: 'clinic/share',
    subject: `person:${person}`,
    id: 'b5',
    purpose: 'emergency',
    emergency,
  };
  expect(await there.read({ ...asked, actor: { id: 'x', roles: ['cleaner'] } })).toBeUndefined();
  expect(await there.read({ ...asked, actor: { id: 'p', roles: [], person } })).toBeUndefined();
  expect(await there.read({ ...asked, actor: cashier })).toMatchObject({ value: { fund: '500' } });
  const seen = await region
    .reader('310000')
    .list({ type: 'access/read', where: [], sort: undefined, limit: 10, after: undefined, owner: 'own' });
  expect(seen.rows.map((row) => JSON.parse(row.body ?? ''))).toMatchObject([
    { what: 'clinic/share b5', reader: cashier.id, purpose: 'emergency', emergency },
  ]);
});

test('a node that stops shows nobody what it cannot note any more', async () => {
  region = new TestRegion();
  await region.start();
  const here = region.node('310000');
  await here.stop();
  const asked = { type: 'clinic/share', subject: `person:${person}`, id: 'b5', purpose: 'own-data' };
  const clerk = { id: 'c', roles: ['cashier'] };
  await expect(here.read({ ...asked, actor: clerk })).rejects.toThrow(NodeBusy);
  const view = { ...asked, owner: '', version: 1, at: '0.1', value: {} };
  await expect(here.noteList(clerk, 'audit', 'clinic/share', [view])).rejects.toThrow(NodeBusy);
});

test('a bill whose visit lies in another partition than its person is handled at the peer alone, whichever the partitions', async () => {
  region = new TestRegion();
  await region.start();
  const ids = Array.from({ length: 40 }, (_, n) => `b${n}`);
  const each = [0, 1, 2, 3].map((partition) => ids.find((id) => partitionOf(`visit:${id}`, 4) === partition));
  const answers = await Promise.all(
    each.map((id) =>
      region
        .node('340000')
        .command({ type: 'clinic/present', input: bill(id ?? ''), actor: cashier }, 10_000),
    ),
  );
  expect(answers.map((answer) => answer.state)).toEqual(['done', 'done', 'done', 'done']);
  expect(await region.reader('340000').held(10)).toEqual([]);
  const own = await region.reader('340000').balances('clinic/');
  expect(own.map(({ account, heldDebit }) => [account.split(':')[0], heldDebit])).toEqual([
    ['clinic/due-from', 0n],
    ['clinic/hospital', 0n],
  ]);
});
