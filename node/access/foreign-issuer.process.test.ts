import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from '@yitong/kit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type TestDoor, testDoor } from '../http/testing/app.ts';
import { lending } from '../http/testing/lending.ts';
import { clientToken } from '../issuer/client-token.ts';
import { freePort } from '../postgres/free-port.ts';
import { ForeignIssuer } from '../testing/foreign-issuer-process.ts';
import { WebBrowser } from '../testing/web-browser.ts';
import { IssuerConfig } from './issuer-config.ts';
import { issuerDoor, stepUpRules } from './issuer-door.ts';

// A node whose people another's issuer signs in: one in a process of its own, that knows nothing of our roles, as docs/how-to/use-your-own-issuer.md has it.

const folder = mkdtempSync(join(tmpdir(), 'foreign-issuer-'));
const audience = 'https://library.east.example';
const program = { id: 'import-program', secret: 'of-the-import-program' };
let issuer: ForeignIssuer;
let door: TestDoor;
let node = '';

/** What an operator writes. */
const configured = (url: string): IssuerConfig =>
  IssuerConfig.parse({
    url,
    audience,
    clients: ['the-node', program.id],
    claims: { roles: '/realm_access/roles', citizen: 'id_card' },
    roles: { librarian: ['lending/clerk'], citizens: [] },
    client: { id: 'the-node', key: join(folder, 'client.pem') },
    stepUp: { minutes: 5, acr: ['urn:east:card'], programs: [program.id] },
  });

beforeAll(async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'client.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
  const port = await freePort();
  node = `http://127.0.0.1:${port}`;
  issuer = await ForeignIssuer.start({ audience, node, jwk, program });
  const place = { member: '310000', origin: node, demonstration: false, now: () => Date.now() };
  const stepUp = stepUpRules(configured(issuer.url), place);
  const { auth, signIn } = issuerDoor(configured(issuer.url), place);
  const hosts = [new URL(node).host];
  door = testDoor({ hosts, demonstration: false, issuer: issuer.url, stepUp }, [lending], signIn, auth);
  await door.app.listen({ host: '127.0.0.1', port });
});
afterAll(async () => {
  await door?.app.close();
  await issuer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Signs in with name and password at the issuer's own form; gives where the browser ends. */
async function signIn(browser: WebBrowser, login: string, password: string, card?: string): Promise<string> {
  door.nowMs = Date.now();
  const way = card === undefined ? 'sign-in' : 'step-up';
  const form = await browser.follow(`${node}/session/${way}?back=/en/home`);
  expect(form.url).toContain(`${issuer.url}/interaction/`);
  const body = new URLSearchParams({ login, password, card: card ?? '' });
  return (await browser.follow(form.url, { method: 'POST', body }, (url) => url.startsWith(`${node}/en/`)))
    .url;
}

const Who = z.object({
  who: z
    .object({ id: z.string(), name: z.string(), roles: z.array(z.string()), isPerson: z.boolean() })
    .nullable(),
});
const sessionOf = async (browser: WebBrowser) =>
  Who.parse(await (await browser.open(`${node}/session`)).json()).who;

const meBy = async (token: string): Promise<number> =>
  (await fetch(`${node}/session`, { headers: { authorization: `Bearer ${token}` } })).status;

const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: issuer.url,
  aud: audience,
  sub: 'wang.li',
  client_id: program.id,
  iat: seconds(),
  exp: seconds() + 300,
  realm_access: { roles: ['librarian'] },
  ...more,
});

describe('a browser', () => {
  test('signs in at an issuer in another process: code, PKCE, the node’s own key; its word for a role becomes ours', async () => {
    const browser = new WebBrowser();
    expect(await signIn(browser, 'wang.li', 'spring-tide')).toBe(`${node}/en/home`);
    expect(await sessionOf(browser)).toEqual({
      id: 'wang.li',
      name: '王丽',
      roles: ['lending/clerk'],
      isPerson: false,
    });
  });

  test('of a resident is known by the claim that holds the citizen number', async () => {
    const browser = new WebBrowser();
    await signIn(browser, 'an.na', 'plum-rain');
    expect(await sessionOf(browser)).toMatchObject({ id: 'an.na', roles: [], isPerson: true });
    const own = await (await browser.open(`${node}/me`)).json();
    expect(own).toMatchObject({ person: '310101********0019' });
  });

  test('with a wrong password is nobody, and is told that the issuer refused', async () => {
    const browser = new WebBrowser();
    const end = await signIn(browser, 'wang.li', 'wrong');
    expect(end).toBe(`${node}/en/sign-in-failed?why=refused&back=%2Fen%2Fhome`);
    expect(await sessionOf(browser)).toBeNull();
  });

  test('gets nothing from the code of somebody else’s sign-in', async () => {
    const [anna, eve] = [new WebBrowser(), new WebBrowser()];
    const form = await anna.follow(`${node}/session/sign-in?back=/en/home`);
    const body = new URLSearchParams({ login: 'an.na', password: 'plum-rain' });
    const isBack = (url: string) => url.startsWith(`${node}/session/callback`);
    const back = await anna.follow(form.url, { method: 'POST', body }, isBack);
    await eve.follow(`${node}/session/sign-in?back=/en/home`);
    const end = await eve.follow(back.url, {}, (url) => url.startsWith(`${node}/en/`));
    expect(end.url).toContain('why=refused');
    expect(await sessionOf(eve)).toBeNull();
  });
});

describe('what moves money', () => {
  const fine = { isbn: '9787020002207', reader: '310101199003070019', amount: '500' };
  const sent = (headers: Record<string, string>) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: node, ...headers },
    body: JSON.stringify(fine),
  });
  const pay = async (browser: WebBrowser) =>
    (await browser.open(`${node}/lending/set-fine`, sent({}))).status;

  test('is done by who proves at the issuer once more, by card, who they are; until that is old', async () => {
    const browser = new WebBrowser();
    await signIn(browser, 'wang.li', 'spring-tide');
    expect(await pay(browser)).toBe(401);
    // Asked again though it knows the browser, and not believed without the card.
    const failed = (why: string) => `${node}/en/sign-in-failed?why=${why}&back=%2Fen%2Fhome&way=step-up`;
    expect(await signIn(browser, 'wang.li', 'spring-tide', 'none')).toBe(failed('not-strong'));
    expect(await pay(browser)).toBe(401);
    expect(await signIn(browser, 'wang.li', 'spring-tide', '7301')).toBe(`${node}/en/home`);
    expect(await pay(browser)).toBe(202);
    door.nowMs += 5 * 60_000 + 1_000;
    expect(await pay(browser)).toBe(401);
    door.nowMs = Date.now();
  });

  test('is done by the program that the operator named, by its secret, and by a person’s token that says how they signed in', async () => {
    const by = async (token: string) =>
      (await fetch(`${node}/lending/set-fine`, sent({ authorization: `Bearer ${token}` }))).status;
    expect(await by(await clientToken({ issuer: issuer.url, ...program }))).toBe(202);
    door.nowMs = Date.now();
    const strong = { auth_time: seconds(), acr: 'urn:east:card', client_id: 'the-node' };
    expect(await by(await issuer.sign(claims(strong)))).toBe(202);
    expect(await by(await issuer.sign(claims({ ...strong, acr: 'password' })))).toBe(401);
    expect(await by(await issuer.sign(claims({ ...strong, auth_time: seconds() - 400 })))).toBe(401);
    // Who signed in is a person, though it be at the program's client.
    expect(await by(await issuer.sign(claims({ auth_time: seconds() - 400 })))).toBe(401);
  });
});

describe('a token of the issuer', () => {
  test('that a program got by its secret is taken, with the roles that its words give here', async () => {
    const token = await clientToken({ issuer: issuer.url, ...program });
    const answer = await fetch(`${node}/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(Who.parse(await answer.json()).who).toMatchObject({ id: program.id, roles: ['lending/clerk'] });
  });

  test('whose words nobody explained gives no role, not even one that is spelled like ours', async () => {
    const realm_access = { roles: ['310000:lending/clerk', 'lending/clerk', 'staff', 'constructor'] };
    const token = await issuer.sign(claims({ realm_access }));
    const answer = await fetch(`${node}/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(Who.parse(await answer.json()).who?.roles).toEqual([]);
  });

  test.each([
    ['is for another audience', { aud: 'https://elsewhere.example' }, {}],
    ['has ended', { iat: 1, exp: 2 }, {}],
    ['has not begun', { nbf: 4_000_000_000 }, {}],
    ['another issuer is named in', { iss: 'http://127.0.0.1:1/realms/east' }, {}],
    ['was given to a client that is not on the list', { client_id: 'somebody' }, {}],
    ['tells identity, not access', { nonce: 'n' }, { typ: 'JWT' }],
    ['names a key that nobody has', {}, { kid: 'stranger' }],
  ])('that %s is refused, though rightly signed', async (_what, wrong, header) => {
    expect(await meBy(await issuer.sign(claims()))).toBe(200);
    expect(await meBy(await issuer.sign(claims(wrong), header))).toBe(401);
  });

  test('without a signature is refused, and so is one with a letter of its claims changed', async () => {
    const [head = '', body = '', signature = ''] = (await issuer.sign(claims())).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'east-1' })).toString(
      'base64url',
    );
    expect(await meBy(`${none}.${body}.`)).toBe(401);
    expect(await meBy(`${none}.${body}.${signature}`)).toBe(401);
    const other = Buffer.from(JSON.stringify(claims({ sub: 'operator' }))).toString('base64url');
    expect(await meBy(`${head}.${other}.${signature}`)).toBe(401);
  });
});

describe('signing out', () => {
  test('leads through the issuer, which ends its own session and tells the node to end what came of it elsewhere', async () => {
    const [browser, other] = [new WebBrowser(), new WebBrowser()];
    await signIn(browser, 'wang.li', 'spring-tide');
    await signIn(other, 'wang.li', 'spring-tide');
    const copied = browser.copy();
    const left = await browser.open(`${node}/session/sign-out`, {
      method: 'POST',
      headers: { origin: node },
    });
    const { leave } = z.object({ leave: z.string() }).parse(await left.json());
    expect(leave).toContain(`${issuer.url}/session/end?`);
    const page = await (await browser.open(leave)).text();
    const form = new URLSearchParams({
      logout: 'yes',
      xsrf: /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '',
    });
    const end = await browser.follow(
      `${issuer.url}/session/end/confirm`,
      { method: 'POST', body: form },
      (url) => url === `${node}/`,
    );
    expect(end.url).toBe(`${node}/`);
    expect(await sessionOf(copied)).toBeNull();
    const said: unknown = await (await copied.open(`${node}/session`)).json();
    expect(said).toMatchObject({ ended: 'elsewhere' });
    expect(await sessionOf(other)).toMatchObject({ id: 'wang.li' });
  });

  test.each([
    ['for another client', { aud: 'somebody' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that is old', { iat: 1 }],
    ['that tells identity', { nonce: 'n' }],
    ['of another event', { events: { 'https://evil.example': {} } }],
    ['about nobody', { sub: undefined }],
  ])('is not done by a token %s, though rightly signed', async (_what, wrong) => {
    const browser = new WebBrowser();
    await signIn(browser, 'an.na', 'plum-rain');
    const say = async (more: object): Promise<number> => {
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const said = {
        iss: issuer.url,
        aud: 'the-node',
        sub: 'an.na',
        iat: seconds(),
        jti: 'j',
        events,
        ...more,
      };
      const body = new URLSearchParams({ logout_token: await issuer.sign(said, { typ: 'logout+jwt' }) });
      return (await fetch(`${node}/session/back-channel-logout`, { method: 'POST', body })).status;
    };
    expect(await say(wrong)).toBe(400);
    expect(await sessionOf(browser)).toMatchObject({ id: 'an.na' });
    expect(await say({})).toBe(200);
    expect(await sessionOf(browser)).toBeNull();
  });
});

test('the issuer changes its key: new tokens are taken without a restart, old ones until their key is gone', async () => {
  const old = await issuer.sign(claims({ sub: 'old', exp: seconds() + 3_600 }));
  expect(await meBy(old)).toBe(200);
  await issuer.newKey();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  try {
    vi.setSystemTime(Date.now() + 31_000); // Keys are asked for again at most every thirty seconds.
    expect(await meBy(await issuer.sign(claims({ sub: 'new' })))).toBe(200);
    expect(await meBy(old)).toBe(200);
    await issuer.dropOldKeys();
    vi.setSystemTime(Date.now() + 601_000); // What is known is kept for ten minutes.
    expect(await meBy(await issuer.sign(claims({ sub: 'newer' })))).toBe(200);
    expect(await meBy(old)).toBe(401);
  } finally {
    vi.useRealTimers();
  }
});

test('an issuer that is away ends nobody’s session: what it signed is still verified', async () => {
  const token = await issuer.sign(claims({ sub: 'stays' }));
  const browser = new WebBrowser();
  await signIn(browser, 'wang.li', 'spring-tide');
  await issuer.stop();
  expect(await meBy(token)).toBe(200);
  expect(await sessionOf(browser)).toMatchObject({ id: 'wang.li' });
});
