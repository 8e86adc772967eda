import { describe, expect, test, vi } from 'vitest';
import type { Auth } from '../access/auth.ts';
import type { CodeFlow } from '../access/code-flow.ts';
import type { LogoutReader } from '../access/logout-token.ts';
import { TokenRefused } from '../access/signed-in.ts';
import { anna, as, testDoor } from './testing/app.ts';

const origin = 'http://node.test';
const begun = { state: 's', nonce: 'n', verifier: 'v' };

/** An issuer's side that knows one person by the token's name. */
const flow: CodeFlow = {
  begin: async (back) => ({ url: 'http://issuer.test/auth?state=s', begun: { ...begun, back } }),
  async end(url) {
    if (url.searchParams.get('code') !== 'good') throw new Error('access_denied');
    return { token: 'anna', name: { 'zh-CN': '安娜', en: 'Anna' } };
  },
  renew: async () => undefined,
  leaveUrl: async () => undefined,
};

/** An issuer's word that somebody signed out there, by their name. */
const loggedOut: LogoutReader = async (token) => {
  if (token !== 'of-anna') throw new TokenRefused('claims');
  return { account: '310000-anna' };
};

const door = () => testDoor({}, undefined, { flow, origin, loggedOut });

const cookieOf = (header: string | string[] | undefined, name: string): string =>
  [header ?? []]
    .flat()
    .find((one) => one.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** Signs in, and gives the cookie that the browser then has. */
async function signedIn({ app }: ReturnType<typeof door>): Promise<string> {
  const first = await app.inject({ url: '/session/sign-in?back=/zh/home', headers: { host: 'node.test' } });
  const cookie = cookieOf(first.headers['set-cookie'], 'yitong-310000-begun');
  const back = await app.inject({
    url: '/session/callback?code=good&state=s',
    headers: { host: 'node.test', cookie },
  });
  expect(back.statusCode).toBe(302);
  expect(back.headers.location).toBe('/zh/home');
  return cookieOf(back.headers['set-cookie'], 'yitong-310000');
}

const asBrowser = (cookie: string, more: Record<string, string> = {}) => ({
  host: 'node.test',
  cookie,
  ...more,
});

describe('a browser', () => {
  test('that signed in is known by its cookie, in the language it asks for', async () => {
    const one = door();
    const cookie = await signedIn(one);
    const answer = await one.app.inject({
      url: '/session',
      headers: asBrowser(cookie, { 'accept-language': 'en' }),
    });
    expect(answer.json()).toMatchObject({ member: '310000', who: { name: 'Anna', isPerson: true } });
    const own = await one.app.inject({ url: '/me', headers: asBrowser(cookie) });
    expect(own.json().person).toBe('310101********0019');
  });

  test('holds no token that a script could read, and no cookie that another site could make it send', async () => {
    const { app } = door();
    const first = await app.inject({ url: '/session/sign-in', headers: { host: 'node.test' } });
    const cookie = cookieOf(first.headers['set-cookie'], 'yitong-310000-begun');
    const back = await app.inject({ url: '/session/callback?code=good&state=s', headers: asBrowser(cookie) });
    const [session] = [back.headers['set-cookie'] ?? []].flat().slice(-1);
    expect(session).toMatch(/^yitong-310000=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/);
    expect(session).not.toContain('anna');
  });

  test('that nobody signed in is told so without a fault', async () => {
    const answer = await door().app.inject({ url: '/session', headers: { host: 'node.test' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ canSignIn: true, who: null });
  });

  test('whose session was changed, or sealed by somebody else, is nobody', async () => {
    const one = door();
    const cookie = await signedIn(one);
    for (const other of [`${cookie.slice(0, -2)}AA`, 'yitong-310000=e30', await signedIn(door())]) {
      const answer = await one.app.inject({ url: '/session', headers: asBrowser(other) });
      expect(answer.json().who).toBeNull();
    }
  });

  test('signs out: its cookie is taken away', async () => {
    const one = door();
    const headers = asBrowser(await signedIn(one), { origin, 'content-type': 'application/json' });
    const answer = await one.app.inject({ method: 'POST', url: '/session/sign-out', headers, payload: '{}' });
    expect(answer.json()).toEqual({ leave: null });
    expect(answer.headers['set-cookie']).toMatch(/^yitong-310000=; .*Max-Age=0$/);
  });
});

describe('a page of another site', () => {
  const lend = {
    method: 'POST',
    url: '/lending/lend',
    payload: { person: anna, title: 'x', price: '1' },
  } as const;

  test.each([
    ['another host', { origin: 'https://evil.example' }],
    ['another port of this host', { origin: 'http://node.test:8080' }],
    ['nowhere', {}],
    ['an opaque place', { origin: 'null' }],
  ])('cannot act with the session: %s', async (_, headers) => {
    const one = door();
    const cookie = await signedIn(one);
    const answer = await one.app.inject({ ...lend, headers: asBrowser(cookie, headers) });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().type).toMatch(/cross-site$/);
  });

  test.each(['cross-site', 'same-site'])('cannot read with it: %s', async (site) => {
    const one = door();
    const cookie = await signedIn(one);
    const answer = await one.app.inject({
      url: '/me',
      headers: asBrowser(cookie, { 'sec-fetch-site': site }),
    });
    expect(answer.statusCode).toBe(401);
  });
});

describe('a session', () => {
  const minutes = (n: number) => n * 60_000;
  const hour = minutes(60);

  /** A browser whose token ends after an hour, at an issuer that answers `renew` so. */
  async function sat(renew: CodeFlow['renew'], refresh: 'refresh-1' | null = 'refresh-1', processes = 1) {
    const shortly: Auth = {
      authenticate: async (authorization) =>
        authorization === undefined ? undefined : { id: 'clerk', roles: ['lending/clerk'], until: ends },
    };
    const sign: CodeFlow = {
      ...flow,
      end: async () => ({ token: 'clerk', refresh: refresh ?? undefined }),
      renew,
    };
    const config = { sealKey: new Uint8Array(32).fill(1) };
    const made = () => testDoor(config, undefined, { flow: sign, origin, loggedOut }, shortly);
    const one = made();
    const doors = [one, ...Array.from({ length: processes - 1 }, made)];
    let ends = one.nowMs + hour;
    let cookie = await signedIn(one);
    const began = one.nowMs;
    const ask = async (method: 'GET' | 'POST', url: string, of = one, again = false) => {
      const sent = method === 'POST' ? { payload: { again } } : {};
      const answer = await of.app.inject({ method, url, headers: asBrowser(cookie, { origin }), ...sent });
      const next = cookieOf(answer.headers['set-cookie'], 'yitong-310000');
      if (next !== '') cookie = next;
      return answer;
    };
    return {
      one,
      ask,
      at: (ms: number) => {
        for (const each of doors) each.nowMs = began + ms;
      },
      doors,
      tokenEnds: (ms: number) => {
        ends = began + ms;
      },
      is: async () => (await ask('GET', '/session')).json(),
      stay: async (of = one) => {
        const first = (await ask('POST', '/session/stay', of)).json();
        return first.again === true ? (await ask('POST', '/session/stay', of, true)).json() : first;
      },
    };
  }
  const renewing: CodeFlow['renew'] = async (refresh) => ({ token: 'clerk', refresh });

  test('ends half an hour after the last sign of its person, and says so', async () => {
    const { at, is, ask } = await sat(renewing);
    at(minutes(30) - 1_000);
    expect(await is()).toMatchObject({ who: { id: 'clerk', secondsLeft: 1, endsBy: 'idle' }, ended: null });
    at(minutes(30));
    expect(await is()).toMatchObject({ who: null, ended: 'idle' });
    const refused = await ask('GET', '/lending/loan?purpose=lending');
    expect([refused.statusCode, refused.json().type, refused.json().facts]).toEqual([
      401,
      expect.stringMatching(/session-ended$/),
      { why: 'idle' },
    ]);
  });

  test('is not kept by what pages ask for by themselves, only by what its person does', async () => {
    const { at, is, stay, ask } = await sat(renewing);
    at(minutes(20));
    await ask('GET', '/lending/loan?purpose=lending');
    expect(await is()).toMatchObject({ who: { secondsLeft: 600 } });
    expect(await stay()).toMatchObject({ who: { secondsLeft: 1_800 } });
    at(minutes(49));
    expect(await is()).toMatchObject({ who: { secondsLeft: 60 } });
  });

  test('ends after twelve hours whatever its person does', async () => {
    const { at, is, stay, tokenEnds } = await sat(renewing);
    tokenEnds(13 * hour);
    for (let ms = 0; ms < 12 * hour; ms += minutes(20)) {
      at(ms);
      await stay();
    }
    expect(await is()).toMatchObject({ who: { secondsLeft: 1_200, endsBy: 'whole' } });
    at(12 * hour);
    expect(await stay()).toMatchObject({ who: null, ended: 'whole' });
    expect(await is()).toMatchObject({ who: null, ended: 'whole' });
  });

  test('goes on past its token while the issuer renews it, asked once for all pages of a browser', async () => {
    let asked = 0;
    const { at, stay, tokenEnds } = await sat(async (refresh) => {
      asked += 1;
      return { token: 'clerk', refresh };
    });
    at(minutes(25));
    await stay();
    at(minutes(50));
    await stay();
    expect(asked).toBe(0);
    at(hour);
    tokenEnds(2 * hour);
    const all = await Promise.all([stay(), stay(), stay()]);
    expect([asked, all.every(({ who }) => who !== null)]).toEqual([1, true]);
  });

  test('ends when the issuer does not renew it, and not because the issuer is away for a moment', async () => {
    const refused = await sat(async () => undefined);
    const away = await sat(async () => {
      throw new Error('ECONNREFUSED');
    });
    for (const { at, stay } of [refused, away])
      for (const minute of [25, 50, 61]) {
        at(minutes(minute));
        await stay();
      }
    expect(await refused.is()).toMatchObject({ who: null, ended: 'issuer' });
    expect(await away.is()).toMatchObject({ who: { endsBy: 'idle', secondsLeft: 1_140 } });
    away.at(minutes(80));
    expect(await away.is()).toMatchObject({ who: null, ended: 'idle' });
  });

  test('goes on where two processes renew it at once and the issuer takes a refresh token once only', async () => {
    const spent = new Set<string>();
    const renewOnce: CodeFlow['renew'] = async (refresh) => {
      if (spent.has(refresh)) return undefined;
      spent.add(refresh);
      return { token: 'clerk', refresh: `${refresh}+` };
    };
    const { at, stay, is, doors, tokenEnds } = await sat(renewOnce, 'refresh-1', 2);
    for (const minute of [25, 50]) {
      at(minutes(minute));
      await stay();
    }
    at(minutes(61));
    tokenEnds(2 * hour);
    const both = await Promise.all(doors.map((door) => stay(door)));
    expect(both).toMatchObject([{ who: { id: 'clerk' } }, { who: { id: 'clerk' } }]);
    expect([...spent]).toEqual(['refresh-1']);
    at(minutes(90));
    expect(await is()).toMatchObject({ who: { id: 'clerk' }, ended: null });
  });

  test('without anything to renew it by ends with its token', async () => {
    const { at, is, stay } = await sat(renewing, null);
    for (const minute of [25, 50]) {
      at(minutes(minute));
      await stay();
    }
    expect(await is()).toMatchObject({ who: { endsBy: 'issuer', secondsLeft: 600 } });
    at(hour);
    expect(await is()).toMatchObject({ who: null, ended: 'issuer' });
  });
});

describe('signing out everywhere', () => {
  const everywhere = { method: 'POST', url: '/session/sign-out-everywhere' } as const;

  test('ends every session that the person has, those of others not, and they may sign in again', async () => {
    const one = door();
    const [phone, office] = [await signedIn(one), await signedIn(one)];
    one.nowMs += 1_000;
    const answer = await one.app.inject({ ...everywhere, headers: asBrowser(phone, { origin }) });
    expect([answer.statusCode, cookieOf(answer.headers['set-cookie'], 'yitong-310000')]).toEqual([
      200,
      'yitong-310000=',
    ]);
    for (const cookie of [phone, office]) {
      const after = await one.app.inject({ url: '/session', headers: asBrowser(cookie) });
      expect(after.json()).toMatchObject({ who: null, ended: 'elsewhere' });
      expect((await one.app.inject({ url: '/me', headers: asBrowser(cookie) })).statusCode).toBe(401);
    }
    one.nowMs += 1;
    const again = await one.app.inject({ url: '/session', headers: asBrowser(await signedIn(one)) });
    expect(again.json()).toMatchObject({ who: { id: '310000-anna' } });
  });

  test('is of nobody who is not signed in, and not another site’s to do', async () => {
    const one = door();
    expect((await one.app.inject({ ...everywhere, headers: asBrowser('') })).statusCode).toBe(401);
    const evil = asBrowser(await signedIn(one), { origin: 'https://evil.example' });
    expect((await one.app.inject({ ...everywhere, headers: evil })).statusCode).toBe(403);
  });

  test('is done at the issuer’s word too, and at nobody else’s', async () => {
    const one = door();
    const cookie = await signedIn(one);
    one.nowMs += 1_000;
    const say = (payload: string) =>
      one.app.inject({
        method: 'POST',
        url: '/session/back-channel-logout',
        headers: { host: 'node.test', 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      });
    const is = async () =>
      (await one.app.inject({ url: '/session', headers: asBrowser(cookie) })).json().ended;
    for (const wrong of ['', 'logout_token=forged', 'token=of-anna'])
      expect((await say(wrong)).statusCode).toBe(400);
    expect(await is()).toBeNull();
    expect((await say('logout_token=of-anna')).statusCode).toBe(200);
    expect(await is()).toBe('elsewhere');
  });

  test('ends the streams that are open (threat 54)', async () => {
    const one = door();
    const cookie = await signedIn(one);
    const stream = one.app.inject({ url: '/events?type=lending/loan', headers: asBrowser(cookie) });
    await vi.waitFor(() => expect(one.kernel.subscribers()).toBe(1), 20_000);
    one.nowMs += 1_000;
    await one.app.inject({ ...everywhere, headers: asBrowser(cookie, { origin }) });
    one.tick();
    expect((await stream).body).toContain('event: signed-out');
  });
});

describe('where sign-in leads', () => {
  test.each([
    ['/en/home?x=1', '/en/home?x=1'],
    ['https://evil.example/', '/zh/home'],
    ['//evil.example/zh', '/zh/home'],
    ['/zh//evil.example', '/zh/home'],
    ['/zh/\\evil.example', '/zh/home'],
    ['/docs', '/zh/home'],
  ])('back to a page of this node only: %s', async (wish, leads) => {
    const { app } = door();
    const url = `/session/sign-in?back=${encodeURIComponent(wish)}`;
    const headers = { host: 'node.test', 'accept-language': 'zh-CN' };
    const first = await app.inject({ url, headers });
    const cookie = cookieOf(first.headers['set-cookie'], 'yitong-310000-begun');
    const back = await app.inject({
      url: '/session/callback?code=good&state=s',
      headers: { ...headers, cookie },
    });
    expect(back.headers.location).toBe(leads);
  });

  test('first to the one origin that the issuer leads back to', async () => {
    const { app } = testDoor({ hosts: ['node.test', 'alias.test'] }, undefined, { flow, origin, loggedOut });
    const answer = await app.inject({ url: '/session/sign-in?back=/zh', headers: { host: 'alias.test' } });
    expect(answer.headers.location).toBe('http://node.test/session/sign-in?back=/zh');
  });

  test('to a page that says why, when it comes to nothing', async () => {
    const { app } = door();
    const begin = await app.inject({ url: '/session/sign-in?back=/en/home', headers: { host: 'node.test' } });
    const cookie = cookieOf(begin.headers['set-cookie'], 'yitong-310000-begun');
    const refused = await app.inject({
      url: '/session/callback?error=access_denied',
      headers: asBrowser(cookie),
    });
    expect(refused.headers.location).toBe('/en/sign-in-failed?why=refused&back=%2Fen%2Fhome');
    const alone = await app.inject({ url: '/session/callback?code=good&state=s', headers: as('anna') });
    expect(alone.headers.location).toMatch(/why=not-begun/);
  });
});

test('a node without an issuer’s client has no sign-in', async () => {
  const { app } = testDoor();
  const answer = await app.inject({ url: '/session/sign-in', headers: { host: 'node.test' } });
  expect(answer.statusCode).toBe(404);
});

test('who gives a command about themselves need not tell their number', async () => {
  const one = door();
  const headers = asBrowser(await signedIn(one), { origin });
  await one.app.inject({
    method: 'POST',
    url: '/lending/lend',
    headers,
    payload: { title: 'x', price: '1' },
  });
  expect(one.kernel.heard.commands.at(-1)?.request.input).toEqual({ person: anna, title: 'x', price: '1' });
});
