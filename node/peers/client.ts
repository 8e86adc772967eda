import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { BlobAnswer, PeerAnswer, Peers } from '@yitong/kernel';
import { type Contact, type Contacts, spkiOf } from './contacts.ts';
import { publicAddress } from './private-addresses.ts';
import { batchType, checkpointType, questionType } from './server.ts';

const bodyTypes: ReadonlyMap<string, string> = new Map([
  ['/exchange/v1/questions', questionType],
  ['/exchange/v1/checkpoints', checkpointType],
]);

/** Longest answer taken from a peer: a receipt with 2,000 refusals, a directory step. */
const answerMax = 4 * 1024 * 1024;

/** What the way to other members needs: our TLS key and certificate (PEM), and the directory's members. */
export interface PeerClientOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  readonly contacts: Contacts;
  /** Directory URLs may lead to this machine or a private network. */
  readonly allowInner: boolean;
  readonly connectMs?: number;
  readonly wholeMs?: number;
  /** Longest silence in the midst of a file, ms. */
  readonly idleMs?: number;
  /** Connections kept to one peer. */
  readonly connections?: number;
}

type Given = (error: Error | null, socket: Duplex) => void;

/** A pool of connections to one peer; a socket is handed out only after the server's key was found in the directory. */
class PinnedAgent extends Agent {
  readonly contact: Contact;
  readonly turns: Turns;
  readonly #options: PeerClientOptions;

  constructor(contact: Contact, options: PeerClientOptions) {
    const connections = options.connections ?? 8;
    super({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: 'lifo' });
    this.contact = contact;
    this.turns = new Turns(connections);
    this.#options = options;
  }

  override createConnection(target: RequestOptions, given?: Given): undefined {
    this.#connect(target).then(
      (socket) => given?.(null, socket),
      // The agent reads the socket only when there is no error; its type has no form without one.
      (error: unknown) => (given as ((error: unknown) => void) | undefined)?.(error),
    );
    return undefined;
  }

  async #connect(target: RequestOptions): Promise<TLSSocket> {
    const { tls, allowInner } = this.#options;
    const { key, cert } = tls;
    const name = String(target.hostname ?? target.host ?? '');
    const host = allowInner ? name : await publicAddress(name);
    const servername = /[a-z]/i.test(name) && !name.includes(':') ? { servername: name } : {};
    // No authority vouches for the certificate: the directory's key hash does, before a byte of the request leaves.
    const trust = { rejectUnauthorized: false, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
    const socket = connect({ host, port: Number(target.port ?? 443), key, cert, ...trust, ...servername });
    socket.setNoDelay(true);
    await opened(socket, this.#options.connectMs ?? 1_000);
    const certificate = socket.getPeerX509Certificate();
    if (certificate !== undefined && this.contact.tls.includes(spkiOf(certificate))) return socket;
    socket.destroy();
    throw new Error(`the server of ${this.contact.code} shows a TLS key that is not in the directory`);
  }
}

/** As many requests at a time as there are connections: the agent itself does not count those that are being opened. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take<T>(run: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

/** The way to other members over HTTPS; `show`: another certificate for connections from now on. */
interface HttpsPeers extends Peers {
  show(tls: PeerClientOptions['tls']): void;
  close(): void;
}

/** The way to other members over HTTPS: one pool a peer, the server's key pinned, no redirects (exchange protocol B5). */
export function httpsPeers(options: PeerClientOptions): HttpsPeers {
  let { tls } = options;
  const agents = new Map<string, PinnedAgent>();
  const agentOf = (member: string): PinnedAgent => {
    const contact = options.contacts.of(member);
    if (contact === undefined) throw new Error(`${member} is not in the directory`);
    const known = agents.get(member);
    if (known !== undefined && isSame(known.contact, contact)) return known;
    known?.destroy();
    const agent = new PinnedAgent(contact, { ...options, tls });
    agents.set(member, agent);
    return agent;
  };
  const wholeMs = options.wholeMs ?? 10_000;
  return {
    async batch(member, frame) {
      const agent = agentOf(member);
      return agent.turns.take(() => exchange(agent, '/exchange/v1/batches', wholeMs, frame));
    },
    async ask(member, what, body) {
      const agent = agentOf(member);
      return agent.turns.take(() => exchange(agent, `/exchange/v1/${what}`, wholeMs, body));
    },
    async blob(member, sha256, from) {
      return fetchBlob(agentOf(member), sha256, from, options.idleMs ?? 10_000);
    },
    show(other) {
      tls = other;
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** A newer directory often says the same of a member: its connections stay. */
function isSame(a: Contact, b: Contact): boolean {
  return a === b || (a.url === b.url && a.tls.join() === b.tls.join());
}

function exchange(
  agent: PinnedAgent,
  path: string,
  wholeMs: number,
  frame?: Uint8Array,
): Promise<PeerAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, agent.contact.url);
    const type = bodyTypes.get(path) ?? batchType;
    const headers = frame ? { 'content-type': type, 'content-length': frame.length } : {};
    const sent = request(url, { agent, headers, method: frame ? 'POST' : 'GET' });
    const limit = setTimeout(() => sent.destroy(new Error(`no answer within ${wholeMs} ms`)), wholeMs);
    sent.on('error', reject);
    sent.on('close', () => {
      clearTimeout(limit);
      reject(new Error('the connection ended before the answer did')); // no effect once an answer was given
    });
    sent.on('response', (answer) => collect(answer, resolve, (error) => sent.destroy(error)));
    sent.end(frame);
  });
}

/** A file's bytes as they come: a reader that is slow slows the sender, and nothing but one chunk is in memory. */
function fetchBlob(agent: PinnedAgent, sha256: string, from: number, idleMs: number): Promise<BlobAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(`/exchange/v1/blobs/${sha256}`, agent.contact.url);
    const headers = from === 0 ? {} : { range: `bytes=${from}-` };
    const sent = request(url, { agent, headers });
    sent.setTimeout(idleMs, () => sent.destroy(new Error(`nothing came for ${idleMs} ms`)));
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const { statusCode = 0 } = answer;
      const isWhole = statusCode === (from === 0 ? 200 : 206);
      if (!isWhole) answer.resume();
      resolve({
        status: isWhole ? 200 : statusCode === 200 ? 502 : statusCode,
        bytes: isWhole ? answer : none(),
      });
    });
    sent.end();
  });
}

async function* none(): AsyncGenerator<Uint8Array> {}

function collect(
  answer: IncomingMessage,
  done: (answer: PeerAnswer) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > answerMax) fail(new Error('the answer is too long'));
  });
  answer.on('error', fail);
  answer.on('end', () => {
    const retryAfterMs = retryAfter(answer.headers['retry-after'], Date.now());
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    done({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks), ...wait });
  });
}

/** Milliseconds of a `Retry-After` header, seconds or an HTTP date; at most an hour; undefined when there is none or it cannot be read. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^[0-9]{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 3_600_000);
}

function opened(socket: TLSSocket, connectMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => socket.destroy(new Error(`no connection within ${connectMs} ms`)),
      connectMs,
    );
    const over = (error?: Error): void => {
      clearTimeout(limit);
      reject(error ?? new Error('the connection was closed at once'));
    };
    socket.once('error', over);
    socket.once('close', () => over());
    socket.once('secureConnect', () => {
      clearTimeout(limit);
      socket.removeListener('error', over);
      resolve();
    });
  });
}
