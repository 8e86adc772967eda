import {
  days,
  f,
  later,
  object,
  put,
  reply,
  type SystemType,
  send,
  subject,
  system,
  years,
} from '@yitong/kit';
import { afterEach, expect, test } from 'vitest';
import { rebuildState } from '../journal/rebuild.ts';
import { verifyJournal } from '../journal/verify.ts';
import type { Peers } from '../seams.ts';
import { members, type TestMember, TestRegion } from '../testing/region.ts';

const Room = subject('room');
const room = f.code(/^r[0-9]+$/);
const First = object({ room, nights: f.count });
const Second = object({ room, nights: f.count, guests: f.count });
const before = {
  data: First,
  lift: (old: unknown) => ({ ...Object(old), guests: 1 }),
  lower: (data: unknown) => ({ room: Object(data).room, nights: Object(data).nights }),
};

/** What both programs have: who asked for a room and who was given it; guests are 0 where nobody said how many. */
function inn() {
  const own = system('clinic', {
    ...{ roles: ['clerk'], purposes: ['settle'], parameters: {} },
    texts: { 'zh-CN': {}, en: {} },
  });
  const record = (name: string) =>
    own.record(name, { about: Room, readers: ['clerk'], keep: years(1), schema: Second });
  return { own, asked: record('asked'), taken: record('taken'), reminded: record('reminded') };
}

const request = {
  purpose: 'settle',
  from: Room,
  about: Room,
  key: 'room',
  reply: object({ paid: f.count }),
} as const;

/** The first program: a room is booked at a peer for some nights, and its guest reminded a day later. */
function first(): SystemType {
  const { own, asked, taken, reminded } = inn();
  const book = own.message('book', {
    ...request,
    data: First,
    handle: (data) => [put(taken, { ...data, guests: 0 }), reply({ paid: 100 })],
    replied: (_paid, _, data) => put(asked, { ...data, guests: 0 }),
  });
  const handle = (data: typeof First._output) => put(reminded, { ...data, guests: 0 });
  const remind = own.message('remind', { about: Room, key: 'room', data: First, handle });
  own.command('ask', {
    ...{ by: ['clerk'], about: Room, key: 'room', input: Second },
    handle: ({ guests: _, ...data }) => [send(book, data, { to: '310000' }), later(days(1), remind, data)],
  });
  return own;
}

/** The second one says for how many guests. */
function second(): SystemType {
  const { own, asked, taken, reminded } = inn();
  const major = { data: Second, version: 2, before } as const;
  const book = own.message('book', {
    ...request,
    ...major,
    handle: (data) => [put(taken, data), reply({ paid: 100 })],
    replied: (_paid, _, data) => put(asked, data),
  });
  const handle = (data: typeof Second._output) => put(reminded, data);
  const remind = own.message('remind', { about: Room, key: 'room', ...major, handle });
  own.command('ask', {
    ...{ by: ['clerk'], about: Room, key: 'room', input: Second },
    handle: (data) => [send(book, data, { to: '310000' }), later(days(1), remind, data)],
  });
  return own;
}

const programs = new Map<TestMember, () => SystemType>();
let isCut = false;
let shiftMs = 0;
let region: TestRegion;
afterEach(() => region.stop());

const peers: Peers = {
  async batch(to, frame) {
    if (isCut && to === '310000') throw new Error('the line is cut');
    return region.node(to as TestMember).receive(to === '310000' ? '340000' : '310000', frame);
  },
  ask: async (to, what) => region.node(to as TestMember).ask(to === '310000' ? '340000' : '310000', what),
};

async function start(): Promise<void> {
  [isCut, shiftMs] = [false, 0];
  for (const member of members) programs.set(member, first);
  region = new TestRegion({
    systemOf: (member) => programs.get(member)?.() ?? first(),
    shiftMs: () => shiftMs,
    more: { peers, limits: { backOffMs: 1, backOffMaxMs: 5 } },
  });
  await region.start();
}

async function install(member: TestMember, program: () => SystemType): Promise<void> {
  programs.set(member, program);
  await region.restart(member);
}

const ask = (id: string, guests: number, waitMs = 10_000) =>
  region.node('340000').command(
    {
      type: 'clinic/ask',
      input: { room: id, nights: 2, guests },
      actor: { id: 'k', roles: ['clerk'] },
    },
    waitMs,
  );

/** Guests by room, as a member's records of a type say. */
async function guests(member: TestMember, name: string): Promise<Record<string, number>> {
  const list = { type: `clinic/${name}`, where: [], sort: undefined, limit: 100, after: undefined };
  const { rows } = await region.reader(member).list({ ...list, owner: 'own' });
  return Object.fromEntries(
    rows.map(({ subject: of, body }) => [of.slice(5), JSON.parse(body ?? '').guests]),
  );
}

/** What the other member said it handles, as each partition of this one knows it. */
async function heard(member: TestMember): Promise<readonly unknown[]> {
  const known: unknown[] = [];
  for (let partition = 0; partition < 4; partition += 1)
    for await (const row of region.reader(member).table('record', partition))
      if (row['type'] === 'kernel/speaks' && row['owner'] !== '')
        known.push(JSON.parse(String(row['body'])).handles);
  return known;
}

async function noDifference(): Promise<void> {
  for (const member of members) {
    expect((await verifyJournal(region.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings, member).toEqual([]);
  }
}

test('one member is given a new program while messages flow, then the other: each is sent what it handles', async () => {
  await start();
  expect(await ask('r1', 3)).toMatchObject({ state: 'done' });
  const flowing = Array.from({ length: 20 }, (_, k) => ask(`r10${k}`, 3));
  await install('310000', second);
  flowing.push(...Array.from({ length: 20 }, (_, k) => ask(`r20${k}`, 3)));
  for (const one of await Promise.all(flowing)) expect(one).toMatchObject({ state: 'done' });
  expect(await guests('310000', 'taken')).toMatchObject({ r1: 0, r2019: 1 });
  expect(await guests('340000', 'asked')).toMatchObject({ r1: 0, r2019: 0 });
  await install('340000', second);
  await expect.poll(() => heard('340000')).toEqual(Array(4).fill(['clinic/book/2', 'clinic/remind/2']));
  expect(await ask('r3', 3)).toMatchObject({ state: 'done' });
  expect(await guests('310000', 'taken')).toMatchObject({ r3: 3 });
  expect(await guests('340000', 'asked')).toMatchObject({ r3: 3 });
  await install('310000', first);
  await expect.poll(() => heard('340000')).toEqual(Array(4).fill([]));
  expect(await ask('r4', 3)).toMatchObject({ state: 'done' });
  expect(await guests('310000', 'taken')).toMatchObject({ r4: 0 });
  expect(await guests('340000', 'asked')).toMatchObject({ r4: 1 });
  expect(await region.reader('310000').held(10)).toEqual([]);
  await noDifference();
});

test('a message of a newer major is held with what follows it, and goes on by itself once the new program is there', async () => {
  await start();
  for (const member of members) await install(member, second);
  await expect.poll(async () => (await heard('340000')).length).toBe(4);
  isCut = true;
  const late = [await ask('r1', 4, 0), await ask('r2', 5, 0)];
  expect(late).toMatchObject([{ state: 'open' }, { state: 'open' }]);
  await install('310000', first);
  isCut = false;
  const held = async () =>
    (await region.reader('310000').held(10))
      .map(({ subject: of, kind, reason }) => [of, kind, reason])
      .sort();
  await expect.poll(held).toEqual([
    ['room:r1', 'held', 'newer-version'],
    ['room:r2', 'held', 'newer-version'],
  ]);
  await ask('r2', 6, 0);
  await expect.poll(async () => (await held()).length).toBe(3);
  await noDifference();
  await install('310000', second);
  await expect.poll(held).toEqual([]);
  await expect.poll(() => guests('310000', 'taken')).toMatchObject({ r1: 4 });
  await expect.poll(() => guests('340000', 'asked')).toMatchObject({ r1: 4 });
  await noDifference();
});

test('what waits for its time or its answer is of the program that began it, and the new one lifts it', async () => {
  await start();
  isCut = true;
  expect(await ask('r1', 3, 0)).toMatchObject({ state: 'open' });
  await region.node('340000').stop();
  shiftMs = 2 * 86_400_000;
  programs.set('340000', second);
  await region.restart('310000');
  await region.restart('340000');
  await expect.poll(() => guests('340000', 'reminded')).toEqual({ r1: 1 });
  isCut = false;
  await expect.poll(() => guests('340000', 'asked')).toEqual({ r1: 1 });
  await noDifference();
});
