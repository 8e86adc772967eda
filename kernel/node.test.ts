import {
  f,
  fen,
  hold,
  object,
  Person,
  post,
  put,
  refuse,
  reply,
  send,
  subject,
  system,
  transfer,
  years,
} from '@yitong/kit';
import { afterEach, expect, test } from 'vitest';
import type { KernelNode } from './api.ts';
import type { Directory } from './exchange/directory.ts';
import { directoryHash, signDirectory } from './exchange/directory-step.ts';
import { publicKey, signingKey } from './exchange/suite.ts';
import { verifyEvidence } from './exchange/verify-evidence.ts';
import { createNode } from './node.ts';
import type { Chance, Clock, Peers } from './seams.ts';
import { openMemoryStore } from './store/memory.ts';
import type { Reader } from './store/store.ts';

const Visit = subject('visit');
const texts = { 'zh-CN': {}, en: {} };

/** A small system of two members: a bill here, priced and held there, settled on both sides. */
function clinic() {
  const own = system('clinic', { roles: ['cashier'], purposes: ['settle'], parameters: {}, texts });
  const due = own.account('due-to', { side: 'credit', per: 'member', mirror: 'due-from' });
  const from = own.account('due-from', { side: 'debit', per: 'member', mirror: 'due-to' });
  const fund = own.account('fund', { side: 'debit' });
  const hospital = own.account('hospital', { side: 'credit' });
  const Bill = object({
    id: f.code(/^b[0-9]+$/),
    person: f.citizenId,
    to: f.member,
    total: f.money,
    state: f.code(/^[a-z]+$/),
  });
  const bill = own.record('bill', {
    about: Visit,
    schema: Bill,
    keep: years(15),
    readers: ['cashier'],
    person: 'person',
  });
  const share = own.record('share', {
    about: Person,
    schema: object({ id: f.code(/^b[0-9]+$/), fund: f.money }),
    each: 'id',
    keep: years(15),
    readers: ['self'],
  });
  const settle = own.message('settle', {
    purpose: 'settle',
    from: Visit,
    about: Person,
    key: 'person',
    data: Bill,
    reply: object({ period: f.month, fund: f.money }),
    handle: (b, view) => [
      post(b.id),
      reply({ period: f.month.parse(view.period), fund: view.need(share, b.id).fund }),
    ],
    replied: (r, view) => [
      put(bill, { ...view.need(bill), state: 'settled' }),
      transfer([{ debit: from(view.from), credit: hospital(), amount: r.fund }], {
        name: view.need(bill).id,
        period: r.period,
      }),
    ],
  });
  const price = own.message('price', {
    purpose: 'settle',
    from: Visit,
    about: Person,
    key: 'person',
    data: Bill,
    reply: object({ fund: f.money }),
    refusals: ['already-settled', 'broken'],
    handle(b, view) {
      if (view.get(share, b.id)) return refuse('already-settled', { at: '/id' });
      if (b.total === fen(666n)) throw new Error('a fault in the rules');
      const part = fen(b.total / 2n);
      return [
        put(share, { id: b.id, fund: part }),
        hold(b.id, [{ debit: fund(), credit: due(view.from), amount: part }]),
        reply({ fund: part }),
      ];
    },
    replied: (_, view, b) => [
      put(bill, { ...view.need(bill), state: 'priced' }),
      send(settle, b, { to: b.to }),
    ],
    refused: (_, view) => put(bill, { ...view.need(bill), state: 'refused' }),
  });
  own.command('present', {
    by: ['cashier'],
    input: Bill,
    about: Visit,
    key: 'id',
    handle: (b) => [put(bill, b), send(price, b, { to: b.to })],
  });
  return own;
}

const members = ['310000', '340000'];
const keys = members.map((member, k) =>
  signingKey({ id: `${member}-a`, suite: 'ed25519-sha256', random: new Uint8Array(32).fill(k + 1) }),
);
const directory: Directory = {
  format: 'yitong-directory/1',
  region: 'csj',
  version: 1,
  prev: '0'.repeat(64),
  issued: '2026-01-01T00:00:00.000Z',
  expires: '2036-01-01T00:00:00.000Z',
  threshold: 2,
  signers: members,
  streams: 4,
  purposes: ['settle', 'copy'],
  permissions: [
    { type: 'clinic/*', from: '*', to: '*', purposes: ['settle'] },
    { type: 'kernel/*', from: '*', to: '*', purposes: ['settle', 'copy'] },
  ],
  members: members.map((code, k) => ({
    code,
    url: `https://node-${code}.example`,
    tls: [],
    keys: keys.slice(k, k + 1).map((key) => ({
      ...publicKey(key),
      use: ['batch', 'receipt', 'directory', 'journal'],
      from: '2026-01-01T00:00:00.000Z',
      until: '2036-01-01T00:00:00.000Z',
    })),
  })),
};
const signatures = keys.map((key) => signDirectory(key, directory));

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
const chance: Chance = { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)), unit: () => 0.5 };
const nodes = new Map<string, KernelNode>();
const readers = new Map<string, Reader>();

afterEach(async () => {
  for (const node of nodes.values()) await node.stop();
  nodes.clear();
});

async function region(): Promise<void> {
  for (const [k, member] of members.entries()) {
    const key = keys[k];
    if (!key) throw new Error('a key for each member');
    const own = clinic();
    const records = [...own.records.values()];
    const { access } = await import('./access/access.ts');
    const { store, reader } = openMemoryStore({
      partitions: 4,
      records: [...records, ...access.records.values()],
      now: () => Date.now(),
    });
    const peers: Peers = {
      async batch(to, frame) {
        const answer = await nodes.get(to)?.receive(member, frame);
        if (!answer) throw new Error('nobody there');
        return answer;
      },
      directory: async () => ({ status: 404, body: new Uint8Array() }),
    };
    nodes.set(
      member,
      createNode({
        member,
        systems: [own],
        partitions: 4,
        directory,
        signatures,
        key,
        store,
        reader,
        clock,
        chance,
        peers,
      }),
    );
    readers.set(member, reader);
  }
  for (const node of nodes.values()) await node.start();
}

const cashier = { id: 'c1', roles: ['cashier'] };
const person = '310101200002290015';
const input = (id: string, total = '1000') => ({ id, person, to: '310000', total, state: 'new' });

test('a bill presented at one member is settled on both sides, with equal mirrored entries and evidence', async () => {
  await region();
  const here = nodes.get('340000');
  const answer = await here?.command({ type: 'clinic/present', input: input('b1'), actor: cashier }, 10_000);
  expect(answer).toMatchObject({ state: 'done', made: [{ type: 'clinic/bill', subject: 'visit:b1' }] });
  const owed = await readers.get('310000')?.mirrors({ limit: 10 });
  const claimed = await readers.get('340000')?.mirrors({ limit: 10 });
  const ids = (rows: typeof owed) =>
    rows?.filter((row) => row.account.includes('due-')).map((row) => row.transfer);
  expect(ids(owed)).toHaveLength(1);
  expect(ids(claimed)).toEqual(ids(owed));
  const id = answer && 'id' in answer ? (answer.id ?? '') : '';
  const evidence = await here?.evidence(id);
  expect(
    verifyEvidence(JSON.stringify(evidence), directoryHash(directory)).steps.filter((step) => !step.ok),
  ).toEqual([]);
  expect(await here?.checkpoint()).toContain('yitong.csj.340000/journal');
});

test('a refusal at the other member comes back to whoever began it, and the same id again has no second effect', async () => {
  await region();
  const here = nodes.get('340000');
  const first = await here?.command({ type: 'clinic/present', input: input('b2'), actor: cashier }, 10_000);
  const id = first && 'id' in first ? (first.id ?? '') : '';
  expect(
    await here?.command({ type: 'clinic/present', id, input: input('b2'), actor: cashier }, 10_000),
  ).toMatchObject({ state: 'done', id });
  const other = await here?.command(
    { type: 'clinic/present', id, input: input('b2', '2000'), actor: cashier },
    10_000,
  );
  expect(other).toMatchObject({ state: 'invalid', problem: { type: expect.stringContaining('id-reused') } });
  const again = await here?.command({ type: 'clinic/present', input: input('b2'), actor: cashier }, 10_000);
  expect(again).toMatchObject({
    state: 'refused',
    problem: { type: expect.stringContaining('already-settled') },
  });
});

test('a handler that throws holds its own subject back until it is released', async () => {
  await region();
  const [there, here] = [nodes.get('310000'), nodes.get('340000')];
  const held = await here?.command(
    { type: 'clinic/present', input: input('b3', '666'), actor: cashier },
    300,
  );
  expect(held).toMatchObject({ state: 'open' });
  const behind = await here?.command({ type: 'clinic/present', input: input('b4'), actor: cashier }, 300);
  expect(behind).toMatchObject({ state: 'open' });
  const rows = await readers.get('310000')?.held(10);
  expect(rows?.map((row) => row.kind).sort()).toEqual(['held', 'waiting']);
  const first = rows?.find((row) => row.kind === 'held');
  await there?.release(
    { id: 'op', roles: ['operator'] },
    `${first?.partition}.${first?.at}`,
    'refuse',
    'not to be priced',
  );
  const id = behind && 'id' in behind ? (behind.id ?? '') : '';
  expect(await here?.outcome('clinic/present', 'visit:b4', id, 10_000)).toMatchObject({ state: 'done' });
});

test("a person's record read is on that person's own page, and a stranger finds nothing", async () => {
  await region();
  const [there, here] = [nodes.get('310000'), nodes.get('340000')];
  await here?.command({ type: 'clinic/present', input: input('b5'), actor: cashier }, 10_000);
  const asked = { type: 'clinic/share', subject: `person:${person}`, id: 'b5', purpose: 'own-data' };
  expect(await there?.read({ ...asked, actor: { id: 'p', roles: [], person } })).toMatchObject({
    value: { fund: '500' },
  });
  expect(await there?.read({ ...asked, actor: { id: 'x', roles: ['cashier'] } })).toBeUndefined();
  const seen = await readers
    .get('310000')
    ?.list({ type: 'access/read', where: [], sort: undefined, limit: 10, after: undefined, owner: 'own' });
  expect(seen?.rows.map((row) => JSON.parse(row.body ?? '').what)).toEqual(['clinic/share b5']);
});
