import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FrameAnswer, KernelNode } from '@yitong/kernel';
import { cutOff } from '../http/cut-off.ts';
import { giveBlob } from './blob-door.ts';
import { type Contacts, spkiOf } from './contacts.ts';
import { PeerLimits } from './limits.ts';

/** Media type of a frame (exchange protocol B5). */
export const batchType = 'application/vnd.yitong.batch';
/** Largest frame: 9 MiB (B5). */
export const frameMax = 9 * 1024 * 1024;

/** Media type of a question (exchange protocol B11). */
export const questionType = 'application/vnd.yitong.question';

/** Media type of what a witness is asked to cosign (exchange protocol B9). */
export const checkpointType = 'application/vnd.yitong.checkpoint';

/** An address that takes a body: what is asked there, of which type, how large. */
interface PostDoor {
  readonly what: string;
  readonly type: string;
  readonly bytesMax: number;
}

const doors: ReadonlyMap<string, PostDoor> = new Map([
  ['/exchange/v1/batches', { what: 'batches', type: batchType, bytesMax: frameMax }],
  ['/exchange/v1/questions', { what: 'questions', type: questionType, bytesMax: 73_728 }],
  ['/exchange/v1/checkpoints', { what: 'checkpoints', type: checkpointType, bytesMax: 65_536 }],
]);

/** What happened at the exchange door, for the log: codes and member codes, never content. */
export interface PeerLog {
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** What the exchange server needs: its TLS key and certificate (PEM), the directory's members, the kernel. */
export interface PeerServerOptions {
  readonly key: string;
  readonly cert: string;
  readonly contacts: Contacts;
  readonly node: Pick<KernelNode, 'receive' | 'ask' | 'blobs'>;
  readonly log: PeerLog;
  /** Milliseconds for the headers, and for headers and body together. */
  readonly headersMs?: number;
  readonly requestMs?: number;
}

/** The HTTPS door for other members. */
export interface PeerServer {
  listen(host: string, port: number): Promise<number>;
  /** Shows another certificate to whoever connects from now on. */
  show(tls: { readonly key: string; readonly cert: string }): void;
  /** Takes no new request, lets those under way end for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** TLS 1.3 with a client certificate whose key stands in the directory: nothing of a body is read before that is known (B5). */
export function peerServer(options: PeerServerOptions): PeerServer {
  const server = createServer({
    key: options.key,
    cert: options.cert,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: false, // self-signed: the directory's key hash is the trust, checked below
    handshakeTimeout: 5_000,
    headersTimeout: options.headersMs ?? 5_000,
    requestTimeout: options.requestMs ?? 20_000,
    connectionsCheckingInterval: 500,
    keepAliveTimeout: 60_000,
    maxHeaderSize: 8_192,
    insecureHTTPParser: false,
  });
  server.maxConnections = 512;
  server.maxHeadersCount = 64;
  const door = new Door(options);
  server.on('secureConnection', (socket) => door.connected(socket));
  server.on('request', (request, response) => door.request(request, response));
  server.on('checkContinue', (request, response) => door.request(request, response));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  return {
    listen: (host, port) => listen(server, host, port),
    show: (tls) => server.setSecureContext({ ...tls, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }),
    close: (graceMs) => close(server, graceMs),
  };
}

class Door {
  readonly #options: PeerServerOptions;
  readonly #keys = new WeakMap<Socket, string>();
  readonly #limits = new PeerLimits();

  constructor(options: PeerServerOptions) {
    this.#options = options;
  }

  connected(socket: TLSSocket): void {
    const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
    if (certificate === undefined) {
      this.#options.log.warn({ code: 'no-client-certificate' }, 'connection without a client certificate');
      socket.destroy();
      return;
    }
    const key = spkiOf(certificate);
    const peer = this.#options.contacts.byKey(key);
    // One member must not take all connections from the others; whoever is none is told so when it asks.
    if (peer !== undefined) {
      if (!this.#limits.connected(peer)) return void socket.destroy();
      socket.once('close', () => this.#limits.disconnected(peer));
    }
    this.#keys.set(socket, key);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    const key = request.socket instanceof TLSSocket ? this.#keys.get(request.socket) : undefined;
    const peer = key === undefined ? undefined : this.#options.contacts.byKey(key);
    if (peer === undefined) {
      this.#options.log.warn({ code: 'unknown-key', key }, 'the client’s TLS key is not in the directory');
      return refuse(request, response, 403, 'unknown-key');
    }
    if (!this.#limits.enter(peer)) return refuse(request, response, 429, 'throttled', { 'retry-after': '1' });
    response.once('close', () => this.#limits.leave(peer));
    const posted = doors.get(request.url ?? '');
    if (posted !== undefined) return this.#posted(peer, posted, request, response);
    const sha256 = /^\/exchange\/v1\/blobs\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    if (sha256 !== undefined) return void giveBlob({ ...this.#options, peer, sha256 }, request, response);
    const what = /^\/exchange\/v1\/((?:directory|streams|books|checkpoints)\/[a-z0-9./-]{1,200})$/.exec(
      request.url ?? '',
    )?.[1];
    if (what === undefined) return refuse(request, response, 404, 'not-found');
    if (request.method !== 'GET') return refuse(request, response, 405, 'method', { allow: 'GET' });
    void this.#given(peer, response, () => this.#options.node.ask(peer, what));
  }

  #posted(peer: string, door: PostDoor, request: IncomingMessage, response: ServerResponse): void {
    const { type, bytesMax } = door;
    if (request.method !== 'POST') return refuse(request, response, 405, 'method', { allow: 'POST' });
    if (request.headers['content-type'] !== type || request.headers['content-encoding'] !== undefined)
      return refuse(request, response, 415, 'media-type');
    if (Number(request.headers['content-length'] ?? 0) > bytesMax)
      return this.#tooLarge(peer, request, response);
    const wait = this.#limits.throttled(peer);
    if (wait > 0) return refuse(request, response, 429, 'throttled', { 'retry-after': String(wait) });
    if (request.headers.expect !== undefined) response.writeContinue();
    const chunks: Buffer[] = [];
    let length = 0;
    let over = false;
    request.on('data', (chunk: Buffer) => {
      if (over) return;
      length += chunk.length;
      this.#limits.add(peer, chunk.length);
      chunks.push(chunk);
      if (length > bytesMax || !this.#limits.fits(peer)) {
        over = true;
        chunks.length = 0;
        if (length > bytesMax) this.#tooLarge(peer, request, response);
        else refuse(request, response, 503, 'busy', { 'retry-after': '1' });
      }
    });
    request.on('error', () => response.destroy());
    request.on('close', () => {
      const [first] = chunks;
      const whole = !over && request.complete;
      const frame = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      const done = (): void => this.#limits.add(peer, -length);
      const { node } = this.#options;
      const given = () =>
        door.type === batchType ? node.receive(peer, frame) : node.ask(peer, door.what, frame);
      if (whole) this.#given(peer, response, given).then(done, done);
      else done();
    });
  }

  async #given(peer: string, response: ServerResponse, ask: () => Promise<FrameAnswer>): Promise<void> {
    try {
      const given = await ask();
      if (given.status === 401 || given.status === 403 || given.status === 422) this.#limits.strike(peer);
      answer(response, given);
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown';
      this.#options.log.warn({ code: 'receive-failed', peer, why }, 'a peer could not be answered');
      answer(response, { status: 503, type: 'text/plain', body: new Uint8Array(), retryAfterMs: 1_000 });
    }
  }

  #tooLarge(peer: string, request: IncomingMessage, response: ServerResponse): void {
    this.#options.log.warn({ code: 'bad-frame', peer }, 'a body that is too large was cut');
    refuse(request, response, 413, 'bad-frame');
  }
}

function answer(response: ServerResponse, given: FrameAnswer): void {
  if (response.destroyed) return;
  const wait = given.retryAfterMs;
  if (wait !== undefined) response.setHeader('retry-after', Math.max(1, Math.ceil(wait / 1000)));
  response.writeHead(given.status, { 'content-type': given.type, 'content-length': given.body.length });
  response.end(given.body);
}

/** Answers with a code; a body that is still on its way is not read. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify({ type: code, status });
  const headers = { 'content-type': 'application/problem+json', ...more };
  if (!request.complete) return cutOff(request, status, headers, body);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
