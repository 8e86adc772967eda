import { f, object, put, refuse, remove, subject, system, years } from '@yitong/kit';
import { afterEach, expect, test, vi } from 'vitest';
import type { Peers } from '../seams.ts';
import { type TestMember, TestRegion } from '../testing/region.ts';

// Public facts of one member at another: one is written here many times while the way to the other is cut, crossed or slow.

const Stone = subject('stone');
const Reader = subject('reader');
const texts = { 'zh-CN': {}, en: {} };
const board = system('board', { roles: ['writer'], parameters: {}, texts });
const key = f.code(/^[a-z0-9]+$/);
const note = board.record('note', {
  about: Stone,
  schema: object({ stone: key, text: f.line(40) }),
  keep: years(1),
  readers: ['public'],
  copies: 'all',
});
const quoted = board.record('quoted', {
  about: Reader,
  schema: object({ text: f.line(40) }),
  keep: years(1),
  readers: ['public'],
});
board.command('write', {
  by: ['writer'],
  about: Stone,
  key: 'stone',
  input: object({ stone: key, text: f.line(40) }),
  handle: (input) => put(note, input),
});
board.command('wipe', {
  by: ['writer'],
  about: Stone,
  key: 'stone',
  input: object({ stone: key }),
  handle: () => remove(note),
});
board.command('quote', {
  by: ['writer'],
  about: Reader,
  key: 'reader',
  input: object({ reader: key, stone: key }),
  refusals: ['nothing-there'],
  handle({ stone }, view) {
    const found = view.copy(note, stone);
    return found ? put(quoted, { text: found.text }) : refuse('nothing-there');
  },
});

const [here, there] = ['310000', '340000'] as const;
const actor = { id: 'w', roles: ['writer'] };
let region: TestRegion;
let isCut = false;
const crossing: (() => void)[] = [];

/** A way on which of the frames that are under way the last arrives first. */
const peers: Peers = {
  batch: (to, frame) =>
    new Promise((resolve, reject) => {
      const from = to === here ? there : here;
      const arrive = () =>
        region
          .node(to as TestMember)
          .receive(from, frame)
          .then(resolve, reject);
      if (isCut) return reject(new Error('nobody there'));
      crossing.push(arrive);
      if (crossing.length === 1)
        setTimeout(
          () =>
            crossing
              .splice(0)
              .reverse()
              .map((run) => run()),
          3,
        );
    }),
  ask: async () => ({ status: 404, body: new Uint8Array() }),
};

afterEach(async () => {
  isCut = false;
  await region.stop();
});

async function start(): Promise<void> {
  region = new TestRegion({ systemOf: () => board, more: { peers } });
  await region.start();
}

const give = (member: TestMember, name: string, input: unknown) =>
  region.node(member).command({ type: `board/${name}`, input, actor }, 10_000);
const held = async (member: TestMember, owner: 'own' | 'others') => {
  const asked = { type: 'board/note', where: [], sort: undefined, limit: 200, after: undefined, owner };
  const { rows } = await region.reader(member).list(asked);
  return rows
    .filter(({ body }) => body !== null)
    .map(({ body }) => body)
    .sort();
};
const same = () =>
  vi.waitFor(async () => expect(await held(there, 'others')).toEqual(await held(here, 'own')), 20_000);

test('what is said at one member is held at the other word for word, whatever overtakes what', async () => {
  await start();
  const all = Array.from({ length: 120 }, (_, n) => ({ stone: `s${n % 12}`, text: `the ${n}th` }));
  await Promise.all(all.map((one) => give(here, 'write', one)));
  await same();
  expect(await held(here, 'own')).toHaveLength(12);
});

test('a member that was cut off holds the newest of each once it is back, and no longer what was taken away', async () => {
  await start();
  for (const stone of ['a', 'b', 'c']) await give(here, 'write', { stone, text: 'first' });
  await same();
  isCut = true;
  for (let n = 0; n < 30; n += 1)
    await give(here, 'write', { stone: n % 2 ? 'a' : 'd', text: `while away ${n}` });
  await give(here, 'wipe', { stone: 'b' });
  expect(await held(there, 'others')).toHaveLength(3);
  isCut = false;
  await same();
  expect(await held(there, 'others')).toEqual([
    '{"stone":"a","text":"while away 29"}',
    '{"stone":"c","text":"first"}',
    '{"stone":"d","text":"while away 28"}',
  ]);
});

test('a handler about any subject of any partition reads the copy', async () => {
  await start();
  await give(here, 'write', { stone: 'a', text: 'carved' });
  await same();
  const readers = Array.from({ length: 16 }, (_, n) => `r${n}`);
  for (const reader of readers)
    await vi.waitFor(
      async () => expect(await give(there, 'quote', { reader, stone: 'a' })).toMatchObject({ state: 'done' }),
      20_000,
    );
  expect(await give(there, 'quote', { reader: 'r0', stone: 'z' })).toMatchObject({ state: 'refused' });
});
