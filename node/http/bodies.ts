import { type z, zodProblem } from '@yitong/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused, refusedWith } from './faults.ts';
import { parseStrictJson } from './strict-json.ts';

/** Largest body of many lines: 16 MiB; of one JSON value: 1 MiB. */
const linesMax = 16 * 1024 * 1024;

/** Media type of many JSON values, one a line. */
export const linesType = 'application/x-ndjson';

/** Two kinds of body are taken: one JSON value with one meaning, or lines of them (left as bytes, each is judged alone). */
export function addBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      assertUtf8(request.headers['content-type']);
      return parseStrictJson(body);
    },
  );
  const lines = { parseAs: 'buffer', bodyLimit: linesMax } as const;
  app.addContentTypeParser(linesType, lines, async (request: FastifyRequest, body: Buffer) => {
    assertUtf8(request.headers['content-type']);
    return body;
  });
}

function assertUtf8(type: string | undefined): void {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw refusedWith('charset');
}

/** A request's body as its schema reads it. Errors: 422 that names each field at fault. */
export function bodyOf<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const { error } = parsed;
  throw new Refused((locale) => zodProblem(error, { locale, input: request.body }));
}
