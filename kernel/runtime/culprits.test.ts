import { f, fen, hold, object, put, send, subject, system, years } from '@yitong/kit';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { verifyJournal } from '../journal/verify.ts';
import { TestRegion } from '../testing/region.ts';
import { culpritsOf } from './culprits.ts';

test('whichever messages are at fault are found, and no others, by a few trials each', async () => {
  const batch = fc
    .integer({ min: 1, max: 300 })
    .chain((size) => fc.tuple(fc.constant(size), fc.uniqueArray(fc.nat(size - 1), { maxLength: 5 })));
  await fc.assert(
    fc.asyncProperty(batch, async ([size, faulty]) => {
      fc.pre(faulty.length > 0);
      const keys = Array.from({ length: size }, (_, k) => `m${k}`);
      let trials = 0;
      const found = await culpritsOf(keys, async (held) => {
        trials += 1;
        return faulty.some((k) => !held.has(`m${k}`));
      });
      expect([...(found ?? [])].sort()).toEqual(faulty.map((k) => `m${k}`).sort());
      expect(trials).toBeLessThanOrEqual(1 + faulty.length * (Math.ceil(Math.log2(size)) + 1));
    }),
    { seed: 20261126 },
  );
});

test('a batch that is refused with every message held back has no culprit among them', async () => {
  expect(await culpritsOf(['a', 'b'], async () => true)).toBeUndefined();
});

const Court = subject('court');
const court = f.code(/^c[0-9]+$/);

/** One command reserves at many courts of a peer; a court that is reserved a second time meets the database's key. */
function courts() {
  const own = system('clinic', {
    roles: ['cashier'],
    purposes: ['settle'],
    parameters: {},
    texts: { 'zh-CN': {}, en: {} },
  });
  const pool = own.account('pool', { side: 'debit' });
  const due = own.account('due', { side: 'credit' });
  const schema = object({ court, times: f.count });
  const use = own.record('use', { about: Court, schema, keep: years(1), readers: ['cashier'] });
  const reserve = own.message('reserve', {
    purpose: 'settle',
    about: Court,
    key: 'court',
    data: object({ court }),
    handle: (data, view) => [
      put(use, { court: data.court, times: (view.get(use)?.times ?? 0) + 1 }),
      hold('once', [{ debit: pool(), credit: due(), amount: fen(100n) }]),
    ],
  });
  own.command('fan', {
    by: ['cashier'],
    about: Court,
    key: 'court',
    input: object({ court, courts: f.texts(10, 100) }),
    handle: (input) =>
      input.courts.map((one) => send(reserve, { court: court.parse(one) }, { to: '310000' })),
  });
  return own;
}

let region: TestRegion | undefined;
afterEach(() => region?.stop());

test('of a frame with one message that the database refuses, this one is held and all others are handled', async () => {
  // Nothing stays in memory between batches, so that only the database knows the first reservation.
  region = new TestRegion({ systemOf: courts, more: { limits: { cache: 0 } } });
  await region.start();
  const fan = (courts: readonly string[]) =>
    region?.node('340000').command(
      {
        type: 'clinic/fan',
        input: { court: 'c0', courts },
        actor: { id: 'k', roles: ['cashier'] },
      },
      10_000,
    );
  const list = {
    ...{ type: 'clinic/use', where: [], sort: undefined, limit: 100, after: undefined },
    owner: 'own' as const,
  };
  const used = async () =>
    (await region?.reader('310000').list(list))?.rows.map(({ subject: of, body }) => [of, body]);
  await fan(['c13']);
  await expect.poll(used).toEqual([['court:c13', '{"court":"c13","times":1}']]);
  const all = Array.from({ length: 60 }, (_, k) => `c${k}`);
  await fan(all);
  await expect.poll(async () => (await used())?.length).toBe(60);
  for (const [of, body] of (await used()) ?? []) expect(body, of ?? '').toContain('"times":1');
  const held = await region.reader('310000').held(100);
  expect(held.map(({ subject: of, kind, reason }) => [of, kind, reason])).toEqual([
    ['court:c13', 'held', 'the database refused it: 23505'],
  ]);
  // One partition's share of 60 messages is halved four or five times, not tried one by one.
  expect(region.node('310000').metrics()['commits_tried']).toBeLessThanOrEqual(12);
  await expect.poll(() => region?.node('340000').status().peers[0]?.unreceipted).toBe(0);
  expect((await verifyJournal(region.checked('310000'))).findings).toEqual([]);
});
