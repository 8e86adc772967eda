import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { errorCode } from '../failure.ts';

/** A request as it goes out. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is made anew for each try; its length is among the headers. */
  readonly body?: string | Buffer | (() => Readable);
  /** Milliseconds without a byte after which the connection counts as lost. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
}

/** An answer whose body is still to come. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
}

/** Sends a request; rejects when nothing came back. */
export async function exchange(ask: Ask): Promise<Incoming> {
  const { request } = ask.url.protocol === 'https:' ? await import('node:https') : { request: plain };
  return await new Promise((resolve, reject) => {
    const { method, headers, body, idleMs: timeout } = ask;
    const length =
      body === undefined || typeof body === 'function'
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)) };
    const signal = ask.signal === undefined ? {} : { signal: ask.signal };
    const out = request(ask.url, { method, headers: { ...headers, ...length }, timeout, ...signal });
    out.on('timeout', () =>
      out.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    );
    out.on('error', reject);
    out.on('response', (message: IncomingMessage) => {
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body: message });
    });
    if (typeof body === 'function') pipeline(body(), out, (error) => error && out.destroy(error));
    else out.end(body);
  });
}

/** The whole body of an answer, at most 64 MiB. */
export async function wholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > bodyMax) throw new Error('the answer is larger than 64 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const bodyMax = 64 * 1024 * 1024;

/** Whether nothing is known of what became of a request: the node may be starting again. */
export function isLost(error: unknown): boolean {
  return lost.has(errorCode(error));
}

const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
]);
