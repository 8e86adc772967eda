import { describe, expect, test } from 'vitest';
import type { Auth } from '../access/auth.ts';
import type { CodeFlow, Granted, StepUpWish } from '../access/code-flow.ts';
import type { SignedIn } from '../access/signed-in.ts';
import { type StepUpRules, usualStepUp, wanting } from '../access/step-up.ts';
import { anna, as, testDoor } from './testing/app.ts';

const now = Date.parse('2026-11-24T00:00:00Z');
const minutes = (count: number): number => count * 60_000;
const clerk = (more: Partial<SignedIn> = {}): SignedIn => ({
  id: 'clerk',
  roles: ['lending/clerk', 'node/operator'],
  until: now + minutes(600),
  ...more,
});
const rules: StepUpRules = {
  ...usualStepUp,
  acr: ['two-factor', 'card'],
  amr: ['mfa'],
  programs: ['import'],
};

describe('a sign-in is fresh and strong', () => {
  test.each([
    ['just now, by two factors', { proof: { at: now, acr: 'two-factor' } }, undefined],
    ['by another word that counts', { proof: { at: now, acr: 'card' } }, undefined],
    ['by its means', { proof: { at: now, acr: 'silver', amr: ['pwd', 'mfa'] } }, undefined],
    ['to the last millisecond', { proof: { at: now - minutes(15), acr: 'card' } }, undefined],
    ['not a millisecond later', { proof: { at: now - minutes(15) - 1, acr: 'card' } }, 'age'],
    ['not when it lies ahead', { proof: { at: now + minutes(2), acr: 'card' } }, 'age'],
    ['not when the issuer says nothing', {}, 'age'],
    ['not by a password', { proof: { at: now, acr: 'password', amr: ['pwd'] } }, 'strength'],
    ['not by a word that the issuer leaves out', { proof: { at: now } }, 'strength'],
    ['by a program that was given the right', { program: 'import' }, undefined],
    ['not by another program', { program: 'somebody' }, 'program'],
  ] as const)('%s', (_name, more, lacks) => {
    expect(wanting(clerk(more), rules, now)).toBe(lacks);
  });

  test('where no words are named any will do, and in a demonstration any program', () => {
    expect(wanting(clerk({ proof: { at: now } }), usualStepUp, now)).toBeUndefined();
    expect(wanting(clerk({ program: 'x' }), { ...rules, programs: 'any' }, now)).toBeUndefined();
  });
});

/** Tokens are JSON of who holds them. */
const told: Auth = {
  authenticate: async (authorization) =>
    authorization === undefined ? undefined : JSON.parse(authorization.replace(/^Bearer /, '')),
};
const fine = { isbn: '9787020002207', reader: anna, amount: '500' };
const give = (who: SignedIn, more: object = {}) => ({
  method: 'POST' as const,
  url: '/lending/set-fine',
  headers: as(JSON.stringify(who), { 'content-type': 'application/json' }),
  payload: JSON.stringify(fine),
  ...more,
});
const doorWith = (signIn?: Parameters<typeof testDoor>[2]) =>
  testDoor({ stepUp: rules }, undefined, signIn, told);

describe('a command that moves money', () => {
  test('is refused to who signed in long ago, with what to ask the issuer for (RFC 9470), and does nothing', async () => {
    const { app, kernel } = doorWith();
    const old = clerk({ proof: { at: now - minutes(16), acr: 'card' } });
    const answer = await app.inject(give(old));
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A fresh and strong sign-in is needed", acr_values="two-factor card", max_age="900"',
    );
    expect(answer.json()).toMatchObject({
      type: 'https://yitong.example/problems/step-up-needed',
      facts: { why: 'age', minutes: 15, acr: ['two-factor', 'card'] },
      remedy: expect.stringContaining('at the issuer again'),
    });
    expect(kernel.heard.commands).toEqual([]);
  });

  test('is taken from who signed in strongly a moment ago, and others of the same person at any time', async () => {
    const { app } = doorWith();
    expect((await app.inject(give(clerk({ proof: { at: now, acr: 'card' } })))).statusCode).toBe(202);
    const lend = {
      url: '/lending/lend',
      payload: JSON.stringify({ person: anna, title: 'x', price: '1' }),
    };
    expect((await app.inject(give(clerk(), lend))).statusCode).toBe(202);
  });

  test('is refused before a line is read when there are many at once', async () => {
    const { app, kernel } = doorWith();
    const lines = {
      headers: as(JSON.stringify(clerk()), { 'content-type': 'application/x-ndjson' }),
      payload: `${JSON.stringify({ input: fine })}\n`,
    };
    expect((await app.inject(give(clerk(), lines))).statusCode).toBe(401);
    expect(kernel.heard.commands).toEqual([]);
  });

  test('is taken from a program with the right; another is told what the operator must do', async () => {
    const { app } = doorWith();
    expect((await app.inject(give(clerk({ program: 'import' })))).statusCode).toBe(202);
    const refused = await app.inject(give(clerk({ program: 'somebody' })));
    expect([refused.statusCode, refused.json().remedy]).toEqual([
      403,
      expect.stringContaining('issuer.stepUp.programs'),
    ]);
  });

  test('is not looked at for who may not give it at all', async () => {
    const { app } = doorWith();
    expect((await app.inject(give(clerk({ roles: [] })))).statusCode).toBe(403);
  });

  test('tells pages and programs that it needs one', async () => {
    const { app } = doorWith();
    const { commands } = (
      await app.inject({ url: '/systems/lending', headers: { host: 'node.test' } })
    ).json();
    const asked = commands.map((one: { name: string; stepUp: boolean }) => [one.name, one.stepUp]);
    expect(Object.fromEntries(asked)).toMatchObject({ 'set-fine': true, lend: false });
  });

  test('is as strict as an operator’s word on a held message, which may be money', async () => {
    const { app } = doorWith();
    const payload = JSON.stringify({ how: 'refuse', reason: 'it cannot be' });
    const release = (who: SignedIn) => app.inject(give(who, { url: '/held/0.1', payload }));
    expect((await release(clerk())).statusCode).toBe(401);
    expect((await release(clerk({ proof: { at: now, acr: 'card' } }))).statusCode).not.toBe(401);
  });
});

describe('whoever breaks the glass', () => {
  const loan = { person: anna, title: 'Analects', price: '1250' };
  const emergency = '读者昏迷,须联系家属并核对借阅';
  const inspector = clerk({ id: 'i', roles: ['lending/inspector'], proof: { at: now, acr: 'card' } });
  const broken = (who: SignedIn, payload: object) =>
    give(who, { url: `/lending/loan/person:${anna}/Analects`, payload: JSON.stringify(payload) });
  const filled = () => {
    const door = doorWith();
    door.kernel.put({ type: 'lending/loan', subject: `person:${anna}`, id: 'Analects' }, loan);
    return door;
  };

  test('reads what their role may not otherwise, with the emergency on the person’s own list', async () => {
    const { app, kernel, log } = filled();
    const usual = { url: `/lending/loan/person:${anna}/Analects?purpose=audit` };
    expect((await app.inject({ ...usual, headers: as(JSON.stringify(inspector)) })).statusCode).toBe(403);
    const answer = await app.inject(broken(inspector, { emergency }));
    expect([answer.statusCode, answer.json().value]).toEqual([200, loan]);
    expect(kernel.heard.reads).toMatchObject([
      { type: 'lending/loan', id: 'Analects', purpose: 'emergency', emergency, actor: { id: 'i' } },
    ]);
    expect(log()).toContain('a glass was broken');
    expect(log()).not.toContain(emergency);
  });

  test('does so ten times an hour at most, others are not kept from it, and the operator sees how often it was done', async () => {
    const { app, kernel, log } = filled();
    const at = (ms: number) => new Date(now - ms).toISOString();
    const read = (n: number, reader: string, ms: number, purpose = 'emergency') =>
      kernel.put(
        {
          type: 'access/read',
          subject: `person:${anna}`,
          id: `019aa0c0-0000-7000-8000-${String(n).padStart(12, '0')}`,
        },
        {
          ...{
            id: `019aa0c0-0000-7000-8000-${String(n).padStart(12, '0')}`,
            at: at(ms),
            member: '310000',
            reader,
          },
          ...{ roles: ['inspector'], purpose, what: 'lending/loan', list: false },
        },
      );
    for (let n = 0; n < 9; n++) read(n, 'i', minutes(5 * n));
    read(20, 'i', minutes(61));
    read(21, 'i', minutes(5), 'audit');
    read(22, 'other', minutes(5));
    expect((await app.inject(broken(inspector, { emergency }))).statusCode).toBe(200);
    read(9, 'i', minutes(1));
    const refused = await app.inject(broken(inspector, { emergency }));
    expect([refused.statusCode, refused.json().type, refused.headers['retry-after']]).toEqual([
      429,
      expect.stringMatching(/too-many-emergencies$/),
      '600',
    ]);
    expect(log()).toContain('kept from breaking more glasses');
    expect((await app.inject(broken({ ...inspector, id: 'second' }, { emergency }))).statusCode).toBe(200);
    const operator = clerk({ id: 'o', roles: ['node/operator'] });
    const status = await app.inject({ url: '/status', headers: as(JSON.stringify(operator)) });
    expect(status.json()).toMatchObject({ emergencies: 12, ready: true });
  });

  test.each([
    ['whose sign-in is old', { proof: { at: now - minutes(16), acr: 'card' } }, { emergency }, 401],
    ['whose role is not named', { roles: ['lending/clerk'] }, { emergency }, 403],
    ['who says next to nothing', {}, { emergency: '急救' }, 422],
    ['who says nothing', {}, {}, 422],
  ])('reads nothing %s', async (_name, more, payload, status) => {
    const { app, kernel } = filled();
    expect((await app.inject(broken({ ...inspector, ...more }, payload))).statusCode).toBe(status);
    expect(kernel.heard.reads).toEqual([]);
  });
});

describe('a browser that proves once more who it is', () => {
  const origin = 'http://node.test';
  const loggedOut = async () => ({ account: 'nobody' });
  const cookieIn = (headers: string | string[] | undefined, name: string): string =>
    [headers ?? []]
      .flat()
      .find((one) => one.startsWith(`${name}=`))
      ?.split(';')[0] ?? '';

  /** A browser in front of a node whose issuer gives `grants`, one after the other, and notes what it was asked for. */
  function sat(...grants: readonly (readonly [SignedIn, Granted['proof']])[]) {
    const asked: (StepUpWish | undefined)[] = [];
    const left = [...grants];
    const flow: CodeFlow = {
      async begin(back, stepUp) {
        asked.push(stepUp);
        const own = stepUp && { stepUp: { ageMs: stepUp.ageMs, account: stepUp.account } };
        return { url: 'http://issuer.test/', begun: { state: 's', nonce: 'n', verifier: 'v', back, ...own } };
      },
      async end() {
        const [who, proof] = left.shift() ?? [];
        return { token: JSON.stringify(who), proof, refresh: 'r' };
      },
      renew: async (refresh) => ({ token: JSON.stringify(clerk()), refresh }),
      leaveUrl: async () => undefined,
    };
    const door = doorWith({ flow, origin, loggedOut });
    let cookie = '';
    const headers = () => ({ host: 'node.test', cookie, origin, 'content-type': 'application/json' });
    const go = async (way: 'sign-in' | 'step-up'): Promise<unknown> => {
      const first = await door.app.inject({ url: `/session/${way}?back=/en/home`, headers: headers() });
      const begun = cookieIn(first.headers['set-cookie'], 'yitong-310000-begun');
      const end = await door.app.inject({
        url: '/session/callback?code=c&state=s',
        headers: { host: 'node.test', cookie: begun },
      });
      cookie = cookieIn(end.headers['set-cookie'], 'yitong-310000') || cookie;
      return end.headers.location;
    };
    const pay = async () => (await door.app.inject(give(clerk(), { headers: headers() }))).statusCode;
    const stay = async () => {
      const answer = await door.app.inject({ method: 'POST', url: '/session/stay', headers: headers() });
      cookie = cookieIn(answer.headers['set-cookie'], 'yitong-310000') || cookie;
    };
    return { door, asked, go, pay, stay };
  }

  test('is asked for the same person, the strength and the age; then pays until the time is over', async () => {
    const { door, asked, go, pay } = sat(
      [clerk(), { at: now, acr: 'password' }],
      [clerk(), { at: now, acr: 'two-factor' }],
    );
    await go('sign-in');
    expect(await pay()).toBe(401);
    expect(await go('step-up')).toBe('/en/home');
    expect(asked).toEqual([undefined, { acr: rules.acr, ageMs: minutes(15), account: 'clerk' }]);
    expect(await pay()).toBe(202);
    door.nowMs += minutes(15);
    expect(await pay()).toBe(202);
    door.nowMs += 1;
    expect(await pay()).toBe(401);
  });

  test('keeps it while the issuer renews the session: that is no signing in, and takes none away', async () => {
    const ending = clerk({ until: now + minutes(5) });
    const { door, go, pay, stay } = sat([ending, { at: now, acr: 'two-factor' }]);
    await go('step-up');
    door.nowMs += minutes(10);
    await stay();
    expect(await pay()).toBe(202);
    door.nowMs += minutes(5) + 1;
    expect(await pay()).toBe(401);
  });

  test('gains nothing when somebody else signs in, or not as strongly as was asked', async () => {
    const { go, pay } = sat(
      [clerk(), { at: now, acr: 'password' }],
      [clerk({ id: 'other' }), { at: now, acr: 'two-factor' }],
      [clerk(), { at: now, acr: 'password' }],
      [clerk(), { at: now - minutes(16), acr: 'two-factor' }],
    );
    await go('sign-in');
    const failed = (why: string) => `/en/sign-in-failed?why=${why}&back=%2Fen%2Fhome&way=step-up`;
    expect(await go('step-up')).toBe(failed('other-person'));
    expect(await go('step-up')).toBe(failed('not-strong'));
    expect(await go('step-up')).toBe(failed('not-strong'));
    expect(await pay()).toBe(401);
  });
});
