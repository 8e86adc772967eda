import { f, object, Person, put, refuse, reply, system, years } from '@yitong/kit';
import { afterEach, expect, test, vi } from 'vitest';
import { Breaker } from '../exchange/breaker.ts';
import { decodeAnswer, encodeAnswer } from '../exchange/receipt.ts';
import type { PeerAnswer } from '../seams.ts';
import { Federation } from '../testing/federation.ts';

const texts = { 'zh-CN': {}, en: {} };
const desk = system('desk', { roles: ['clerk'], purposes: ['settle'], parameters: {}, texts });
const of = object({ person: f.citizenId });
const entry = desk.record('entry', {
  about: Person,
  schema: object({ person: f.citizenId, title: f.line(40) }),
  keep: years(1),
  readers: ['self'],
});
desk.command('enter', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: object({ person: f.citizenId, title: f.line(40) }),
  handle: (input) => put(entry, input),
});
const head = { purposes: ['settle'], asked: ['clerk'], input: of, about: Person, key: 'person' } as const;
desk.question('title', {
  ...head,
  consent: 'by-law',
  refusals: ['not-known'],
  answer: object({ title: f.line(40) }),
  handle(_, view) {
    const found = view.get(entry);
    return found ? reply({ title: found.title }) : refuse('not-known', { at: '/person' });
  },
});
desk.question('private', {
  ...head,
  consent: 'needed',
  answer: object({ title: f.line(40) }),
  handle: (_, view) => reply({ title: view.need(entry).title }),
});

const person = '310101200002290015';
const stranger = '110101199003070011';
const clerk = { id: 'c-1', roles: ['clerk'] };
const [here, there, other] = ['340000', '310000', '320000'] as const;
let region: Federation;
let onAsk: ((to: string, what: string) => Promise<PeerAnswer> | undefined) | undefined;

async function start(limits: object = {}): Promise<void> {
  onAsk = undefined;
  region = new Federation({
    members: [there, other, here],
    systemOf: () => desk,
    limits,
    onAsk: (_from, to, what) => onAsk?.(to, what),
  });
  await region.startAll();
  const input = { person, title: 'insured' };
  await region.node(there).command({ type: 'desk/enter', input, actor: clerk }, 0);
}
afterEach(() => region.stop());

function ask(change: object = {}) {
  const wish = { type: 'desk/title', to: [there], purpose: 'settle', input: { person }, actor: clerk };
  return region.node(here).question({ ...wish, ...change });
}

const accesses = async (of = person) => {
  const { reader } = region.checked(there);
  const query = { type: 'access/read', where: [], sort: undefined, limit: 50, after: undefined } as const;
  const { rows } = await reader.list({ ...query, subject: `person:${of}`, owner: 'own' });
  return rows.map(({ body }) => JSON.parse(body ?? ''));
};

test('a question is answered by its holder; the person’s own list says who asked, from where, why, before the answer leaves', async () => {
  await start();
  expect(await ask()).toMatchObject({
    ok: true,
    answers: [{ state: 'answered', from: there, value: { title: 'insured' } }],
  });
  expect(await accesses()).toMatchObject([
    { member: here, reader: `${here} staff:c-1`, purpose: 'settle', what: 'desk/title', list: false },
  ]);
});

test('a refusal is the holder’s own word, and is on the person’s list too; several members answer each for itself', async () => {
  await start();
  onAsk = (to, what) =>
    to === other && what === 'questions' ? Promise.reject(new Error('nobody there')) : undefined;
  const asked = await ask({ to: [there, other, here], input: { person: stranger } });
  expect(asked).toMatchObject({
    ok: true,
    answers: [
      { state: 'refused', from: there, code: 'not-known', pointer: '/person' },
      { state: 'no-answer', from: other, why: 'unreachable' },
      { state: 'refused', from: here, code: 'not-known' },
    ],
  });
  expect(await accesses(stranger)).toHaveLength(1);
});

test.for([
  ['another role', { actor: { id: 'x', roles: [] } }, 403],
  ['another purpose', { purpose: 'copy' }, 422],
  ['no member', { to: ['350000'] }, 422],
  ['an input that is none', { input: { person: '1' } }, 422],
  ['a question that is none', { type: 'desk/nothing' }, 404],
  ['an agreement that is none', { type: 'desk/private', consent: 'yes' }, 422],
] as const)('with %s nobody is asked', async ([, change, status]) => {
  await start();
  expect(await ask(change)).toMatchObject({ ok: false, problem: { status } });
  expect(await accesses()).toEqual([]);
});

test('where the person must agree, the holder’s own record counts: for this member, this question, until its day', async () => {
  await start();
  const id = '019aa0c0-0000-7000-8000-000000000001';
  const asked = (consent?: string) =>
    ask({ type: 'desk/private', ...(consent === undefined ? {} : { consent }) });
  const refusal = {
    state: 'refused',
    code: 'kernel/no-consent',
    facts: { member: here, purpose: 'settle', at: there, ground: expect.stringContaining('个人信息保护法') },
  };
  expect(await asked(id)).toMatchObject({ answers: [refusal] });
  const self = { id: 'p', roles: [], person };
  const give = (type: string, input: object) =>
    region.node(there).command({ type: `access/${type}`, input: { person, ...input }, actor: self }, 0);
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const agreed = { id, member: here, question: 'desk/private', until };
  expect(await give('agree', { ...agreed, purpose: 'copy' })).toMatchObject({ state: 'done' });
  expect(await asked()).toMatchObject({ answers: [refusal] });
  const other = id.replace(/1$/, '2');
  expect(await give('agree', { ...agreed, id: other, purpose: 'settle' })).toMatchObject({ state: 'done' });
  expect(await asked(id)).toMatchObject({ answers: [refusal] });
  for (const named of [other, undefined])
    expect(await asked(named)).toMatchObject({ answers: [{ state: 'answered' }] });
  await give('withdraw', { id: other });
  expect(await asked()).toMatchObject({ answers: [refusal] });
  const rows = (await accesses()).map(({ ground, consent = '' }) => `${ground} ${consent}`).sort();
  const read = `consent ${other}`;
  expect(rows).toEqual([read, read, 'none ', 'none ', 'none ', 'none ']);
});

test.for([
  ['agree', { member: '330000' }, 'not-a-member'],
  ['agree', { until: '2020-01-01T00:00:00.000Z' }, 'until-is-over'],
  ['withdraw', undefined, 'consent-unknown'],
] as const)('a person may not %s with %o', async ([type, change, code]) => {
  await start();
  const id = '019aa0c0-0000-7000-8000-000000000003';
  const until = '2999-01-01T00:00:00.000Z';
  const agreed = change && { member: here, question: 'desk/private', until, ...change };
  const actor = { id: 'p', roles: [], person };
  const wish = { type: `access/${type}`, input: { id, person, ...agreed }, actor };
  const answer = await region.node(there).command(wish, 0);
  expect(answer).toMatchObject({ state: 'refused', problem: { errors: [{ code }] } });
});

test('the same question again has the same answer and one row; another answer is not taken for it', async () => {
  await start();
  const seen: Uint8Array[] = [];
  const node = region.node(there);
  const real = node.ask.bind(node);
  node.ask = async (peer, what, body) => {
    if (body) seen.push(body);
    return real(peer, what, body);
  };
  await ask();
  const [first = new Uint8Array()] = seen;
  const [one, two] = [await real(here, 'questions', first), await real(here, 'questions', first)];
  expect(Buffer.compare(one.body, two.body)).toBe(0);
  expect(await accesses()).toHaveLength(1);
  node.ask = async () => one;
  expect(await ask()).toMatchObject({ answers: [{ state: 'no-answer', why: 'another-answer' }] });
  const parts = decodeAnswer(first);
  if (!parts) throw new Error('not a question');
  const forged = encodeAnswer({ ...parts, refusals: Buffer.from(`{"person":"${stranger}"}`) });
  expect(await real(other, 'questions', first)).toMatchObject({ status: 403 });
  expect(await real(here, 'questions', forged)).toMatchObject({ status: 200 });
  expect(await accesses(stranger)).toEqual([]);
});

test('a member that does not answer opens the circuit after five failures; a probe that is answered closes it', async () => {
  await start();
  onAsk = (to, what) => (to === there && what === 'questions' ? Promise.reject(new Error('cut')) : undefined);
  for (let k = 0; k < 5; k += 1)
    expect(await ask()).toMatchObject({ answers: [{ state: 'no-answer', why: 'unreachable' }] });
  expect(await ask()).toMatchObject({ answers: [{ state: 'no-answer', why: 'circuit-open' }] });
  const breaker = new Breaker();
  for (let k = 0; k < 5; k += 1) {
    expect(breaker.begin(k)).toBe(true);
    breaker.ended(k, false);
  }
  expect([breaker.begin(5), breaker.begin(9_000)]).toEqual([false, false]);
  expect([breaker.begin(10_005), breaker.begin(10_006)]).toEqual([true, false]);
  breaker.ended(10_010, true);
  expect(breaker.begin(10_011)).toBe(true);
});

test('twenty questions about one person at once are each answered, and each is on the list', async () => {
  await start();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
  for (const one of answers) expect(one).toMatchObject({ answers: [{ state: 'answered' }] });
  await vi.waitFor(async () => expect(await accesses()).toHaveLength(20), 20_000);
});

test('who asks about one person after another comes to the end of a day’s budget: refused, no row, and the operator is told', async () => {
  await start({ questions: { ofMember: 100, ofAsker: 8 } });
  for (let k = 0; k < 8; k += 1) expect(await ask()).toMatchObject({ answers: [{ state: 'answered' }] });
  const alarms = () =>
    region
      .node(there)
      .status()
      .peers.find(({ member }) => member === here)?.alarms;
  expect(alarms()).toMatchObject([{ stream: 'questions', code: 'unusual-questions' }]);
  const again = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(await ask()).toMatchObject({
    answers: [{ state: 'refused', code: 'kernel/question-budget', facts: { again } }],
  });
  expect(alarms()).toMatchObject([
    { code: 'question-budget', detail: 'staff:c-1 has used up its budget of 24 hours' },
  ]);
  expect(await accesses()).toHaveLength(8);
  const colleague = { id: 'c-2', roles: ['clerk'] };
  expect(await ask({ actor: colleague })).toMatchObject({ answers: [{ state: 'answered' }] });
});
