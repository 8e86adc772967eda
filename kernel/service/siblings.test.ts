import { afterEach, expect, test } from 'vitest';
import type { CommandAnswer } from '../api.ts';
import { uuidOf } from '../exchange/uuid.ts';
import { rebuildState } from '../journal/rebuild.ts';
import { verifyJournal } from '../journal/verify.ts';
import { bill, cashier } from '../testing/region.ts';
import { SiblingRegion } from '../testing/siblings.ts';

let node: SiblingRegion;
afterEach(() => node.stop());

const begun = Date.now();
const wish = (n: number) => {
  const id = uuidOf(begun, new Uint8Array(10).fill(n));
  return { type: 'clinic/present', id, actor: cashier, input: bill(`b${n}`) };
};
const where = { where: [], sort: undefined, limit: 200, after: undefined } as const;
const query = { type: 'clinic/bill', owner: 'own', ...where } as const;

/** Partitions that a process has a writer for. */
const heldBy = ({ node: one }: SiblingRegion['first']): number[] =>
  one.status().partitions.flatMap(({ partition, epoch }) => (epoch > 0 ? [partition] : []));

/** Gives a command again and again until it has ended, as a client does that is told to come again. */
async function untilDone(give: () => Promise<CommandAnswer>): Promise<CommandAnswer | undefined> {
  let answer: CommandAnswer | undefined;
  await node.until(async () => {
    answer = await give();
    return answer.state !== 'busy' && answer.state !== 'open';
  });
  return answer;
}

test('two processes of a node work at once: each holds its share, and either takes what comes', async () => {
  node = new SiblingRegion();
  await node.start();
  const { first, second } = node;
  await node.until(async () => heldBy(first).length === 2 && heldBy(second).length === 2);
  expect([heldBy(first), heldBy(second)]).toEqual([
    [0, 2],
    [1, 3],
  ]);
  const all = Array.from({ length: 40 }, (_, n) => n);
  const heard = new Set<string>();
  let isTold = false;
  const missed = () => {
    isTold = true;
  };
  first.node.subscribe({ type: 'clinic/bill' }, ({ subject }) => heard.add(subject), missed);
  await node.until(async () => isTold);
  const doors = [first.node, second.node] as const;
  const given = await Promise.all(
    all.map((n) => untilDone(() => doors[n % 2 === 0 ? 0 : 1].command(wish(n), 5_000))),
  );
  expect(given.map((answer) => answer?.state)).toEqual(all.map(() => 'done'));
  for (const one of [first, second])
    for (const what of ['take', 'routes', 'frame']) expect(one.asked.get(what), what).toBeGreaterThan(0);

  await node.until(async () => heard.size === all.length);
  expect([...heard].sort(), 'live, in both processes').toEqual(all.map((n) => `visit:b${n}`).sort());

  expect(await second.node.checkpoint(), 'signed by the holder of partition 0').toContain('340000/journal');

  // The same wishes at the other door: the same answers, and nothing happens again.
  const again = await Promise.all(all.map((n) => doors[n % 2 === 0 ? 1 : 0].command(wish(n), 5_000)));
  expect(again).toEqual(given);
  const rows = (await first.region.reader('340000').list(query)).rows;
  expect(rows.map(({ version }) => version)).toEqual(all.map(() => 3));
  for (const check of [verifyJournal, rebuildState])
    expect((await check(first.region.checked('340000'))).findings).toEqual([]);
});

test('a process that is killed is replaced by the other, which handles nothing twice and loses nothing', async () => {
  node = new SiblingRegion();
  await node.start();
  const { first, second } = node;
  await node.until(async () => heldBy(second).length === 2);
  const all = Array.from({ length: 60 }, (_, n) => n);
  const given = all.map((n) => (n % 2 === 0 ? first : second).node.command(wish(n), 0));
  // What the second one was asked has no answer any more, and may or may not have been taken.
  await Promise.all(given.filter((_, n) => n % 6 === 0));
  second.kill();
  const ended = await Promise.all(all.map((n) => untilDone(() => first.node.command(wish(n), 1_000))));
  expect(ended.map((answer) => answer?.state)).toEqual(all.map(() => 'done'));
  expect(heldBy(first)).toEqual([0, 1, 2, 3]);
  const rows = (await first.region.reader('340000').list(query)).rows;
  expect(rows.map(({ version }) => version)).toEqual(all.map(() => 3));
  for (const check of [verifyJournal, rebuildState])
    expect((await check(first.region.checked('340000'))).findings).toEqual([]);
  const owed = await node.peer.reader('310000').mirrors({ limit: 200 });
  expect(owed.filter(({ account }) => account.includes('due-'))).toHaveLength(all.length);
});
