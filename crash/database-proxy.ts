import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * How a connection is cut in mid-commit. `half`: the server gets half of what was sent. `answer`: it gets all, and its answer
 * is lost. `ghost`: the node's side is cut at once, the server gets all of it only later.
 */
export type Cut = 'half' | 'answer' | 'ghost';

interface Passage {
  readonly node: Socket;
  readonly server: Socket;
  /** Role as which the node signed in, and what the connection is for (`yitong writer 0`). */
  readonly role: string;
  readonly use: string;
}

const ghostMs = 400;

/** Stands between nodes and PostgreSQL: passes everything on unchanged until it is told to cut. */
export class DatabaseProxy {
  readonly #server: Server;
  readonly #open = new Set<Passage>();
  #armed: { readonly role: string; readonly cut: Cut; readonly done: () => void } | undefined;

  /** Path of the server's Unix socket. */
  socket = '';

  constructor() {
    this.#server = createServer({ noDelay: true }, (node) => this.#accept(node));
  }

  /** Listens on a free port of this machine; resolves with it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Cuts the connection on which a role commits next, in the middle; resolves when that happened, false when none came in time. */
  cutNextCommit(role: string, cut: Cut, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#armed = undefined;
        resolve(false);
      }, withinMs);
      const done = (): void => {
        this.#armed = undefined;
        clearTimeout(late);
        resolve(true);
      };
      this.#armed = { role, cut, done };
    });
  }

  /** Cuts all connections of a role at once; how many there were. */
  cutAll(role: string): number {
    const own = [...this.#open].filter((passage) => passage.role === role);
    for (const { node, server } of own) {
      node.resetAndDestroy();
      server.destroy();
    }
    return own.length;
  }

  close(): void {
    this.#server.close();
    for (const { node, server } of this.#open) {
      node.destroy();
      server.destroy();
    }
  }

  #accept(node: Socket): void {
    node.once('data', (first: Buffer) => {
      const server = connect(this.socket);
      const words = first.toString('latin1').split('\0');
      const named = (name: string) => words[words.indexOf(name) + 1] ?? '';
      const passage = { node, server, role: named('user'), use: named('application_name') };
      this.#open.add(passage);
      server.write(first);
      node.on('data', (part: Buffer) => this.#toServer(passage, part));
      server.on('data', (part: Buffer) => pass(server, node, part));
      for (const [from, to] of [
        [node, server],
        [server, node],
      ] as const) {
        from.on('end', () => to.end());
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#open.delete(passage);
          to.destroy();
        });
      }
    });
    node.on('error', () => node.destroy());
  }

  #toServer(passage: Passage, part: Buffer): void {
    const { node, server, role, use } = passage;
    const armed = this.#armed;
    if (armed?.role !== role || !use.startsWith('yitong writer')) return pass(node, server, part);
    armed.done();
    if (armed.cut === 'half') {
      server.write(part.subarray(0, part.length >> 1), () => server.destroy());
      node.resetAndDestroy();
    } else if (armed.cut === 'answer') {
      server.removeAllListeners('data');
      server.once('data', () => {
        node.resetAndDestroy();
        server.destroy();
      });
      server.write(part);
    } else {
      server.removeAllListeners('close');
      node.removeAllListeners('close');
      node.on('close', () => this.#open.delete(passage));
      node.resetAndDestroy();
      setTimeout(() => server.end(part), ghostMs);
    }
  }
}

/** Passes on, and waits with more while the other side is slow. */
function pass(from: Socket, to: Socket, part: Buffer): void {
  if (to.destroyed || to.write(part)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
