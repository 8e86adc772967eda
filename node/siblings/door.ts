import { X509Certificate } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { KernelNode, SiblingWay } from '@yitong/kernel';
import { spkiOf } from '../peers/contacts.ts';
import { Wire } from './wire.ts';

/** What the door between processes of one node needs: the member's TLS key and certificate (PEM). */
export interface SiblingDoorOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  /** Other TLS keys of this member, as SHA-256 of their SPKI: while a new certificate comes into use. */
  readonly keys: () => readonly string[];
  readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void;
}

/** The door between processes of one node: mutual TLS, both ends with a key of the member itself. */
export interface SiblingDoor extends SiblingWay {
  /** Answers others from now on; the port that it listens on. */
  listen(host: string, port: number, node: Pick<KernelNode, 'sibling'>): Promise<number>;
  show(tls: SiblingDoorOptions['tls']): void;
  close(): Promise<void>;
}

const versions = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
const connectMs = 1_000;
/** Calls under way on one connection. */
const callsMax = 20_000;

/** Opens one. */
export function siblingDoor(options: SiblingDoorOptions): SiblingDoor {
  let { tls } = options;
  const isOwn = (socket: TLSSocket): boolean => {
    const shown = socket.getPeerX509Certificate();
    if (!shown) return false;
    const own = [spkiOf(new X509Certificate(tls.cert)), ...options.keys()];
    return own.includes(spkiOf(shown));
  };
  const sockets = new Set<Socket>();
  const lines = new Map<string, Line>();
  // No authority vouches for the certificates: the key alone does, before a byte is read.
  const server = createServer({ ...tls, ...versions, requestCert: true, rejectUnauthorized: false });
  const line = (address: string): Line => {
    const found = lines.get(address);
    if (found && !found.isClosed) return found;
    const made = new Line(address, tls, isOwn);
    lines.set(address, made);
    return made;
  };
  return {
    call: (address, what, asked, withinMs) => line(address).call(what, asked, withinMs),
    listen(host, port, node) {
      server.on('secureConnection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => socket.destroy());
        if (isOwn(socket)) return serve(socket, node);
        options.warn({ code: 'unknown-key' }, 'a process that has no key of this member was turned away');
        socket.destroy();
      });
      server.on('tlsClientError', (_error, socket) => socket.destroy());
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      });
    },
    show(next) {
      tls = next;
      server.setSecureContext({ ...next, ...versions });
    },
    async close() {
      for (const one of lines.values()) one.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One answer for each call, in whatever order they are ready. */
function serve(socket: TLSSocket, node: Pick<KernelNode, 'sibling'>): void {
  let underWay = 0;
  const wire = new Wire(socket, (value) => {
    const { n, what, asked } = value as { n: number; what: string; asked: readonly unknown[] };
    if (underWay >= callsMax) return wire.send({ n, error: 'too much waits' });
    underWay += 1;
    node
      .sibling(what, asked)
      .then(
        (answer) => wire.send({ n, answer }),
        (error: unknown) => wire.send({ n, error: String(error) }),
      )
      .catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined))
      .finally(() => {
        underWay -= 1;
      });
  });
}

interface Call {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly until: number;
}

/** The connection to one other process; whatever is under way fails with it. */
class Line {
  readonly #socket: TLSSocket;
  readonly #wire: Wire;
  readonly #calls = new Map<number, Call>();
  readonly #sweep: NodeJS.Timeout;
  /** What waits until the other end has shown its key. */
  #early: (() => void)[] | undefined = [];
  #last = 0;

  constructor(address: string, tls: SiblingDoorOptions['tls'], isOwn: (socket: TLSSocket) => boolean) {
    const at = address.lastIndexOf(':');
    const [host, port] = [address.slice(0, at).replace(/^\[(.*)\]$/, '$1'), Number(address.slice(at + 1))];
    const socket = connect({ ...tls, ...versions, host, port, rejectUnauthorized: false });
    this.#socket = socket;
    this.#wire = new Wire(socket, (value) => this.#came(value as { n: number }));
    this.#sweep = setInterval(() => this.#late(), 250).unref();
    const cut = setTimeout(() => socket.destroy(new Error(`${address} does not answer`)), connectMs);
    socket.once('secureConnect', () => {
      clearTimeout(cut);
      if (!isOwn(socket)) return void socket.destroy(new Error(`${address} has no key of this member`));
      for (const send of this.#early ?? []) send();
      this.#early = undefined;
    });
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => {
      clearTimeout(cut);
      this.#failed(new Error(`the connection to ${address} ended`));
    });
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  call(what: string, asked: readonly unknown[], withinMs: number): Promise<unknown> {
    if (this.#calls.size >= callsMax) return Promise.reject(new Error('too much waits for another process'));
    this.#last += 1;
    const n = this.#last;
    return new Promise((resolve, reject) => {
      this.#calls.set(n, { resolve, reject, until: performance.now() + withinMs });
      const send = (): void => this.#wire.send({ n, what, asked });
      if (this.#early) this.#early.push(send);
      else send();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #came(value: { readonly n: number; readonly answer?: unknown; readonly error?: string }): void {
    const call = this.#calls.get(value.n);
    this.#calls.delete(value.n);
    if (value.error === undefined) call?.resolve(value.answer);
    else call?.reject(new Error(value.error));
  }

  #late(): void {
    const now = performance.now();
    for (const [n, call] of this.#calls) {
      if (call.until > now) continue;
      this.#calls.delete(n);
      call.reject(new Error('the other process did not answer in time'));
    }
  }

  #failed(error: Error): void {
    clearInterval(this.#sweep);
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
  }
}
