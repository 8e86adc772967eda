import { describe, expect, test } from 'vitest';
import { anna, as, bert, type TestDoor, testDoor } from './testing/app.ts';

function filled(): TestDoor {
  const door = testDoor();
  const { kernel } = door;
  for (const [person, title, price] of [
    [anna, 'Analects', '300'],
    [anna, 'Zhuangzi', '900'],
    [bert, 'Mencius', '2000'],
  ] as const) {
    const value = { person, title, price, secret: 'kept to itself' };
    kernel.put({ type: 'lending/loan', subject: `person:${person}`, id: title }, value);
  }
  kernel.put({ type: 'lending/book', subject: 'book:9780000000001' }, { title: 'Analects', copies: 2 });
  kernel.put(
    { type: 'lending/book', subject: 'book:9780000000001', owner: '330000' },
    { title: 'Lunyu', copies: 10 },
  );
  kernel.put(
    { type: 'lending/book', subject: 'book:9780000000002', owner: '330000' },
    { title: 'Mencius', copies: 9 },
  );
  kernel.put({ type: 'lending/fine', subject: 'book:9780000000001' }, { reader: anna, amount: '50' });
  kernel.put({ type: 'lending/fine', subject: 'book:9780000000002' }, { reader: bert, amount: '70' });
  kernel.put({ type: 'lending/note', subject: 'book:9780000000001' }, { text: 'torn' });
  return door;
}

interface Listed {
  readonly href: string;
  readonly subject: string;
  readonly owner: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const get = async (
  door: TestDoor,
  url: string,
  name?: string,
  more: Readonly<Record<string, string>> = {},
) => {
  const headers = name === undefined ? { host: 'node.test', ...more } : as(name, more);
  const answer = await door.app.inject({ url, headers });
  return { status: answer.statusCode, body: answer.json(), text: answer.body, headers: answer.headers };
};

const csvOf = async (door: TestDoor, url: string, headers: Readonly<Record<string, string>>) => {
  const answer = await door.app.inject({ url, headers });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
};

describe('a search', () => {
  test('finds the rows of which a declared field contains the words, whatever the case', async () => {
    const door = filled();
    const titles = async (url: string) =>
      (await get(door, url)).body.data.map(({ value }: Listed) => value['title']);
    expect(await titles('/lending/book?q=LECT')).toEqual(['Analects']);
    expect(await titles('/lending/book?q=e&owner=others')).toEqual(['Mencius']);
    expect(await titles('/lending/book?q=%20')).toHaveLength(3);
    expect(await titles('/lending/book?subject=9780000000002')).toEqual(['Mencius']);
    expect((await csvOf(door, '/lending/book?q=lunyu&format=csv', { host: 'node.test' })).text).not.toContain(
      'Mencius',
    );
  });

  test.for([
    ['/lending/note?q=torn', 'inspector', '/q'],
    [`/lending/loan?subject=${anna}&purpose=lending`, 'clerk', '/subject'],
    [`/lending/fine?reader=${anna}&purpose=lending`, 'inspector', '/reader', 'in-header'],
    [`/lending/fine?reader.prefix=310101&purpose=lending`, 'inspector', '/reader.prefix', 'in-header'],
  ] as const)(
    'is refused where nothing is declared, and by a citizen number: %s',
    async ([url, who, pointer, code = 'unknown-field']) => {
      const { status, body } = await get(filled(), url, who);
      expect([status, body.errors]).toMatchObject([400, [{ pointer, code }]]);
    },
  );

  test('finds codes of a declared list by code or by name in either language, twenty at most', async () => {
    const door = filled();
    const found = async (query: string) => (await get(door, `/systems/lending/codes/shelf?${query}`)).body;
    expect(await found('q=hist')).toMatchObject({ data: [{ code: 'A-2', name: '历史' }], more: false });
    expect((await found('q=a-')).data).toHaveLength(2);
    expect(await found('code=A-1,B-3')).toMatchObject({ data: [{ code: 'A-1' }, { code: 'B-3' }] });
    const all = await found('q=');
    expect([all.data.length, all.more]).toEqual([20, true]);
    expect((await get(door, '/systems/lending/codes/none')).status).toBe(404);
  });
});

describe('counts', () => {
  test('tell rows and subjects by the values of declared fields, over all members or one’s own', async () => {
    const door = filled();
    const { body } = await get(door, '/lending/book?by=title');
    expect(body.data).toEqual([
      { value: { title: 'Analects' }, rows: 1, subjects: 1 },
      { value: { title: 'Lunyu' }, rows: 1, subjects: 1 },
      { value: { title: 'Mencius' }, rows: 1, subjects: 1 },
    ]);
    expect((await get(door, '/lending/book?by=title,copies&owner=own')).body.data).toEqual([
      { value: { title: 'Analects', copies: '2' }, rows: 1, subjects: 1 },
    ]);
  });

  test('come in pages; the place of a list is none in a count', async () => {
    const door = filled();
    const first = await get(door, '/lending/book?by=title&limit=2');
    expect(first.body.data).toHaveLength(2);
    const rest = await get(door, `/lending/book?by=title&limit=2&cursor=${first.body.next}`);
    expect(rest.body).toMatchObject({ data: [{ value: { title: 'Mencius' } }], next: null });
    const list = await get(door, '/lending/book?limit=1');
    for (const [by, cursor] of [
      ['title', list.body.next],
      ['copies', first.body.next],
    ]) {
      const { status, body } = await get(door, `/lending/book?by=${by}&cursor=${cursor}`);
      expect([status, body.errors]).toMatchObject([400, [{ pointer: '/cursor', code: 'unknown-cursor' }]]);
    }
  });

  test.for([
    ['/lending/book?by=secret', 'not-counted', 'this list is not counted by that field: title, copies'],
    ['/lending/book?by=title,title,copies,copies', 'too-many', 'too many fields: 3'],
    ['/lending/note?by=text', 'not-counted', 'this list is not counted by that field'],
  ] as const)('refuse %s', async ([url, code, detail]) => {
    const { status, body } = await get(filled(), url, 'inspector');
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: '/by', code, detail }]);
  });
});

describe('files', () => {
  test('are CSV with all rows, asked for by Accept or by format', async () => {
    const door = filled();
    const { status, text, headers } = await csvOf(door, '/lending/book?limit=1', {
      host: 'node.test',
      accept: 'text/csv',
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toBe('attachment; filename="lending-book.csv"');
    expect(text.split('\r\n')).toEqual([
      '\ufeffsubject,id,owner,title,copies',
      'book:9780000000001,,310000,Analects,2',
      'book:9780000000001,,330000,Lunyu,10',
      'book:9780000000002,,330000,Mencius,9',
      '',
    ]);
    expect((await csvOf(door, '/lending/book?format=csv', { host: 'node.test' })).text).toBe(text);
  });

  test('mask citizens’ numbers and note who was shown, as lists do', async () => {
    const door = filled();
    const { text } = await csvOf(door, '/lending/loan?purpose=lending&format=csv', as('clerk'));
    expect(text).toContain(`310101********${anna.slice(14)}`);
    expect(text).not.toContain(anna);
    expect(text).not.toContain('kept to itself');
    expect(door.kernel.heard.lists.map(({ shown }) => shown.length)).toEqual([3]);
  });

  test('are GeoJSON where records lie on a map; what lies nowhere has no geometry', async () => {
    const { body, headers } = await get(filled(), '/lending/book', undefined, {
      accept: 'application/geo+json',
    });
    expect(headers['content-type']).toBe('application/geo+json');
    expect(body.type).toBe('FeatureCollection');
    expect(body.features.map(({ geometry }: { geometry: unknown }) => geometry)).toEqual([
      null,
      { type: 'Point', coordinates: [121.47, 31.23] },
      { type: 'Point', coordinates: [121.47, 31.23] },
    ]);
    expect(body.features[1]).toMatchObject({
      id: 'book:9780000000001  330000',
      properties: { owner: '330000', title: 'Lunyu', places: [{ name: 'Lunyu', accuracy: 'city' }] },
    });
  });

  test.for(['/lending/note?format=geojson', '/lending/book?format=xml'])('refuse %s', async (url) => {
    const { status, body } = await get(filled(), url, 'inspector');
    expect([status, body.errors[0].pointer]).toEqual([400, '/format']);
  });
});

describe('lists', () => {
  test('show the declared fields with citizens’ numbers masked, and are noted for each person shown', async () => {
    const door = filled();
    const { status, body, text } = await get(door, '/lending/loan?purpose=lending&sort=price', 'clerk');
    expect(status).toBe(200);
    expect(body.data.map(({ value }: Listed) => value['title'])).toEqual(['Analects', 'Zhuangzi', 'Mencius']);
    expect(body.data[0]).toMatchObject({
      subject: 'person:310101********0019'.replace('0019', anna.slice(14)),
      value: { person: `310101********${anna.slice(14)}`, title: 'Analects', price: '300' },
    });
    expect(text).not.toContain(anna);
    expect(text).not.toContain(bert);
    expect(text).not.toContain('kept to itself');
    expect(door.kernel.heard.lists).toEqual([
      expect.objectContaining({
        purpose: 'lending',
        type: 'lending/loan',
        actor: { id: '310000-lending-clerk', roles: ['clerk'] },
      }),
    ]);
    expect(door.kernel.heard.lists[0]?.shown).toHaveLength(3);
  });

  test('lead to the record by an address without the citizen’s number', async () => {
    const door = filled();
    const { body } = await get(door, '/lending/loan?title=Mencius', 'clerk', { 'yitong-purpose': 'lending' });
    const { href } = body.data[0];
    expect(href).not.toContain(bert);
    const one = await get(door, href, 'clerk', { 'yitong-purpose': 'lending' });
    expect(one.body.value).toMatchObject({ person: bert, secret: 'kept to itself' });
    expect(door.kernel.heard.reads).toEqual([
      expect.objectContaining({ subject: `person:${bert}`, id: 'Mencius', purpose: 'lending' }),
    ]);
  });

  test('are of one person whose number a header says, noted for that person alone; whoever reads about themselves sees their own', async () => {
    const door = filled();
    const asked = { 'yitong-purpose': 'lending', 'yitong-person': anna };
    const titles = async (name: string) =>
      (await get(door, '/lending/loan?sort=title', name, asked)).body.data.map(
        ({ value }: Listed) => value['title'],
      );
    expect(await titles('clerk')).toEqual(['Analects', 'Zhuangzi']);
    expect(door.kernel.heard.lists[0]?.shown.map(({ subject }) => subject)).toEqual(
      Array(2).fill(`person:${anna}`),
    );
    expect(await titles('bert')).toEqual(['Mencius']);
    const fines = await get(door, '/lending/fine', 'inspector', asked);
    expect(fines.body.data.map(({ value }: Listed) => value['amount'])).toEqual(['50']);
  });

  test.for([
    ['/lending/loan', anna.slice(1), 'no-citizen-number', 'a number that is none'],
    ['/lending/fine?by=amount', anna, 'not-counted', 'a count, as none of it is noted'],
    ['/lending/book', anna, 'unknown-field', 'what concerns nobody'],
  ] as const)('%s of one person are refused for %s: %s', async ([url, number, code]) => {
    const asked = { 'yitong-purpose': 'lending', 'yitong-person': number };
    const name = url.startsWith('/lending/fine') ? 'inspector' : 'clerk';
    const { status, body, text } = await get(filled(), url, name, asked);
    expect([status, body.errors]).toMatchObject([400, [{ pointer: '/Yitong-Person', code }]]);
    expect(text).not.toContain(number);
  });

  test('show what a record was before to whom may read it, as a reading of it', async () => {
    const door = filled();
    const { body } = await get(door, '/lending/loan?title=Mencius', 'clerk', { 'yitong-purpose': 'lending' });
    const href = `/history${body.data[0].href}`;
    const asked = { 'yitong-purpose': 'lending' };
    const { body: told } = await get(door, href, 'clerk', asked);
    expect(told).toMatchObject({ type: 'lending/loan', id: 'Mencius' });
    expect(told.data.map((one: { at: string; value?: unknown }) => [one.at, one.value])).toEqual([
      [told.at, { price: '1' }],
      ['0.1', undefined],
    ]);
    expect(told).not.toHaveProperty('value');
    expect(told.way).toEqual({ steps: [], waits: [], isCut: false });
    expect(door.kernel.heard.reads).toHaveLength(1);
    expect((await get(door, href, 'auditor', asked)).status).toBe(403);
  });

  test.each([
    ['title=Analects', ['Analects']],
    ['price.gte=900&sort=-price', ['Mencius', 'Zhuangzi']],
    ['price.lt=1000&sort=title', ['Analects', 'Zhuangzi']],
    ['title.prefix=M', ['Mencius']],
    ['price.gt=300&price.lte=900', ['Zhuangzi']],
  ])('filter and sort by %s', async (query, titles) => {
    const { body } = await get(filled(), `/lending/loan?purpose=lending&${query}`, 'clerk');
    expect(body.data.map(({ value }: Listed) => value['title'])).toEqual(titles);
  });

  test('come in pages whose places nobody can forge', async () => {
    const door = filled();
    const first = await get(door, '/lending/loan?purpose=lending&sort=title&limit=2&count=true', 'clerk');
    expect(first.body).toMatchObject({ count: 3, data: [expect.anything(), expect.anything()] });
    expect(first.headers.link).toContain('rel="next"');
    const url = `/lending/loan?purpose=lending&sort=title&limit=2&cursor=${first.body.next}`;
    const second = await get(door, url, 'clerk');
    expect(second.body.data.map(({ value }: Listed) => value['title'])).toEqual(['Zhuangzi']);
    expect(second.body.next).toBeNull();
    const other = await get(door, `/lending/book?cursor=${first.body.next}`);
    expect([other.status, other.body.errors[0].pointer]).toEqual([400, '/cursor']);
    const forged = Buffer.from('["+title","",0,"","",""]').toString('base64url');
    expect((await get(door, `/lending/loan?purpose=lending&cursor=${forged}`, 'clerk')).status).toBe(400);
  });

  test('of public facts are open to all, with whose they are and how fresh', async () => {
    const door = filled();
    const { status, body } = await get(door, '/lending/book?sort=title');
    expect(status).toBe(200);
    expect(body.data.map(({ value, owner }: Listed) => [value['title'], owner])).toEqual([
      ['Analects', ''],
      ['Lunyu', '330000'],
      ['Mencius', '330000'],
    ]);
    expect(body.sources).toEqual([
      { member: '310000', state: 'fresh', asOf: '2026-11-24T00:00:00.000Z' },
      { member: '330000', state: 'fresh', asOf: '1970-01-01T00:00:01.000Z' },
      { member: '340000', state: 'unreachable', asOf: null },
    ]);
    expect(door.kernel.heard.lists).toEqual([]);
    const lunyu = await get(door, body.data[1].href);
    expect(lunyu.body).toMatchObject({ owner: '330000', value: { title: 'Lunyu' } });
    expect((await get(door, '/lending/book/9780000000001')).body.value.title).toBe('Analects');
    expect((await get(door, '/lending/book?owner=own')).body.data).toHaveLength(1);
  });

  test.each([
    ['limit=201', '/limit'],
    ['limit=0', '/limit'],
    ['limit=1e9', '/limit'],
    ['limit=2&limit=3', '/limit'],
    ['owner=mine', '/owner'],
    ['secret=x', '/secret'],
    ['title.like=x', '/title.like'],
    ['sort=secret', '/sort'],
    ['cursor=x', '/cursor'],
    ['sort=title;drop table r_lending_loan', '/sort'],
    ["body'->>'title=x", "/body'->>'title"],
    [`title=${'x'.repeat(201)}`, '/title'],
  ])('threats 33 and 39: %s is refused by name', async (query, pointer) => {
    const door = filled();
    const { status, body } = await get(door, `/lending/loan?purpose=lending&${encodeURI(query)}`, 'clerk');
    expect([status, body.errors?.[0].pointer]).toEqual([400, pointer]);
    expect(door.kernel.heard.lists).toEqual([]);
  });

  test('a value that does not fit its field is refused by the store’s own words', async () => {
    const { status, body } = await get(filled(), '/lending/loan?purpose=lending&price.gte=cheap', 'clerk');
    expect([status, body.errors[0].pointer]).toEqual([400, '/price']);
  });
});

describe('purposes', () => {
  test.each([
    ['/lending/loan', 400, 'purpose-needed'],
    [`/lending/loan/person:${anna}/Analects`, 400, 'purpose-needed'],
    ['/lending/loan?purpose=tax', 403, 'purpose-not-allowed'],
    [`/lending/loan/person:${anna}/Analects?purpose=tax`, 403, 'purpose-not-allowed'],
  ])('threat 10: %s answers %i', async (url, status, code) => {
    const door = filled();
    const answer = await get(door, url, 'clerk');
    expect([answer.status, answer.body.type]).toEqual([status, `https://yitong.example/problems/${code}`]);
    expect(answer.body.facts.purposes).toEqual(['lending', 'audit']);
    expect(door.kernel.heard).toMatchObject({ reads: [], lists: [] });
  });
});

describe('people’s own data', () => {
  test('are listed whole to themselves, without purpose', async () => {
    const door = filled();
    const { body, text } = await get(door, '/lending/loan', 'anna');
    expect(body.data.map(({ value }: Listed) => value['person'])).toEqual([anna, anna]);
    expect(text).not.toContain(bert);
    const fines = await get(door, '/lending/fine', 'bert');
    expect(fines.body.data.map(({ value }: Listed) => value)).toEqual([{ reader: bert, amount: '70' }]);
  });

  test('neither a filter nor another’s number widens them (threat 35)', async () => {
    expect((await get(filled(), `/lending/fine?reader=${anna}`, 'bert')).status).toBe(400);
    const own = await get(filled(), '/lending/fine', 'bert');
    const asked = await get(filled(), '/lending/fine', 'bert', { 'yitong-person': anna });
    expect(asked.body.data).toEqual(own.body.data);
  });

  test('the page of who read them is theirs alone', async () => {
    const door = filled();
    const read = (id: string, at: string) => ({
      id,
      at,
      member: '310000',
      reader: '310000-lending-clerk',
      roles: ['clerk'],
      purpose: 'lending',
      what: 'lending/loan Analects',
      list: false,
    });
    const ids = ['019aa0c0-0000-7000-8000-000000000001', '019aa0c0-0000-7000-8000-000000000002'];
    for (const [n, id] of ids.entries())
      door.kernel.put(
        { type: 'access/read', subject: `person:${anna}`, id },
        read(id, `2026-11-2${n}T00:00:00.000Z`),
      );
    const mine = await get(door, '/me/accesses', 'anna');
    expect(mine.body.data.map(({ id }: { id: string }) => id)).toEqual([...ids].reverse());
    expect((await get(door, '/me/accesses', 'bert')).body.data).toEqual([]);
    expect((await get(door, '/me/accesses', 'clerk')).status).toBe(403);
    expect((await get(door, '/me/accesses')).status).toBe(401);
  });

  test('who I am is told with the number masked', async () => {
    const { body, text } = await get(filled(), '/me', 'anna');
    expect(body).toMatchObject({ id: '310000-anna', roles: [] });
    expect(text).not.toContain(anna);
  });
});

describe('threat 34: somebody else’s record', () => {
  test.each([
    ['a record by its subject', `/lending/loan/person:${anna}/Analects`],
    ['a record that is not there', `/lending/loan/person:${anna}/Nothing`],
    ['a record that concerns a person', '/lending/fine/9780000000001'],
  ])('%s is 404 to a stranger, the same as one that is not there', async (_what, url) => {
    const answer = await get(filled(), url, 'bert');
    expect([answer.status, answer.body.type]).toEqual([404, 'https://yitong.example/problems/not-found']);
  });

  test('a sealed subject of another node or another use opens nothing', async () => {
    const other = filled();
    const { body } = await get(other, '/lending/loan?title=Mencius&purpose=lending', 'clerk');
    const answer = await get(filled(), body.data[0].href, 'clerk', { 'yitong-purpose': 'lending' });
    expect(answer.status).toBe(404);
  });
});

describe('the books', () => {
  test('are for auditors and operators', async () => {
    const door = filled();
    expect((await get(door, '/ledger/balances', 'auditor')).body.data).toEqual([]);
    expect((await get(door, '/ledger/statement?peer=330000&period=2026-11', 'operator')).body).toMatchObject({
      member: '310000',
      totals: [],
      entries: [],
      next: null,
    });
    expect((await get(door, '/ledger/statement', 'accountant')).status).toBe(200);
    expect((await get(door, '/ledger/statement', 'clerk')).status).toBe(403);
  });

  test.each([
    'peer=x',
    'period=2026-13',
    'limit=0',
    'cursor=abc',
    'other=1',
    'period=2026-11&period=2026-12',
  ])('refuse %s', async (query) => {
    expect((await get(filled(), `/ledger/statement?${query}`, 'auditor')).status).toBe(400);
  });
});

describe('operators', () => {
  test('see state, streams and held messages, with persons masked', async () => {
    const door = filled();
    expect((await get(door, '/status', 'operator')).body.member).toBe('310000');
    expect((await get(door, '/streams', 'auditor')).body.data).toEqual([]);
    expect((await get(door, '/held', 'operator')).body.data).toEqual([]);
    expect((await get(door, '/evidence/019aa0c0-0000-7000-8000-000000000001', 'auditor')).body.format).toBe(
      'yitong-evidence/1',
    );
    expect((await get(door, '/evidence/019aa0c0-0000-7000-8000-000000000002', 'auditor')).status).toBe(404);
  });

  test('release a held message with a reason', async () => {
    const { app, kernel } = filled();
    const post = (payload: object, name: string) =>
      app.inject({ method: 'POST', url: '/held/1.1048577', headers: as(name), payload });
    expect((await post({ how: 'run', reason: 'mended' }, 'operator')).statusCode).toBe(200);
    expect(kernel.heard.releases).toEqual([
      {
        actor: { id: '310000-operator', roles: ['operator'] },
        position: '1.1048577',
        how: 'run',
        reason: 'mended',
      },
    ]);
    expect((await post({ how: 'drop', reason: 'mended' }, 'operator')).statusCode).toBe(422);
    expect((await post({ how: 'run', reason: 'mended' }, 'auditor')).statusCode).toBe(403);
  });

  test('accept a clock that jumped, once', async () => {
    const { app, kernel } = filled();
    const post = (name: string) =>
      app.inject({ method: 'POST', url: '/clock', headers: as(name), payload: { reason: 'set by hand' } });
    expect((await post('auditor')).statusCode).toBe(403);
    expect((await post('operator')).json()).toEqual({ accepted: true });
    expect((await post('operator')).statusCode).toBe(404);
    expect(kernel.heard.clocks).toContainEqual({
      actor: { id: '310000-operator', roles: ['operator'] },
      reason: 'set by hand',
    });
  });

  test('ask for a checkpoint', async () => {
    const { app } = filled();
    const answer = await app.inject({ method: 'POST', url: '/checkpoint', headers: as('operator') });
    expect(answer.body).toContain('yitong.csj.310000/journal');
  });
});
