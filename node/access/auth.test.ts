import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, type TokenRules, tokenAuth } from './auth.ts';
import { actorIn, TokenRefused } from './signed-in.ts';

const audience = 'yitong:csj';
const anna = '310101199003070019';
const seconds = (): number => Math.floor(Date.now() / 1000);

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly secret: CryptoKey;
  readonly jwk: JWK;
}

let server: Server;
let issuer = '';
let served: { jwks: readonly JWK[]; issuer: string; asked: number; down: boolean };
const keys = new Map<string, Key>();

async function key(kid: string, alg: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, secret: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

const keyOf = (kid: string): Key => {
  const found = keys.get(kid);
  if (!found) throw new Error(kid);
  return found;
};

beforeAll(async () => {
  for (const alg of ['ES256', 'EdDSA', 'RS256', 'PS256', 'ES384']) keys.set(alg, await key(alg, alg));
  keys.set('new', await key('new', 'ES256'));
  server = createServer((request, response) => {
    if (served.down) {
      response.destroy();
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (request.url === '/jwks') {
      served.asked++;
      response.end(JSON.stringify({ keys: served.jwks }));
    } else response.end(JSON.stringify({ issuer: served.issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

function auth(rules: Partial<TokenRules> = {}): Auth {
  const all = [...keys.values()].filter(({ kid }) => kid !== 'new').map(({ jwk }) => jwk);
  served = { jwks: all, issuer, asked: 0, down: false };
  return tokenAuth({ issuer, audience, member: '310000', now: Date.now, ...rules });
}

interface Wish {
  readonly key?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

async function token({ key: kid = 'ES256', header = {}, claims = {} }: Wish = {}): Promise<string> {
  const { alg, secret } = keyOf(kid);
  const base = {
    iss: issuer,
    aud: audience,
    sub: '310000-clerk',
    exp: seconds() + 600,
    client_id: '310000-clerk',
  };
  return `Bearer ${await new SignJWT({ ...base, roles: ['310000:lending/clerk'], ...claims })
    .setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header })
    .sign(secret)}`;
}

const refusal = async (door: Auth, bearer: string): Promise<string> => {
  try {
    await door.authenticate(bearer);
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
  return 'taken';
};

describe('a token of the issuer', () => {
  test.each(['ES256', 'EdDSA', 'RS256', 'PS256'])('signed by %s is taken', async (alg) => {
    expect(await auth().authenticate(await token({ key: alg }))).toMatchObject({
      id: '310000-clerk',
      roles: ['lending/clerk'],
    });
  });

  test('gives the roles of this member only', async () => {
    const roles = ['310000:lending/clerk', '330000:lending/inspector', 'lending/inspector', '310000-x:a/b'];
    const who = await auth().authenticate(await token({ claims: { roles } }));
    expect(who?.roles).toEqual(['lending/clerk']);
    expect(actorIn('lending', who)).toEqual({ id: '310000-clerk', roles: ['clerk'] });
    expect(actorIn('plan', who)).toEqual({ id: '310000-clerk', roles: [] });
  });

  test('gives the citizen number of who signed in as themselves', async () => {
    const who = await auth().authenticate(await token({ claims: { citizen: anna, roles: undefined } }));
    expect(who).toMatchObject({ person: anna, roles: [] });
  });

  test('whose subject could be personal is known by a hash', async () => {
    const who = await auth().authenticate(await token({ claims: { sub: anna } }));
    expect(who?.id).toMatch(/^sha256:[0-9a-f]{32}$/);
  });

  test('may be early or late by a minute', async () => {
    expect(await refusal(auth(), await token({ claims: { exp: seconds() - 50 } }))).toBe('taken');
    expect(await refusal(auth(), await token({ claims: { nbf: seconds() + 50 } }))).toBe('taken');
  });

  test('is verified once and then known for a minute', async () => {
    let now = Date.now();
    const door = auth({ now: () => now });
    const bearer = await token();
    const first = await door.authenticate(bearer);
    expect(await door.authenticate(bearer)).toBe(first);
    now += 61_000;
    expect(await door.authenticate(bearer)).not.toBe(first);
  });

  test('that is known is still refused after its end', async () => {
    let now = Date.now();
    const door = auth({ now: () => now });
    const bearer = await token({ claims: { exp: seconds() - 30 } });
    expect(await refusal(door, bearer)).toBe('taken');
    now += 40_000;
    expect(await refusal(door, bearer)).toBe('ERR_JWT_EXPIRED');
  });
});

describe('threat 47: a token that is not for here', () => {
  test.each([
    ['another issuer', { iss: 'https://evil.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['another audience', { aud: 'yitong:other' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no audience', { aud: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no end', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['its end behind it', { exp: 1 }, 'ERR_JWT_EXPIRED'],
    ['its begin before it', { nbf: 9_999_999_999 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no subject', { sub: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['a holder who is not its client', { azp: 'someone-else' }, 'azp'],
    ['a wrong citizen number', { citizen: '310101199003070018' }, 'citizen'],
    ['roles of another form', { roles: '310000:lending/clerk' }, 'claims'],
  ])('with %s is refused', async (_what, claims, code) => {
    expect(await refusal(auth(), await token({ claims }))).toBe(code);
  });

  test('issued to a client that is not listed is refused', async () => {
    expect(await refusal(auth({ clients: ['portal'] }), await token())).toBe('azp');
    expect(await refusal(auth({ clients: ['310000-clerk'] }), await token())).toBe('taken');
  });

  test('an identity token is no access token', async () => {
    expect(await refusal(auth(), await token({ header: { typ: 'JWT' } }))).toBe('typ');
    expect(await refusal(auth(), await token({ header: { typ: undefined } }))).toBe('typ');
    expect(await refusal(auth(), await token({ header: { typ: 'application/at+jwt' } }))).toBe('taken');
    expect(await refusal(auth({ types: ['JWT', 'at+jwt'] }), await token({ header: { typ: 'JWT' } }))).toBe(
      'taken',
    );
  });
});

describe('threat 46: tricks with the header', () => {
  const unsigned = (header: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: issuer, aud: audience, sub: 'x', exp: seconds() + 600 };
    return `Bearer ${part({ typ: 'at+jwt', kid: 'ES256', ...header })}.${part(claims)}.AAAA`;
  };

  test('alg none is refused', async () => {
    expect(await refusal(auth(), unsigned({ alg: 'none' }))).not.toBe('taken');
    expect(await refusal(auth(), unsigned({ alg: 'none' }).replace(/AAAA$/, ''))).toBe('form');
  });

  test('HS256 with the public key as secret is refused', async () => {
    const door = auth();
    const secret = Buffer.from(JSON.stringify(keyOf('RS256').jwk));
    const forged = await new SignJWT({ iss: issuer, aud: audience, sub: 'x', exp: seconds() + 600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256', typ: 'at+jwt' })
      .sign(secret);
    expect(await refusal(door, `Bearer ${forged}`)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  test('an algorithm that the key is not for is refused', async () => {
    const { secret } = keyOf('RS256');
    const exported = await crypto.subtle.exportKey('pkcs8', secret);
    const pss = await crypto.subtle.importKey(
      'pkcs8',
      exported,
      { name: 'RSA-PSS', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const door = auth();
    const forged = await new SignJWT({ iss: issuer, aud: audience, sub: 'x', exp: seconds() + 600 })
      .setProtectedHeader({ alg: 'PS256', kid: 'RS256', typ: 'at+jwt' })
      .sign(pss);
    expect(await refusal(door, `Bearer ${forged}`)).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  test('an asymmetric algorithm that is not on the list is refused', async () => {
    expect(await refusal(auth(), await token({ key: 'ES384' }))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  test('keys and addresses in the header are ignored', async () => {
    const door = auth();
    const own = keyOf('new');
    const header = { kid: 'ES256', jwk: own.jwk, jku: `${issuer}/evil`, x5u: `${issuer}/evil` };
    expect(await refusal(door, await token({ key: 'new', header }))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
    expect(served.asked).toBe(1);
  });

  test.each(['../../etc/passwd', "x' or 1=1", 'ES256\u0000', 'x'.repeat(300)])(
    'the key id %j finds nothing',
    async (kid) => {
      expect(await refusal(auth(), await token({ header: { kid } }))).not.toBe('taken');
    },
  );

  test('a token that names no key is refused', async () => {
    expect(await refusal(auth(), await token({ header: { kid: undefined } }))).toBe('kid');
  });

  test('a changed byte is refused', async () => {
    const bearer = await token();
    const [head, body = '', signature] = bearer.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...claims, roles: ['310000:node/operator'] })).toString(
      'base64url',
    );
    expect(await refusal(auth(), `${head}.${other}.${signature}`)).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  test.each(['', 'Basic YTpi', 'Bearer', 'Bearer x', 'Bearer a.b.c.d', `Bearer ${'a'.repeat(9_000)}.b.c`])(
    '%s is no bearer token',
    async (text) => {
      expect(await refusal(auth(), text)).toBe('form');
    },
  );
});

describe('the issuer’s keys', () => {
  test('are fetched once, again for an unknown key at most every thirty seconds', async () => {
    const door = auth();
    await Promise.all(Array.from({ length: 20 }, async () => door.authenticate(await token())));
    for (let i = 0; i < 5; i++) await refusal(door, await token({ header: { kid: `none-${i}` } }));
    expect(served.asked).toBe(1);
  });

  test('serve on when the issuer is away', async () => {
    const door = auth();
    await door.authenticate(await token());
    served.down = true;
    expect(await refusal(door, await token({ claims: { sub: 'other' } }))).toBe('taken');
  });

  test('that were never reached let nobody in, and say so', async () => {
    const door = auth();
    served.down = true;
    expect(await refusal(door, await token())).toBe('unreachable');
    served.down = false;
    expect(await refusal(door, await token())).toBe('taken');
  });

  test.each([
    ['come too late', () => Promise.reject(new DOMException('late', 'TimeoutError'))],
    ['are answered with an error', async () => new Response('busy', { status: 503 })],
    ['are no key set', async () => Response.json({ keys: 'none' })],
  ])('that %s say nothing of the token', async (_how, answer) => {
    const ask: typeof fetch = (url, options) =>
      String(url).endsWith('/jwks') ? answer() : fetch(url, options);
    expect(await refusal(auth({ fetch: ask }), await token())).toBe('unreachable');
  });

  test('threat 45: of a discovery that names another issuer are not taken', async () => {
    const door = auth();
    served = { ...served, issuer: 'https://other.example' };
    expect(await refusal(door, await token())).toBe('unreachable');
  });

  test('are not fetched without TLS from another machine', async () => {
    const door = auth({ issuer: 'http://issuer.example', jwks: 'http://issuer.example/jwks' });
    expect(await refusal(door, await token({ claims: { iss: 'http://issuer.example' } }))).toBe(
      'unreachable',
    );
  });
});

test('no Authorization header is nobody', async () => {
  expect(await auth().authenticate(undefined)).toBeUndefined();
});
