import { f, object, Person, put, reply, system, years } from '@yitong/kit';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { Federation } from '../../kernel/testing/federation.ts';
import { systemClock } from '../../kernel/testing/region.ts';
import type { Auth } from '../access/auth.ts';
import { buildHttp } from './app.ts';
import { openLog } from './log.ts';

const anna = '310101199003070019';
const [home, away] = ['310000', '340000'] as const;
const word = (text: string) => ({ desk: text, note: text, write: text, 'read-note': text });
const fields = {
  'note.text': 'text',
  'write.person': 'person',
  'write.text': 'text',
  'read-note.person': 'person',
};
const texts = { ...word('x'), ...fields, '@clerk': 'clerk', $settle: 'settling' };
const desk = system('desk', {
  roles: ['clerk'],
  purposes: ['settle'],
  parameters: {},
  texts: { 'zh-CN': texts, en: texts },
});
const note = desk.record('note', {
  about: Person,
  schema: object({ text: f.line(40) }),
  keep: years(1),
  readers: ['self'],
});
desk.command('write', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: object({ person: f.citizenId, text: f.line(40) }),
  handle: ({ text }) => put(note, { text }),
});
desk.question('read-note', {
  purposes: ['settle'],
  consent: 'needed',
  asked: ['clerk'],
  input: object({ person: f.citizenId }),
  about: Person,
  key: 'person',
  answer: object({ text: f.line(40) }),
  handle: (_, view) => reply({ text: view.need(note).text }),
});

const people: Readonly<Record<string, { readonly roles: readonly string[]; readonly person?: string }>> = {
  anna: { roles: [], person: anna },
  bert: { roles: [], person: '330102198805125670' },
  clerk: { roles: ['desk/clerk'] },
};
const auth: Auth = {
  async authenticate(header) {
    const id = header?.replace(/^Bearer /, '') ?? '';
    const known = people[id];
    return known && { id, until: Date.now() + 3_600_000, ...known };
  },
};

let region: Federation;
let doors: ReadonlyMap<string, FastifyInstance>;
afterEach(async () => {
  for (const door of doors.values()) await door.close();
  await region.stop();
});

async function opened(): Promise<void> {
  region = new Federation({ members: [home, away], systemOf: () => desk });
  await region.startAll();
  doors = new Map(
    [home, away].map((member) => {
      const config = { member, region: 'csj', name: { zh: '省', en: 'Member' }, hosts: ['node.test'] };
      const door = buildHttp({
        node: region.node(member),
        reader: region.checked(member).reader,
        systems: [desk],
        config: { ...config, demonstration: true, issuer: 'http://127.0.0.1:7300' },
        auth,
        clock: systemClock,
        log: openLog({ level: 'silent', member }),
      });
      return [member, door] as const;
    }),
  );
}

async function at(member: string, who: string, url: string, payload?: object) {
  const headers = { authorization: `Bearer ${who}`, host: 'node.test', prefer: 'wait=5' };
  const answer = await doors.get(member)?.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer?.statusCode, json: answer?.json() };
}

const ask = async () => {
  const { json } = await at(away, 'clerk', '/desk/read-note', { to: home, input: { person: anna } });
  return json.answers[0];
};

test('over HTTP a question is refused with its ground, answered once the person agreed, refused again once they withdrew', async () => {
  await opened();
  expect((await at(home, 'clerk', '/desk/write', { person: anna, text: 'mended' })).status).toBe(200);
  expect(await ask()).toMatchObject({
    state: 'refused',
    code: 'kernel/no-consent',
    facts: { at: home, member: away, purpose: 'settle', ground: expect.stringContaining('art. 13(1)(1)') },
  });
  const id = '019aa0c0-0000-7000-8000-0000000000c1';
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const agreed = { id, member: away, question: 'desk/read-note', purpose: 'settle', until };
  // Nobody agrees for somebody else, whether as a person or for an office.
  expect((await at(home, 'bert', '/access/agree', { ...agreed, person: anna })).status).toBe(403);
  expect((await at(home, 'clerk', '/access/agree', { ...agreed, person: anna })).status).toBe(403);
  expect((await at(home, 'anna', '/access/agree', agreed)).status).toBe(200);
  expect(await ask()).toMatchObject({ state: 'answered', value: { text: 'mended' } });
  const given = await at(home, 'anna', '/me/consents');
  expect(given.json.data).toEqual([{ ...agreed, person: anna, given: expect.any(String) }]);
  expect((await at(home, 'bert', '/me/consents')).json.data).toEqual([]);
  expect((await at(home, 'anna', '/access/withdraw', { id })).status).toBe(200);
  expect(await ask()).toMatchObject({ state: 'refused', code: 'kernel/no-consent' });
  const again = await at(home, 'anna', '/access/withdraw', { id });
  expect(again).toMatchObject({ status: 409, json: { remedy: expect.stringMatching(/撤回|taken back/) } });
  const reads = (await at(home, 'anna', '/me/accesses')).json.data as readonly Record<string, unknown>[];
  const asked = reads.filter(({ what }) => what === 'desk/read-note');
  expect(asked.map(({ ground, consent }) => [ground, consent])).toEqual([
    ['none', undefined],
    ['consent', id],
    ['none', undefined],
  ]);
});
