import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** A folder whose files are served. */
export interface ServedFolder {
  readonly root: string;
  /** Which of its files, by their path that begins with a slash. */
  readonly allows: (path: string) => boolean;
  /** Seconds for which browsers keep a file without asking. */
  readonly maxAge: number;
  /** Whether `<file>.br` and `<file>.gz` lie beside each file. */
  readonly compressed: boolean;
}

/** Serves files of a folder; what does so is loaded when the first is asked for, as many nodes never show a page. */
export class StaticFiles {
  readonly #folder: ServedFolder;
  #app: Promise<FastifyInstance> | undefined;

  constructor(folder: ServedFolder) {
    this.#folder = folder;
  }

  async send(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#app ??= filesApp(this.#folder);
    const app = await this.#app;
    request.url = `/${name}`;
    app.routing(request, response);
  }

  async close(): Promise<void> {
    const app = await this.#app;
    await app?.close();
  }
}

async function filesApp({ root, allows, maxAge, compressed }: ServedFolder): Promise<FastifyInstance> {
  const [{ default: Fastify }, { default: files }] = await Promise.all([
    import('fastify'),
    import('@fastify/static'),
  ]);
  const app = Fastify();
  await app.register(files, {
    root,
    allowedPath: allows,
    maxAge: maxAge * 1_000,
    immutable: true,
    preCompressed: compressed,
    setHeaders(response) {
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('cross-origin-resource-policy', 'same-origin');
    },
  });
  await app.ready();
  return app;
}
