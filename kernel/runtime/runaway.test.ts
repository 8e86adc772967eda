import { type Effect, f, type MessageType, object, put, send, subject, system, years } from '@yitong/kit';
import { afterEach, expect, test } from 'vitest';
import { TestRegion } from '../testing/region.ts';

// What a faulty system may try: the node goes on for everybody else, and an operator sees which message it was.

const Court = subject('court');
const texts = { 'zh-CN': {}, en: {} };

/** A system whose message sends itself again for ever, and one that writes more than any peer takes. */
function runaway() {
  const own = system('clinic', { roles: ['cashier'], purposes: ['settle'], parameters: {}, texts });
  const court = f.code(/^c[0-9]+$/);
  const note = own.record('note', {
    about: Court,
    schema: object({ court }),
    keep: years(1),
    readers: ['cashier'],
  });
  const ball: MessageType = own.message('ball', {
    about: Court,
    key: 'court',
    data: object({ court, stroke: f.count }),
    handle: ({ court: at, stroke }): Effect<string> => send(ball, { court: at, stroke: stroke + 1 }),
  });
  const parcel = own.message('parcel', {
    purpose: 'settle',
    about: Court,
    key: 'court',
    data: object({ court, lines: f.texts(2_000, 200) }),
    handle: () => [],
  });
  const input = object({ court });
  const common = { by: ['cashier'], about: Court, key: 'court', input } as const;
  own.command('serve', { ...common, handle: ({ court: at }) => send(ball, { court: at, stroke: 1 }) });
  own.command('post', {
    ...common,
    handle: ({ court: at }) => [
      put(note, { court: at }),
      send(
        parcel,
        { court: at, lines: Array.from({ length: 200 }, () => '长'.repeat(2_000)) },
        { to: '310000' },
      ),
    ],
  });
  own.command('write', { ...common, handle: (input) => put(note, input) });
  return own;
}

let region: TestRegion;
afterEach(() => region.stop());

const ask = (type: string, court: string) =>
  region.node('340000').command({ type, input: { court }, actor: { id: 'k', roles: ['cashier'] } }, 10_000);
const held = async () =>
  (await region.reader('340000').held(10)).map(({ subject: of, reason }) => [of, reason]);

test('messages that cause one another without end are held at the 65th, and the node goes on', async () => {
  region = new TestRegion({ systemOf: runaway });
  await region.start();
  expect(await ask('clinic/serve', 'c1')).toMatchObject({ state: 'done' });
  expect(await held()).toEqual([['court:c1', 'more than 64 messages caused one another in one batch']]);
  for (const court of ['c2', 'c3', 'c4', 'c5', 'c6'])
    expect(await ask('clinic/write', court)).toMatchObject({ state: 'done' });
});

test('a message larger than a peer takes is held with its sender, and nothing of it happened', async () => {
  region = new TestRegion({ systemOf: runaway });
  await region.start();
  expect(await ask('clinic/post', 'c1')).toMatchObject({ state: 'held' });
  expect(await held()).toEqual([['court:c1', expect.stringContaining('larger than 260096 bytes')]]);
  expect(
    await region
      .reader('340000')
      .list({ type: 'clinic/note', where: [], sort: undefined, limit: 10, after: undefined, owner: 'own' }),
  ).toMatchObject({ rows: [] });
  expect(await ask('clinic/write', 'c2')).toMatchObject({ state: 'done' });
});
