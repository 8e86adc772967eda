import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

/** Serves the files of the documentation page; what does so is loaded when the first is asked for, as most nodes never show the page. */
export class StaticFiles {
  #app: Promise<FastifyInstance> | undefined;

  async send(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#app ??= filesApp();
    const app = await this.#app;
    request.url = `/${name}`;
    app.routing(request, response);
  }

  async close(): Promise<void> {
    const app = await this.#app;
    await app?.close();
  }
}

async function filesApp(): Promise<FastifyInstance> {
  const [{ default: Fastify }, { default: files }] = await Promise.all([
    import('fastify'),
    import('@fastify/static'),
  ]);
  const app = Fastify();
  const root = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
  await app.register(files, {
    root,
    allowedPath: (path) => ['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png'].includes(path),
    maxAge: '1d',
    immutable: true,
    setHeaders(response) {
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('cross-origin-resource-policy', 'same-origin');
    },
  });
  await app.ready();
  return app;
}
