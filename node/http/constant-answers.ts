import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface Made {
  readonly text: string;
  readonly etag: string;
  /** Compressed, once a browser has asked for it so. */
  brotli?: Buffer;
}

/**
 * Public answers that stay as they are while the node runs: each is made and compressed once, and not sent again to who has it. Only such
 * answers are compressed: of what holds somebody's secret the length would tell too much.
 */
export class ConstantAnswers {
  readonly #made = new Map<string, Made>();

  /** `name` tells the answer from the others; it is made anew for each language. */
  send(request: FastifyRequest, reply: FastifyReply, name: string, make: () => unknown): FastifyReply {
    const key = `${request.locale} ${name}`;
    const made = this.#made.get(key) ?? madeOf(make());
    this.#made.set(key, made);
    const { 'accept-encoding': encodings = '', 'if-none-match': known } = request.headers;
    reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'private, no-cache')
      .header('vary', 'accept-encoding, accept-language')
      .header('etag', made.etag);
    if (known === made.etag) return reply.code(304).send();
    if (!/\bbr\b/.test(String(encodings))) return reply.send(made.text);
    made.brotli ??= brotliCompressSync(made.text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    return reply.header('content-encoding', 'br').send(made.brotli);
  }
}

function madeOf(value: unknown): Made {
  const text = JSON.stringify(value);
  return { text, etag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
