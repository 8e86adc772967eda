import { afterEach, expect, test, vi } from 'vitest';
import { Federation } from '../testing/federation.ts';
import { bill, cashier } from '../testing/region.ts';
import type { Way } from './way.ts';

const [hospital, insured] = ['340000', '310000'] as const;
let region: Federation | undefined;
let isCut = false;
afterEach(async () => {
  isCut = false;
  await region?.stop();
});

async function started(): Promise<Federation> {
  const onWay = (_from: string, to: string) =>
    isCut && to === insured ? Promise.reject(new Error('cut')) : undefined;
  region = new Federation({ members: [insured, hospital], onWay });
  await region.startAll();
  return region;
}

const present = (of: Federation, id: string, waitMs: number, total?: string) =>
  of.node(hospital).command({ type: 'clinic/present', input: bill(id, total), actor: cashier }, waitMs);

/** The way once it is as far as this. */
const until = (of: Federation, id: string, isSo: (way: Way) => boolean): Promise<Way> =>
  vi.waitFor(async () => {
    const way = await wayOf(of, id);
    expect(isSo(way), JSON.stringify(way)).toBe(true);
    return way;
  }, 20_000);

async function wayOf(of: Federation, id: string) {
  const node = of.node(hospital);
  const asked = { type: 'clinic/bill', subject: `visit:${id}`, id: '', actor: cashier, purpose: 'settle' };
  const record = await node.read(asked);
  if (record === undefined) throw new Error('the bill is there');
  return node.way(record, 20);
}

test('a settlement’s way tells each step at each member in order, and by whose word it is known', async () => {
  const of = await started();
  await present(of, 'b1', 10_000);
  const { steps, waits, isCut: cut } = await until(of, 'b1', (way) => way.waits.length === 0);
  expect(steps.map(({ step, member, type, says }) => [step, member, type, says.member, says.by])).toEqual([
    ['accepted', hospital, 'clinic/present', hospital, 'journal'],
    ['sent', hospital, 'clinic/price', hospital, 'journal'],
    ['received', insured, 'clinic/price', insured, 'receipt'],
    ['answered', insured, 'clinic/price/reply', insured, 'frame'],
    ['handled', hospital, 'clinic/price/reply', hospital, 'journal'],
    ['sent', hospital, 'clinic/settle', hospital, 'journal'],
    ['received', insured, 'clinic/settle', insured, 'receipt'],
    ['answered', insured, 'clinic/settle/reply', insured, 'frame'],
    ['handled', hospital, 'clinic/settle/reply', hospital, 'journal'],
  ]);
  const [, sent, received] = steps;
  expect(received?.frame).toEqual(sent?.frame);
  expect(sent?.frame).toMatchObject({ epoch: 1, stream: expect.stringMatching(/^main\./) });
  expect([waits, cut]).toEqual([[], false]);
});

test('at the member that decided the way begins where the peer’s message says that it was given', async () => {
  const of = await started();
  await present(of, 'b2', 10_000);
  const { reader } = of.checked(insured);
  const list = { type: 'clinic/share', where: [], sort: undefined, limit: 1, after: undefined } as const;
  const [row] = (await reader.list({ ...list, owner: 'own' })).rows;
  if (row === undefined) throw new Error('the share is there');
  const at = `${row.partition}.${row.at}`;
  const { steps } = await of.node(insured).way({ ...row, at, value: undefined }, 20);
  expect(steps.map(({ step, member, says }) => [step, member, says.by]).slice(0, 4)).toEqual([
    ['begun', hospital, 'message'],
    ['sent', hospital, 'frame'],
    ['handled', insured, 'journal'],
    ['sent', insured, 'journal'],
  ]);
});

test('what waits is told with whose turn it is, and since when a peer cannot be reached', async () => {
  const of = await started();
  await present(of, 'b3', 10_000);
  isCut = true;
  await present(of, 'b4', 0);
  const waiting = await until(of, 'b4', ({ waits: [one] }) => one?.awaySince !== undefined);
  expect(waiting.steps.map(({ step }) => step)).toEqual(['accepted', 'sent']);
  expect(waiting.waits).toMatchObject([
    { wait: 'receipt', member: insured, type: 'clinic/price', reachable: false },
  ]);
  isCut = false;
  expect((await until(of, 'b4', ({ waits }) => waits.length === 0)).steps).toHaveLength(9);
  await present(of, 'b5', 0, '666');
  await until(of, 'b5', ({ waits: [one] }) => one?.wait === 'answer' && one.reachable);
});
