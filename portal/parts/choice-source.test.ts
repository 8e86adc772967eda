import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Command, Declaration, RecordType, Session } from '../api/types.ts';

// The page's language comes from its address, which a test has to make up.
vi.stubGlobal('location', { pathname: '/en' });
const { loadTexts } = await import('../app/texts.ts');
const { shownOf, sourceOf } = await import('./choice-source.ts');
beforeAll(() => loadTexts());

const record = (of: Partial<RecordType>): RecordType => ({
  name: 'pier',
  type: 'harbour/pier',
  about: 'pier',
  isPerson: false,
  each: null,
  person: null,
  readers: ['public'],
  breakGlass: [],
  list: ['name', 'water'],
  find: [],
  search: ['name'],
  groups: [],
  copies: null,
  keep: { n: 1, unit: 'years' },
  isOnMap: false,
  schema: { properties: { name: { kind: 'name' }, water: { kind: 'choice' }, state: { kind: 'choice' } } },
  ...of,
});
const ofPeople = { person: 'skipper', readers: ['master', 'self'] };
const declared = {
  name: 'harbour',
  texts: { '=lake': 'lake', '=open': 'open' },
  purposes: ['mooring'],
  codeLists: ['flag'],
  records: [
    record({}),
    record({ name: 'stay', type: 'harbour/stay', each: 'id', search: [], list: ['water', 'state'] }),
    record({ ...ofPeople, name: 'boat', about: 'boat' }),
    record({ ...ofPeople, name: 'licence', isPerson: true, person: null }),
    record({ ...ofPeople, name: 'debt', search: [] }),
    record({
      name: 'voyage',
      type: 'harbour/voyage',
      about: 'person',
      isPerson: true,
      each: 'id',
      readers: ['master', 'self'],
      search: [],
      list: ['water'],
    }),
  ],
} as unknown as Declaration;
const command = {
  about: 'pier',
  key: 'pier',
  closed: { record: 'stay', field: 'state', when: { over: 'stay-over' } },
} as unknown as Command;
const session = (roles: readonly string[], isPerson = false) =>
  ({ who: { id: 'x', roles, isPerson } }) as unknown as Session;
const master = session(['harbour/master']);

const paths: string[] = [];
const headers: Readonly<Record<string, string>>[] = [];
let answer: unknown;
vi.stubGlobal(
  'fetch',
  async (path: string, asked: { readonly headers: Readonly<Record<string, string>> }) => {
    paths.push(path);
    headers.push(asked.headers);
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
  },
);
beforeEach(() => {
  paths.splice(0);
  headers.splice(0);
});
const find = (names: string, words: string, more: { subject?: string; session?: Session } = {}) =>
  sourceOf({ declared, names, session: master, command, ...more })?.find(words, new AbortController().signal);

test('codes of a declared list are found at the node, by their names in the page’s language', async () => {
  answer = { data: [{ code: 'PA', name: '巴拿马', nameEn: 'Panama' }], more: true };
  expect(await find('flag', 'pan')).toEqual({
    options: [{ code: 'PA', name: 'Panama', more: '' }],
    isMore: true,
  });
  expect(paths).toEqual(['/systems/harbour/codes/flag?q=pan']);
});

test('records of the own member are found by words, and told by their name and what tells them apart', async () => {
  answer = { data: [{ subject: 'pier:P1', id: '', value: { name: 'East', water: 'lake' } }], next: null };
  expect(await find('pier', 'ea')).toEqual({
    options: [{ code: 'P1', name: 'East', more: 'lake' }],
    isMore: false,
  });
  expect(paths).toEqual(['/harbour/pier?owner=own&limit=20&q=ea']);
});

test('records of the command’s subject wait for it; those that the command would be refused for are not offered', async () => {
  const waiting = sourceOf({ declared, names: 'stay', session: master, command, subject: '' });
  expect(waiting?.waitsFor).toBe('pier');
  const stay = (id: string, state: string) => ({ subject: 'pier:P1', id, value: { water: 'lake', state } });
  answer = { data: [stay('1', 'open'), stay('2', 'over'), stay('3', 'open')], next: 'more' };
  expect(await find('stay', 'lake', { subject: 'P1' })).toEqual({
    options: ['1', '3'].map((code) => ({ code, name: 'lake · open', more: '' })),
    isMore: true,
  });
  expect(paths).toEqual(['/harbour/stay?owner=own&limit=200&subject=P1']);
});

test('of a list that its node does not search all is fetched once, and what says the words is shown', () => {
  const whole = sourceOf({ declared, names: 'stay', session: master });
  const found = {
    options: Array.from({ length: 30 }, (_, at) => ({
      code: `S${at}`,
      name: at < 25 ? 'lake' : 'river',
      more: '',
    })),
    isMore: false,
  };
  const shown = (words: string) => whole && shownOf(whole, found, words);
  expect(shown('river')?.options.map(({ code }) => code)).toEqual(['S25', 'S26', 'S27', 'S28', 'S29']);
  expect(shown('s29')?.options).toHaveLength(1);
  expect(shown('lake')).toMatchObject({ options: found.options.slice(0, 20), isMore: true });
});

test('what is about a person is chosen once their number stands in the form: it is sent with the purpose, in no address', async () => {
  const ofPerson = { ...command, about: 'person', key: 'skipper' } as Command;
  const source = (subject: string) =>
    sourceOf({ declared, names: 'voyage', session: master, command: ofPerson, subject });
  expect(source('31010119900307')).toMatchObject({ waitsFor: 'skipper' });
  const known = source('310101199003070019');
  expect(known).toMatchObject({ least: 0, purpose: 'mooring' });
  expect(known?.waitsFor).toBeUndefined();
  answer = {
    data: [{ subject: 'person:310101********0019', id: 'V1', value: { water: 'lake' } }],
    next: null,
  };
  expect(await known?.find('', new AbortController().signal)).toEqual({
    options: [{ code: 'V1', name: 'lake', more: '' }],
    isMore: false,
  });
  expect(paths).toEqual(['/harbour/voyage?owner=own&limit=200']);
  expect(headers).toMatchObject([{ 'yitong-purpose': 'mooring', 'yitong-person': '310101199003070019' }]);
  expect(sourceOf({ declared, names: 'voyage', session: master, command, subject: 'P1' })).toBeUndefined();
});

test('of other people nothing is asked before three letters are typed, and then with the purpose', () => {
  expect(sourceOf({ declared, names: 'boat', session: master })).toMatchObject({
    least: 3,
    purpose: 'mooring',
  });
});

test.each([
  ['is about a person whose number the form does not have', 'licence', master],
  ['concerns people and is not searched', 'debt', master],
  ['this reader may not read', 'boat', session([])],
  ['is not declared', 'crane', master],
] as const)('what %s is typed', (_why, names, who) => {
  expect(sourceOf({ declared, names, session: who })).toBeUndefined();
});
