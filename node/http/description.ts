import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemType } from '@yitong/kit';
import { ConstantAnswers } from './constant-answers.ts';
import { addRoute, type Door } from './context.ts';
import { docsPage, docsScript } from './docs-page.ts';
import { StaticFiles } from './static-files.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** What the node offers, for programs and for people. Made when first asked for. */
export function addDescription(door: Door): void {
  const open = { who: 'public' } as const;
  let described: string | undefined;
  const systems = new ConstantAnswers();
  addRoute(door, {
    method: 'GET',
    url: '/openapi.json',
    permission: open,
    async handle(_request, reply) {
      const { openapi } = await import('./openapi.ts');
      described ??= JSON.stringify(openapi(door));
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(described);
    },
  });
  addRoute(door, {
    method: 'GET',
    url: '/systems',
    permission: open,
    handle: (request, reply) =>
      systems.send(request, reply, 'systems', () => ({ data: door.systems.map(summary) })),
  });
  addRoute(door, {
    method: 'GET',
    url: '/docs',
    permission: open,
    handle: (_request, reply) =>
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', policy)
        .send(docsPage(door.config)),
  });
  addRoute(door, {
    method: 'GET',
    url: '/docs/start.js',
    permission: open,
    handle: (_request, reply) =>
      reply.header('content-type', 'text/javascript; charset=utf-8').send(docsScript),
  });
  addAssets(door);
}

function addAssets(door: Door): void {
  const names = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
  const files = new StaticFiles({
    root: dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'))),
    allows: (path) => names.includes(path.slice(1)),
    maxAge: 86_400,
    compressed: false,
  });
  door.app.addHook('onClose', () => files.close());
  for (const name of names) {
    addRoute(door, {
      method: 'GET',
      url: `/docs/${name}`,
      permission: { who: 'public' },
      async handle(request, reply) {
        reply.hijack();
        await files.send(name, request.raw, reply.raw);
        return reply;
      },
    });
  }
}

function summary({ name, texts, roles, purposes, commands, records }: SystemType): unknown {
  const title = (key: string) => ({ 'zh-CN': texts['zh-CN'][key] ?? key, en: texts.en[key] ?? key });
  return {
    name,
    title: title(name),
    roles: roles.map((role) => ({ role, title: title(`@${role}`) })),
    purposes: purposes.map((purpose) => ({ purpose, title: title(`$${purpose}`) })),
    commands: [...commands.values()].map(({ name: command, type, by, refusals }) => ({
      type,
      title: title(command),
      by,
      refusals,
    })),
    records: [...records.values()].map(
      ({ name: record, type, readers, list, find, each, about, copies }) => ({
        type,
        title: title(record),
        about: about.kind,
        readers,
        list,
        find,
        each: each ?? null,
        copies: copies ?? null,
      }),
    ),
  };
}
