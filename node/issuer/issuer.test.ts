import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCitizenId, z } from '@yitong/kit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tokenAuth } from '../access/auth.ts';
import { lending } from '../http/testing/lending.ts';
import { WebBrowser } from '../testing/web-browser.ts';
import { demonstrationAccounts } from './accounts.ts';
import { pickedAcr, strongAcr } from './acr.ts';
import { type IssuerOptions, type RunningIssuer, startIssuer } from './issuer.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'issuer-'));
const audience = 'yitong:csj';
const redirect = 'http://127.0.0.1:7310/signed-in';
const options: IssuerOptions = {
  port: 0,
  dataDir,
  members: [
    { code: '310000', name: { zh: '上海市', en: 'Shanghai' } },
    { code: '340000', name: { zh: '安徽省', en: 'Anhui' } },
  ],
  systems: [lending],
  audience,
  demonstration: true,
  redirects: [redirect],
};
let issuer: RunningIssuer;

beforeAll(async () => {
  issuer = await startIssuer(options);
});
afterAll(async () => {
  await issuer.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const account = (id: string) => {
  const found = issuer.accounts.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};

async function clientToken(id: string, secret = account(id).secret): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  return fetch(`${issuer.url}/token`, { method: 'POST', headers: { authorization }, body });
}

const tokenIn = async (answer: Response) =>
  z.object({ access_token: z.string(), expires_in: z.number() }).parse(await answer.json());

const signedIn = async (token: unknown, member = '310000') =>
  tokenAuth({ issuer: issuer.url, audience, member, now: Date.now }).authenticate(`Bearer ${String(token)}`);

describe('accounts of the demonstration', () => {
  test('are one for each member and declared role, with names in both languages', () => {
    expect(issuer.accounts.map(({ id }) => id)).toEqual(
      ['310000', '340000'].flatMap((code) => [
        `${code}-lending-clerk`,
        `${code}-lending-inspector`,
        `${code}-operator`,
        `${code}-auditor`,
        `${code}-accountant`,
        `${code}-resident`,
      ]),
    );
    expect(account('310000-lending-clerk')).toMatchObject({
      member: '310000',
      roles: ['310000:lending/clerk'],
      name: { 'zh-CN': '上海市·馆员', en: 'Shanghai: clerk' },
    });
    const { person = '' } = account('340000-resident');
    expect(checkCitizenId(person).ok).toBe(true);
  });

  test('stand in a file that this account alone can read, and keep their secrets', async () => {
    const path = join(dataDir, 'accounts.json');
    for (const file of [path, join(dataDir, 'issuer-keys.json')])
      expect(statSync(file).mode & 0o777).toBe(0o600);
    const stored = JSON.parse(readFileSync(path, 'utf8'));
    expect(stored).toMatchObject({ demonstration: true, issuer: issuer.url, audience });
    const again = demonstrationAccounts({ ...options, scale: 1, seed: 1 }, stored.accounts);
    expect(again).toEqual(issuer.accounts);
    expect(new Set(issuer.accounts.map(({ secret }) => secret)).size).toBe(12);
  });
});

describe('tokens', () => {
  test('by client credentials are accepted by the node, with the roles of its member', async () => {
    const answer = await clientToken('310000-lending-clerk');
    expect(answer.status).toBe(200);
    const { access_token: token, expires_in: seconds } = await tokenIn(answer);
    expect(seconds).toBe(3_600);
    expect(await signedIn(token)).toMatchObject({ id: '310000-lending-clerk', roles: ['lending/clerk'] });
    expect(await signedIn(token)).toMatchObject({ program: '310000-lending-clerk' });
    expect(await signedIn(token, '340000')).toMatchObject({ roles: [] });
  });

  test('of a resident carry the citizen number', async () => {
    const { access_token: token } = await tokenIn(await clientToken('310000-resident'));
    expect(await signedIn(token)).toMatchObject({ person: account('310000-resident').person, roles: [] });
  });

  test('are not given for a wrong secret', async () => {
    expect((await clientToken('310000-lending-clerk', 'wrong')).status).toBe(401);
  });
});

describe('signing in with a browser', () => {
  const begin = (challenge: string | undefined, back = redirect): string => {
    const query = new URLSearchParams({
      client_id: 'yitong-portal',
      response_type: 'code',
      redirect_uri: back,
      scope: 'openid profile yitong',
      state: 'state-1',
      nonce: 'nonce-1',
      ...(challenge === undefined ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
    });
    return `${issuer.url}/auth?${query}`;
  };

  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  /** Picks the clerk on the page that is shown, and comes back with a code. */
  async function picked(
    more: Record<string, string> = {},
  ): Promise<{ shown: Response; page: string; back: URL }> {
    const browser = new WebBrowser();
    const started = await browser.open(`${begin(challenge)}&${new URLSearchParams(more)}`);
    const at = new URL(String(started.headers.get('location')), issuer.url).href;
    const shown = await browser.open(at);
    const page = await shown.text();
    const body = new URLSearchParams({ account: '310000-lending-clerk' });
    let answer = await browser.open(at, { method: 'POST', body });
    for (let hop = 0; hop < 5 && !answer.headers.get('location')?.startsWith(redirect); hop++)
      answer = await browser.open(new URL(String(answer.headers.get('location')), issuer.url).href);
    return { shown, page, back: new URL(String(answer.headers.get('location'))) };
  }

  const exchange = (back: URL, given: string) =>
    fetch(`${issuer.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'yitong-portal',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: redirect,
        code_verifier: given,
      }),
    });

  test('goes by code and PKCE: pick an account, come back, get a token with its roles', async () => {
    const { shown, page, back } = await picked();
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('value="310000-lending-clerk"');
    expect([back.searchParams.get('state'), back.searchParams.get('iss')]).toEqual(['state-1', issuer.url]);
    const { access_token: token } = await tokenIn(await exchange(back, verifier));
    const who = await signedIn(token);
    expect(who).toMatchObject({ id: '310000-lending-clerk', roles: ['lending/clerk'] });
    expect(who).toMatchObject({ proof: { acr: pickedAcr, at: expect.closeTo(Date.now(), -5) } });
    expect(who).not.toHaveProperty('program');
    expect((await exchange(back, verifier)).status).toBe(400);
  });

  test('asks whoever is signed in to confirm, plainly as a demonstration, when a node wants it stronger', async () => {
    const { page, back } = await picked({
      prompt: 'login',
      max_age: '900',
      acr_values: strongAcr,
      login_hint: '310000-lending-clerk',
    });
    expect(page).toContain('Demonstration: in production a second factor');
    expect(page.match(/<button/g)).toHaveLength(1);
    const { access_token: token } = await tokenIn(await exchange(back, verifier));
    expect(await signedIn(token)).toMatchObject({ proof: { acr: strongAcr } });
  });

  test('needs PKCE', async () => {
    const answer = await new WebBrowser().open(begin(undefined));
    expect(String(answer.headers.get('location'))).toContain('error=invalid_request');
  });

  test('threat 48: goes back to registered addresses only', async () => {
    const answer = await new WebBrowser().open(begin('x'.repeat(43), 'https://evil.example/'));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  test('threat 43: an interaction is of no use in another browser', async () => {
    const started = await new WebBrowser().open(begin('x'.repeat(43)));
    const page = new URL(String(started.headers.get('location')), issuer.url).href;
    const body = new URLSearchParams({ account: '310000-operator' });
    expect((await new WebBrowser().open(page, { method: 'POST', body })).status).toBe(400);
  });
});

describe('pages', () => {
  const open = (path: string, language = 'en') =>
    fetch(`${issuer.url}${path}`, { headers: { 'accept-language': language }, redirect: 'manual' });

  test.each([
    ['its own address', '/', 200, ['Demonstration sign-in', '演示登录']],
    ['a sign-in of nobody’s', '/interaction/none', 400, ['You are not signed in', '登录未完成']],
    ['a client that is not known', '/auth?client_id=<b>', 400, ['You are not signed in', '登录未完成']],
  ] as const)(
    '%s says in the asker’s language what to do next, with one style and no script',
    async (_what, path, status, titles) => {
      for (const [k, language] of ['en', 'zh-CN'].entries()) {
        const answer = await open(path, language);
        const text = await answer.text();
        expect([answer.status, answer.headers.get('content-language')]).toEqual([status, language]);
        expect(answer.headers.get('content-security-policy')).toMatch(
          /^default-src 'none'; style-src 'sha256-[^']+';/,
        );
        expect(text).toContain(`<h1>${titles[k]}</h1>`);
        expect(text).not.toMatch(/<script|style=|https?:|<b>/);
      }
    },
  );
});

describe('who tries too often', () => {
  test('has to wait, for as long as told; keys and discovery are still served', async () => {
    let now = 1_800_000_000_000;
    const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
    const other = await startIssuer({ ...options, dataDir: folder, now: () => now });
    const [first] = other.accounts;
    const attempt = async (secret: string): Promise<Response> => {
      const authorization = `Basic ${Buffer.from(`${first?.id}:${secret}`).toString('base64')}`;
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      return fetch(`${other.url}/token`, { method: 'POST', headers: { authorization }, body });
    };
    try {
      for (let i = 0; i < 100; i++) expect((await attempt(`guess${i}`)).status).toBe(401);
      const refused = await attempt(first?.secret ?? '');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
      for (const path of ['/jwks', '/.well-known/openid-configuration'])
        expect((await fetch(`${other.url}${path}`)).status).toBe(200);
      now += 10_000;
      expect((await attempt(first?.secret ?? '')).status).toBe(200);
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('after a change of the issuer’s key its tokens are accepted once the cool-down of the key set is over, older ones no more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  const before = await startIssuer({ ...options, dataDir: folder });
  const rules = { issuer: before.url, audience, member: '310000', now: () => Date.now() };
  const node = tokenAuth(rules);
  const enter = (token: string) => node.authenticate(`Bearer ${token}`);
  const tokenOf = async ({ url, accounts: [one] }: RunningIssuer): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${one?.id}:${one?.secret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await fetch(`${url}/token`, { method: 'POST', headers: { authorization }, body });
    return (await tokenIn(answer)).access_token;
  };
  const old = await tokenOf(before);
  expect(await enter(old)).toMatchObject({ id: '310000-lending-clerk' });
  await before.close();
  rmSync(join(folder, 'issuer-keys.json'));
  const after = await startIssuer({ ...options, dataDir: folder, port: Number(new URL(before.url).port) });
  // The connections to the issuer before are found closed by the first who uses one.
  await vi.waitFor(async () => expect((await fetch(`${after.url}/jwks`)).status).toBe(200), 20_000);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  try {
    const fresh = await tokenOf(after);
    await expect(enter(fresh)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    vi.setSystemTime(Date.now() + 31_000);
    expect(await enter(fresh)).toMatchObject({ id: '310000-lending-clerk' });
    vi.setSystemTime(Date.now() + 31_000);
    await expect(enter(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  } finally {
    vi.useRealTimers();
    await after.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('threat 51: outside a demonstration it refuses to start', async () => {
  await expect(startIssuer({ ...options, demonstration: false })).rejects.toThrow('demonstrations only');
});
