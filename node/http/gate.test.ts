import { describe, expect, test } from 'vitest';
import { reach } from '../access/signed-in.ts';
import { hostAllowed } from './gate.ts';
import { localeOf } from './locale.ts';
import { preferences } from './prefer.ts';
import { anna, as, people, testDoor } from './testing/app.ts';
import { lending } from './testing/lending.ts';

describe('permissions', () => {
  test('threat 38: every command and record answers 401 without token and 403 to roles of others', async () => {
    const { app } = testDoor();
    for (const command of lending.commands.values()) {
      const give = (headers: Record<string, string>) =>
        app.inject({ method: 'POST', url: `/${command.type}`, headers, payload: {} });
      expect((await give({ host: 'node.test' })).statusCode).toBe(401);
      expect((await give(as('stranger'))).statusCode).toBe(403);
    }
    for (const record of lending.records.values()) {
      if (record.readers.includes('public')) continue;
      for (const url of [`/${record.type}`, `/${record.type}/x${record.each === undefined ? '' : '/y'}`]) {
        expect((await app.inject({ url, headers: { host: 'node.test' } })).statusCode).toBe(401);
        expect((await app.inject({ url, headers: as('stranger') })).statusCode).toBe(403);
      }
    }
  });

  test('a route that says nothing of who may use it does not come into being', () => {
    const { app } = testDoor();
    expect(() => app.route({ method: 'GET', url: '/secret', handler: () => 'x' })).toThrow(
      'says nothing of who may use it',
    );
  });

  test('threat 41: the routes are these and no others', async () => {
    const { app } = testDoor();
    await app.ready();
    const routes = app.printRoutes({ commonPrefix: false, includeHooks: false });
    expect(
      routes
        .match(/\((GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS)[^)]*\)/g)
        ?.every((text) => /\((GET|HEAD|POST)(, (GET|HEAD|POST))*\)/.test(text)),
    ).toBe(true);
    expect(routes).toMatchSnapshot();
  });

  test.each([
    [{ who: 'public' }, undefined, 'all'],
    [{ who: 'signed-in' }, undefined, 'none'],
    [{ who: 'signed-in' }, 'anna', 'all'],
    [{ who: 'roles', system: 'lending', roles: [] }, 'clerk', 'none'],
    [{ who: 'roles', system: 'lending', roles: ['clerk'] }, 'clerk', 'all'],
    [{ who: 'roles', system: 'lending', roles: ['clerk'] }, 'stranger', 'none'],
    [{ who: 'roles', system: 'lending', roles: ['self'] }, 'clerk', 'none'],
    [{ who: 'roles', system: 'lending', roles: ['self'] }, 'anna', 'self'],
    [{ who: 'roles', system: 'lending', roles: ['public'] }, undefined, 'all'],
  ] as const)('%j reaches %s: %s', (permission, name, far) => {
    expect(reach(permission, name === undefined ? undefined : people[name])).toBe(far);
  });

  test('a token that is refused is 401 with a challenge, also where none is needed', async () => {
    const { app, log } = testDoor();
    for (const url of ['/me', '/lending/book', '/health']) {
      const answer = await app.inject({ url, headers: as('forged') });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
        401,
        'Bearer error="invalid_token"',
      ]);
    }
    expect(log()).not.toContain('forged');
  });

  test('an issuer that cannot be reached is 503, not a refusal', async () => {
    const { app } = testDoor();
    const answer = await app.inject({ url: '/me', headers: as('away') });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
  });

  test('whoever tries tokens has to wait after a hundred, and threat 53: whatever X-Forwarded-For says', async () => {
    const { app } = testDoor();
    const statuses: number[] = [];
    for (let i = 0; i < 102; i++) {
      const headers = {
        ...as(`guess${i}`),
        'x-forwarded-for': `198.51.100.${i}`,
        forwarded: `for=192.0.2.${i}`,
      };
      statuses.push((await app.inject({ url: '/me', headers })).statusCode);
    }
    expect(statuses.slice(98)).toEqual([401, 401, 429, 429]);
  });
});

describe('threat 52: host names', () => {
  test.each([
    ['node.test', true],
    ['NODE.test', true],
    ['node.test:7310', true],
    ['127.0.0.1:7310', true],
    ['localhost', true],
    ['[::1]:7310', true],
    ['evil.example', false],
    ['node.test.evil.example', false],
    ['localhost.evil.example', false],
    ['node.test@evil.example', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (host, allowed) => {
    expect(hostAllowed(host, { hosts: ['node.test'], demonstration: true })).toBe(allowed);
  });

  test('in production the loopback names count only when they are listed', () => {
    expect(hostAllowed('localhost', { hosts: ['node.test'], demonstration: false })).toBe(false);
  });

  test('another host name is 421 before anything else', async () => {
    const { app } = testDoor();
    const answer = await app.inject({ url: '/health', headers: { host: 'evil.example' } });
    expect([answer.statusCode, answer.json().type]).toEqual([
      421,
      'https://yitong.example/problems/wrong-host',
    ]);
  });
});

describe('every answer', () => {
  test.each(['/health', '/lending/book', '/nothing', '/docs', '/openapi.json'])(
    '%s has the protecting headers',
    async (url) => {
      const { app } = testDoor();
      const { headers } = await app.inject({
        url,
        headers: { host: 'node.test', origin: 'https://evil.example' },
      });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'yitong-trace': expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  test('CORS is closed: a preflight finds nothing', async () => {
    const { app } = testDoor();
    const headers = {
      host: 'node.test',
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    };
    const answer = await app.inject({ method: 'OPTIONS', url: '/lending/lend', headers });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('an unknown address is 404, a known one by another method 405 with those allowed', async () => {
    const { app } = testDoor();
    expect((await app.inject({ url: '/lending/nothing', headers: as('clerk') })).json().type).toContain(
      'unknown-page',
    );
    const other = await app.inject({
      method: 'DELETE',
      url: `/lending/loan/person:${anna}/x`,
      headers: as('clerk'),
    });
    expect([other.statusCode, other.headers['allow']]).toEqual([405, 'GET, POST']);
  });

  test.each(['/', '/docs', '/health', '/openapi.json'])(
    'HEAD of %s answers as GET does, without the body',
    async (url) => {
      const { app } = testDoor();
      const headers = { host: 'node.test' };
      const [get, head] = [
        await app.inject({ url, headers }),
        await app.inject({ method: 'HEAD', url, headers }),
      ];
      const facts = (answer: typeof get) =>
        [answer.statusCode, answer.headers['content-type'], answer.headers['content-length']] as const;
      expect(facts(head)).toEqual(facts(get));
      expect(head.body).toBe('');
    },
  );

  test('carries the caller’s trace id', async () => {
    const { app } = testDoor();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers } = await app.inject({ url: '/health', headers: { host: 'node.test', traceparent } });
    expect(headers['yitong-trace']).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});

describe('threat 74: the log', () => {
  test('holds no body, token, address or citizen’s number', async () => {
    const { app, log } = testDoor();
    const canary = 'canary-7f3a';
    const payload = { person: anna, title: canary, price: '1' };
    const headers = as('clerk', { cookie: `s=${canary}`, 'yitong-purpose': 'lending' });
    await app.inject({ method: 'POST', url: '/lending/lend', headers, payload });
    const json = { ...headers, 'content-type': 'application/json' };
    await app.inject({ method: 'POST', url: '/lending/lend', headers: json, payload: `{"${canary}":` });
    await app.inject({ url: `/lending/loan/person:${anna}/${canary}`, headers });
    await app.inject({ url: `/${canary}?person=${anna}`, headers });
    await app.inject({ url: '/me', headers: { host: 'node.test', authorization: `Bearer ${canary}` } });
    app.log.info(
      { person: anna, deep: { list: [`person:${anna}`] }, authorization: canary, err: new Error(anna) },
      `about ${anna}`,
    );
    app.log.error(new Error(`citizen ${anna} called 13800138000`));
    expect(log()).not.toContain(canary);
    expect(log()).not.toContain(anna);
    expect(log()).not.toContain('13800138000');
    expect(log()).toContain('310101********');
    expect(log()).toContain('"route":"/lending/lend"');
  });

  test('threat 27: a line break or escape code in a field cannot make a line of its own', async () => {
    const { app, log } = testDoor();
    app.log.info({ reason: 'x\n{"level":"fatal"}\u001b[31m' }, 'a\nb');
    const lines = log().trim().split('\n');
    expect(lines.every((line) => JSON.parse(line).member === '310000')).toBe(true);
    expect(log()).not.toContain('\u001b');
  });
});

describe('health', () => {
  test('lives, is ready or says why not, and gives figures', async () => {
    const door = testDoor();
    const get = (url: string) => door.app.inject({ url, headers: { host: 'node.test' } });
    expect((await get('/health')).json()).toEqual({ status: 'ok' });
    expect((await get('/ready')).statusCode).toBe(200);
    door.kernel.status = { ...door.kernel.status, ready: false, reasons: ['partition 2 has no lease'] };
    const ready = await get('/ready');
    expect([ready.statusCode, ready.json().reasons]).toEqual([503, ['partition 2 has no lease']]);
    const figures = await get('/metrics');
    expect(figures.body).toContain('yitong_messages_total 7');
    expect(figures.body).toContain('yitong_http_requests_total{method="GET",route="/health",status="200"} 1');
  });

  test('figures are not for strangers from elsewhere', async () => {
    const { app } = testDoor();
    const answer = await app.inject({
      url: '/metrics',
      headers: { host: 'node.test' },
      remoteAddress: '203.0.113.7',
    });
    expect(answer.statusCode).toBe(404);
    const operator = await app.inject({
      url: '/metrics',
      headers: as('operator'),
      remoteAddress: '203.0.113.7',
    });
    expect(operator.statusCode).toBe(200);
  });
});

test.each([
  [undefined, 'en'],
  ['zh-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['en-GB,zh;q=0.9', 'en'],
  ['fr, zh-TW;q=0.5, en;q=0.1', 'zh-CN'],
  ['fr', 'en'],
  ['zh;q=0', 'en'],
  ['zh;q=x', 'en'],
])('Accept-Language %s is answered in %s', (header, locale) => {
  expect(localeOf(header)).toBe(locale);
});

test.each([
  [undefined, undefined, undefined],
  ['wait=5', 5_000, undefined],
  ['wait="7"', 7_000, undefined],
  ['wait=100', 30_000, undefined],
  ['wait=-1', undefined, undefined],
  ['wait=abc', undefined, undefined],
  ['return=minimal; foo="bar", wait=1', 1_000, 'minimal'],
  ['RETURN=representation', undefined, 'representation'],
  ['await=5', undefined, undefined],
])('Prefer: %s', (header, waitMs, returns) => {
  expect(preferences(header)).toMatchObject({ waitMs, returns });
});
