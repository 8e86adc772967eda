import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { systems } from '@yitong/systems';
import { describe, expect, test } from 'vitest';
import { openapi } from './openapi.ts';
import { testDoor } from './testing/app.ts';
import { lending } from './testing/lending.ts';

const host = { host: 'node.test' };

/** Every `$ref` in a document. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
}

describe('the description', () => {
  test('has an operation for each route, and each of its references leads somewhere', async () => {
    const { app } = testDoor();
    const answer = await app.inject({ url: '/openapi.json', headers: host });
    const document = answer.json();
    expect(document.openapi).toBe('3.1.1');
    for (const ref of refsIn(document)) {
      const found = ref
        .slice(2)
        .split('/')
        .reduce((at: unknown, step) => Reflect.get(Object(at), step), document);
      expect(found, ref).toBeDefined();
    }
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(Object(operations)).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described).toContain('POST /lending/lend');
    expect(described).toContain('GET /lending/loan/{subject}/{key}');
    const statuses = await Promise.all(
      described.map(async (line) => {
        const [method = '', path = ''] = line.split(' ');
        const url = path.replace(/\{[a-z]+\}/g, 'x');
        const { statusCode, body } = await app.inject({
          method: method === 'POST' ? 'POST' : 'GET',
          url: path === '/events' ? '/me' : url,
          headers: host,
        });
        return [line, statusCode, body.includes('unknown-page')] as const;
      }),
    );
    expect(statuses.filter(([, status, unknown]) => unknown || status === 405)).toEqual([]);
  });

  test('has the inputs as schemas with field kinds, and refusals as 409s in order', async () => {
    const { app } = testDoor();
    const document = (await app.inject({ url: '/openapi.json', headers: host })).json();
    expect(document.components.schemas.LendingLend).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['person', 'title', 'price'],
      properties: { person: { type: 'string', kind: 'cn-id' }, price: { type: 'string', kind: 'money' } },
    });
    const conflict = document.paths['/lending/lend'].post.responses['409'];
    expect(conflict.description).toMatch(/1\. `lending\/banned`.*\n2\. `lending\/lent-already`/);
    expect(Object.keys(conflict.content['application/problem+json'].examples)).toEqual([
      'banned',
      'lent-already',
    ]);
    expect(document.components.securitySchemes.signIn.openIdConnectUrl).toBe(
      'http://127.0.0.1:7300/.well-known/openid-configuration',
    );
  });

  test('is made for every system of this build, each schema with its kinds', () => {
    const config = {
      member: '310000',
      region: 'csj',
      name: { zh: '上海市', en: 'Shanghai' },
      hosts: [],
      demonstration: true,
    };
    const document = openapi({ systems, config: { ...config, issuer: 'http://127.0.0.1:7300' } });
    const text = JSON.stringify(document);
    for (const system of systems)
      for (const type of [...system.commands.values(), ...system.records.values()].map((one) => one.type))
        expect(text).toContain(`"/${type}"`);
    for (const ref of refsIn(document).filter((one) => one.startsWith('#/components/')))
      expect(
        ref
          .slice(2)
          .split('/')
          .reduce((at: unknown, step) => Reflect.get(Object(at), step), document),
        ref,
      ).toBeDefined();
    expect(refsIn(document).filter((one) => !one.startsWith('#/components/'))).toEqual([]);
  });

  test.each([
    ['of the door of tests', [lending]],
    ['of every system of this build', systems],
  ])('is OpenAPI 3.1 to a validator that others wrote: that %s', async (_which, declared) => {
    const { app } = testDoor({}, declared);
    const served = await app.inject({ url: '/openapi.json', headers: host });
    const validator = new Validator();
    expect(await validator.validate(served.json())).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('with an operation that answers nothing is refused by that validator', async () => {
    const { app } = testDoor();
    const document = (await app.inject({ url: '/openapi.json', headers: host })).json();
    document.paths['/lending/lend'].post.responses = [];
    expect(await new Validator().validate(document)).toMatchObject({ valid: false });
  });

  test('tells what is declared, in both languages', async () => {
    const { app } = testDoor();
    const [system] = (await app.inject({ url: '/systems', headers: host })).json().data;
    expect(system).toMatchObject({
      name: 'lending',
      title: { 'zh-CN': '图书借阅', en: 'Library lending' },
      roles: [{ role: 'clerk', title: { 'zh-CN': '馆员', en: 'clerk' } }, { role: 'inspector' }],
      purposes: [{ purpose: 'lending' }, { purpose: 'audit' }],
    });
    expect(system.commands[0]).toMatchObject({
      type: 'lending/lend',
      by: ['clerk', 'self'],
      refusals: ['banned', 'lent-already'],
    });
  });
});

describe('the page', () => {
  test('uses nothing from elsewhere and no inline script', async () => {
    const { app } = testDoor();
    const page = await app.inject({ url: '/docs', headers: host });
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.body).not.toMatch(/<script>|onclick=|javascript:/);
    const sources = [...page.body.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, url]) => String(url));
    expect(sources).toHaveLength(4);
    for (const url of sources) {
      const file = await app.inject({ url, headers: host });
      expect([url, file.statusCode, file.headers['x-content-type-options']]).toEqual([url, 200, 'nosniff']);
    }
    await app.close();
  });

  test('serves the files of the documentation library and no other of its folder', async () => {
    const { app } = testDoor();
    const file = await app.inject({ url: '/docs/swagger-ui.css', headers: host });
    expect(file.body.length).toBeGreaterThan(10_000);
    for (const url of ['/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html'])
      expect((await app.inject({ url, headers: host })).statusCode).toBe(404);
    await app.close();
  });

  test('a system cannot take the name of an address of the node’s own', async () => {
    const { buildHttp } = await import('./app.ts');
    const source = readFileSync(new URL('./app.ts', import.meta.url), 'utf8');
    const { app } = testDoor();
    await app.ready();
    const firsts = [...app.printRoutes({ commonPrefix: false }).matchAll(/^[├└]── ([a-z.]+)/gm)].map(
      ([, first]) => String(first),
    );
    expect(buildHttp).toBeDefined();
    for (const first of new Set(firsts)) if (first !== 'lending') expect(source).toContain(`'${first}'`);
  });
});
