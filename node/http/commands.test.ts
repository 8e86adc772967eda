import { describe, expect, test } from 'vitest';
import { anna, as, bert, testDoor } from './testing/app.ts';
import { someId } from './testing/stand-in.ts';

const lend = { person: anna, title: 'Dream of the Red Chamber', price: '1250' };
const post = (payload: unknown, headers: Record<string, string>) => ({
  method: 'POST' as const,
  url: '/lending/lend',
  headers: { 'content-type': 'application/json', ...headers },
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
});

describe('one command', () => {
  test('without Prefer it is taken with 202 and says where to look', async () => {
    const { app, kernel } = testDoor();
    const answer = await app.inject(post(lend, as('clerk')));
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toMatch(/^\/conversations\/lending\/lend\/~[A-Za-z0-9_-]+\/019aa0c0-/);
    expect(answer.headers.location).not.toContain(anna);
    expect(answer.headers['yitong-at']).toBe('1.1048577');
    expect(kernel.heard.commands[0]).toEqual({
      request: { type: 'lending/lend', input: lend, actor: { id: '310000-lending-clerk', roles: ['clerk'] } },
      waitMs: 0,
    });
  });

  test('with Prefer: wait it answers 200 with the records made, read through the kernel', async () => {
    const { app, kernel } = testDoor();
    const answer = await app.inject(post(lend, as('clerk', { prefer: 'wait=5' })));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=5');
    expect(kernel.heard.commands[0]?.waitMs).toBe(5_000);
    const body = answer.json();
    expect(body.state).toBe('done');
    expect(body.records).toEqual([expect.objectContaining({ type: 'lending/loan', value: lend })]);
    expect(kernel.heard.reads).toEqual([
      expect.objectContaining({ purpose: 'lending/lend', type: 'lending/loan' }),
    ]);
    const again = await app.inject({
      url: body.made[0].href,
      headers: as('clerk', { 'yitong-purpose': 'lending' }),
    });
    expect(again.json().value).toEqual(lend);
  });

  test('return=minimal leaves the records out, and nobody reads them', async () => {
    const { app, kernel } = testDoor();
    const answer = await app.inject(post(lend, as('clerk', { prefer: 'wait=5, return=minimal' })));
    expect(answer.json().records).toBeUndefined();
    expect(kernel.heard.reads).toEqual([]);
  });

  test.each([
    [
      '/lending/book/dream "3.4096"',
      202,
      { type: 'lending/book', subject: 'book:dream', id: '', owner: '', at: '3.4096' },
    ],
    [
      '/lending/book/dream?owner=340000 "3.4096"',
      202,
      { type: 'lending/book', subject: 'book:dream', id: '', owner: '340000', at: '3.4096' },
    ],
    ['/lending/book/dream', 400, undefined],
    ['/lending/nothing/dream "3.4096"', 400, undefined],
    ['/lending/book/%E0%A4%A "3.4096"', 400, undefined],
  ])('what was seen goes to the kernel: %s is answered %i', async (seen, status, heard) => {
    const { app, kernel } = testDoor();
    const answer = await app.inject(post(lend, as('clerk', { 'yitong-seen': seen })));
    expect(answer.statusCode).toBe(status);
    expect(kernel.heard.commands[0]?.request.seen).toEqual(heard);
  });

  test('waits are cut to 30 s', async () => {
    const { app, kernel } = testDoor();
    await app.inject(post(lend, as('clerk', { prefer: 'respond-async, wait=3600' })));
    expect(kernel.heard.commands[0]?.waitMs).toBe(30_000);
  });

  test.each([
    ['open', 202],
    ['held', 202],
  ])('a conversation that is %s after the wait answers 202', async (title, status) => {
    const { app } = testDoor();
    const answer = await app.inject(post({ ...lend, title }, as('clerk', { prefer: 'wait=1' })));
    expect([answer.statusCode, answer.json().state]).toEqual([status, title]);
  });

  test('a refusal is a 409 problem with the system’s own words in the asker’s language', async () => {
    const { app } = testDoor();
    const wish = post(
      { ...lend, title: 'lent-already' },
      as('clerk', { 'accept-language': 'zh-CN,zh;q=0.9' }),
    );
    const answer = await app.inject(wish);
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['content-language']).toBe('zh-CN');
    expect(answer.json()).toMatchObject({
      type: 'https://yitong.example/problems/lending/lent-already',
      title: '此书已借出',
      remedy: '此书已借出',
      status: 409,
      errors: [{ pointer: '/title' }],
      facts: { since: '2026-01-02' },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const english = await app.inject(post({ ...lend, title: 'banned' }, as('clerk')));
    expect(english.json().title).toBe('The reader may not borrow');
  });

  test('invalid input names each field, the reason and the remedy, in Chinese too', async () => {
    const { app } = testDoor();
    const bad = { person: '310101199003070018', title: '', price: -5 };
    const answer = await app.inject(post(bad, as('clerk', { 'accept-language': 'zh' })));
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([
      {
        pointer: '/person',
        code: 'citizen-id-check-digit',
        detail: expect.stringContaining('校验码'),
        remedy: expect.any(String),
      },
      { pointer: '/title', code: 'too-short', detail: '内容过短或为空', remedy: '请填写完整' },
      { pointer: '/price', code: 'wrong-type', detail: expect.any(String), remedy: expect.any(String) },
    ]);
    expect(answer.body).not.toContain('31010119900307001');
  });

  test('a busy node answers 503 with Retry-After', async () => {
    const { app } = testDoor();
    const answer = await app.inject(post({ ...lend, title: 'busy' }, as('clerk')));
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
  });

  test('an Idempotency-Key is the id, bare or quoted', async () => {
    const { app, kernel } = testDoor();
    await app.inject(post(lend, as('clerk', { 'idempotency-key': someId })));
    await app.inject(post(lend, as('clerk', { 'idempotency-key': `"${someId}"` })));
    expect(kernel.heard.commands.map(({ request }) => request.id)).toEqual([someId, someId]);
  });

  test.each(['7', 'abc', '019aa0c0-0000-4000-8000-000000000001', someId.toUpperCase()])(
    'the Idempotency-Key %s is refused and nothing is stored',
    async (key) => {
      const { app, kernel } = testDoor();
      const answer = await app.inject(post(lend, as('clerk', { 'idempotency-key': key })));
      expect([answer.statusCode, answer.json().type]).toEqual([
        400,
        'https://yitong.example/problems/idempotency-key',
      ]);
      expect(kernel.heard.commands).toEqual([]);
    },
  );

  test('a fault of the node is a 500 that says nothing but the trace id, and the log masks what it says', async () => {
    const { app, log } = testDoor();
    const answer = await app.inject(post({ ...lend, title: 'explode' }, as('clerk')));
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/boom|\.ts|at /);
    expect(log()).toContain('boom');
    expect(log()).not.toContain('199003070011');
    expect(log()).toContain(answer.json().traceId);
  });
});

describe('bodies that are not taken (threats 19 to 23)', () => {
  test.each([
    ['malformed', '{"person":', 400, 'not-json'],
    ['a key twice', '{"title":"a","title":"b"}', 400, 'duplicate-key'],
    ['a number beyond 2^53', '{"price":9007199254740993}', 400, 'number-too-large'],
    ['NUL', '{"title":"a\\u0000"}', 400, 'nul-character'],
    ['nested too deep', '['.repeat(50), 400, 'too-deep'],
    ['__proto__', '{"__proto__":{}}', 400, 'forbidden-key'],
  ])('%s is a problem that names place and remedy', async (_what, payload, status, code) => {
    const { app, kernel } = testDoor();
    const answer = await app.inject(post(payload, as('clerk')));
    expect([answer.statusCode, answer.json().errors[0].code]).toEqual([status, code]);
    expect(answer.json().errors[0].remedy).toBeTruthy();
    expect(kernel.heard.commands).toEqual([]);
  });

  test('a file in GBK is told to be saved as UTF-8', async () => {
    const { app } = testDoor();
    const payload = Buffer.from([0x7b, 0x22, 0x74, 0x22, 0x3a, 0x22, 0xd6, 0xd0, 0x22, 0x7d]);
    const answer = await app.inject({ ...post('', as('clerk')), payload });
    expect([answer.statusCode, answer.json().remedy]).toEqual([400, 'save the file as UTF-8']);
  });

  test.each([
    ['text/plain', 415],
    ['application/xml', 415],
    ['application/json; charset=gbk', 415],
    ['application/json; charset=utf-8', 202],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
  ])('the media type %s answers %i', async (type, status) => {
    const { app } = testDoor();
    expect((await app.inject(post(lend, as('clerk', { 'content-type': type })))).statusCode).toBe(status);
  });

  test('a compressed body is not taken', async () => {
    const { app } = testDoor();
    expect((await app.inject(post(lend, as('clerk', { 'content-encoding': 'gzip' })))).statusCode).toBe(415);
  });

  test('a body of more than 1 MiB is 413', async () => {
    const { app } = testDoor();
    const answer = await app.inject(post({ ...lend, title: 'x'.repeat(1_100_000) }, as('clerk')));
    expect([answer.statusCode, answer.json().type]).toEqual([
      413,
      'https://yitong.example/problems/body-too-large',
    ]);
  });

  test('threat 36: a field that no schema has is refused', async () => {
    const { app } = testDoor();
    const answer = await app.inject(post({ ...lend, role: 'clerk', status: 'paid' }, as('clerk')));
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors.map((error: { code: string }) => error.code)).toEqual([
      'unknown-field',
      'unknown-field',
    ]);
  });

  test('a POST without body is refused', async () => {
    const { app } = testDoor();
    const answer = await app.inject({ method: 'POST', url: '/lending/lend', headers: as('clerk') });
    expect(answer.statusCode).toBe(415);
  });
});

describe('conversations', () => {
  test('the address of an answer shows what became of it, to the same roles only', async () => {
    const { app } = testDoor();
    const { headers } = await app.inject(post(lend, as('clerk')));
    const url = String(headers.location);
    expect((await app.inject({ url, headers: as('clerk') })).json()).toMatchObject({
      state: 'done',
      id: someId,
    });
    expect((await app.inject({ url, headers: as('anna') })).statusCode).toBe(200);
    expect((await app.inject({ url, headers: as('bert') })).statusCode).toBe(404);
    expect((await app.inject({ url, headers: as('inspector') })).statusCode).toBe(403);
    expect((await app.inject({ url, headers: { host: 'node.test' } })).statusCode).toBe(401);
  });

  test.each([
    '/conversations/lending/lend/person:1/0',
    `/conversations/lending/lend/~forged/${someId}`,
    '/conversations/lending/lend/person:1/019aa0c0-0000-7000-8000-000000000009',
  ])('%s is not found', async (url) => {
    const { app } = testDoor();
    expect((await app.inject({ url, headers: as('clerk') })).statusCode).toBe(404);
  });
});

describe('people who act for themselves', () => {
  test('give a command about themselves, not about others', async () => {
    const { app, kernel } = testDoor();
    expect((await app.inject(post(lend, as('anna')))).statusCode).toBe(202);
    const other = await app.inject(post({ ...lend, person: bert }, as('anna')));
    expect(other.statusCode).toBe(403);
    expect(other.json().facts.roles).toEqual(['lending/clerk', 'self']);
    expect(kernel.heard.commands).toHaveLength(1);
    expect(kernel.heard.commands[0]?.request.actor).toEqual({ id: '310000-anna', roles: [], person: anna });
  });
});

describe('many commands at once', () => {
  const bulk = (lines: readonly string[], headers: Record<string, string>) => ({
    ...post(lines.join('\n'), headers),
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
  });
  const id = (n: number): string => `019aa0c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const line = (n: number, more: object = {}): string =>
    JSON.stringify({ id: id(n), input: { ...lend, title: `t${n}`, ...more } });
  const answers = (body: string) =>
    body
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
      .sort((a, b) => a.line - b.line);

  test('each line is answered by its number, and a bad one stops no other', async () => {
    const { app, kernel } = testDoor();
    const lines = [
      line(1),
      '{"id":',
      '',
      line(4, { price: '-1' }),
      line(5, { title: 'banned' }),
      line(6, { title: 'busy' }),
      `{"input":${JSON.stringify(lend)}}`,
    ];
    const answer = await app.inject(bulk(lines, as('clerk', { prefer: 'wait=10, return=representation' })));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    const told = answers(answer.body);
    expect(told.map(({ line, state }) => [line, state])).toEqual([
      [1, 'done'],
      [2, 'invalid'],
      [4, 'invalid'],
      [5, 'refused'],
      [6, 'busy'],
      [7, 'done'],
    ]);
    expect(told[0].records[0].value.title).toBe('t1');
    expect(told[1].problem.errors[0].code).toBe('not-json');
    expect(told[2].problem.errors[0]).toMatchObject({ pointer: '/price', code: 'negative-money' });
    expect(told[4]).toMatchObject({ retryAfterMs: 1_500 });
    expect(kernel.heard.commands.every(({ waitMs }) => waitMs === 10_000)).toBe(true);
  });

  test.each([
    [
      'an unknown field',
      '{"id":"019aa0c0-0000-7000-8000-000000000001","input":{},"role":"x"}',
      '/role',
      'unknown-field',
    ],
    ['a bad id', '{"id":"7","input":{}}', '/id', 'id'],
    ['no input', '{"id":"019aa0c0-0000-7000-8000-000000000001"}', '/input', 'required'],
    ['a list', '[]', '', 'wrong-type'],
  ])('a line with %s is told', async (_what, text, pointer, code) => {
    const { app } = testDoor();
    const [told] = answers((await app.inject(bulk([text], as('clerk')))).body);
    expect(told.problem.errors[0]).toMatchObject({ pointer, code });
  });

  test('a line that fails inside is busy and may come again; the others go on', async () => {
    const { app } = testDoor();
    const told = answers(
      (await app.inject(bulk([line(1, { title: 'explode' }), line(2)], as('clerk')))).body,
    );
    expect(told.map(({ state }) => state)).toEqual(['busy', 'done']);
    expect(JSON.stringify(told)).not.toContain('boom');
  });

  test('someone who may act for themselves only is refused line by line', async () => {
    const { app, kernel } = testDoor();
    const told = answers((await app.inject(bulk([line(1), line(2, { person: bert })], as('anna')))).body);
    expect(told.map(({ state }) => state)).toEqual(['done', 'invalid']);
    expect(kernel.heard.commands).toHaveLength(1);
  });

  test('1,000 lines are taken, 1,001 are 413', async () => {
    const { app } = testDoor();
    const lines = Array.from({ length: 1_001 }, (_, n) => line(n));
    expect((await app.inject(bulk(lines.slice(0, 1_000), as('clerk')))).body.trim().split('\n')).toHaveLength(
      1_000,
    );
    expect((await app.inject(bulk(lines, as('clerk')))).statusCode).toBe(413);
  });
});
