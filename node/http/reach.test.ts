import { describe, expect, test } from 'vitest';
import { anna, as, bert, testDoor } from './testing/app.ts';

// Made from the door's own description: each route, asked by each kind of person, about somebody else. A route that is added is asked too.

type Method = 'get' | 'post';

interface Operation {
  readonly security?: readonly object[];
}

interface Asked {
  readonly method: Method;
  readonly path: string;
  readonly isOpen: boolean;
}

const title = 'Anna-reads-this';
const hidden = 'only-annas-eyes';

const door = testDoor();
const loan = { person: anna, title, price: '1234567', secret: hidden };
door.kernel.put({ type: 'lending/loan', subject: `person:${anna}`, id: title }, loan);

async function described(): Promise<readonly Asked[]> {
  const answer = await door.app.inject({ url: '/openapi.json', headers: { host: 'node.test' } });
  const paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>> = answer.json().paths;
  return Object.entries(paths).flatMap(([path, operations]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const operation = operations[method];
      return operation === undefined
        ? []
        : [
            {
              method,
              path,
              isOpen: operation.security?.some((one) => Object.keys(one).length === 0) ?? false,
            },
          ];
    }),
  );
}

const routes = await described();
const about = (path: string, subject: string): string =>
  path
    .replaceAll('{subject}', subject)
    .replaceAll('{key}', title)
    .replace(/\{[a-z]+\}/gi, 'x');

const named = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);
// A stream does not end by itself: events.test.ts and feed.test.ts ask them.
const ended = (path: string): boolean => path !== '/events' && path !== '/status/feed';

describe.each(named.filter(([, { path }]) => ended(path)))('%s', (_name, { method, path, isOpen }) => {
  const ask = async (who: string | undefined, subject: string) => {
    const headers = who === undefined ? { host: 'node.test' } : as(who, { 'yitong-purpose': 'lending' });
    const payload = method === 'post' ? { payload: { person: anna, title, price: '1' } } : {};
    return door.app.inject({
      method: method === 'get' ? 'GET' : 'POST',
      url: about(path, subject),
      headers,
      ...payload,
    });
  };

  test('without signing in is open to all or to nobody, as it is described', async () => {
    const { statusCode } = await ask(undefined, anna);
    expect(statusCode === 401 || statusCode === 403).toBe(!isOpen);
  });

  test.each(['bert', 'stranger', 'operator', 'auditor'])('shows %s nothing of Anna', async (who) => {
    for (const subject of [anna, `person:${anna}`]) {
      const answer = await ask(who, subject);
      expect(answer.payload).not.toContain(hidden);
      expect(answer.payload).not.toContain(anna);
      expect(answer.headers['content-type']).not.toBe('application/pdf');
    }
  });
});

test('the description names enough routes for this to mean something', () => {
  expect(routes.length).toBeGreaterThan(30);
  for (const of of ['/receipt/lending/loan/{subject}/{key}', '/history/lending/loan/{subject}/{key}'])
    expect(routes.map(({ path }) => path)).toContain(of);
});

test('nobody acts for somebody else: a command about Anna by Bert is refused and not given on', async () => {
  const input = { person: anna, title: 'x', price: '1' };
  const answer = await door.app.inject({
    method: 'POST',
    url: '/lending/lend',
    headers: as('bert'),
    payload: input,
  });
  expect(answer.statusCode).toBe(403);
  expect(door.kernel.heard.commands.filter(({ request }) => request.actor.id === '310000-bert')).toEqual([]);
  const own = { ...input, person: bert };
  await door.app.inject({ method: 'POST', url: '/lending/lend', headers: as('bert'), payload: own });
  expect(door.kernel.heard.commands.at(-1)?.request.input).toEqual(own);
});
