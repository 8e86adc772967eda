import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A statement that went to the server: what the connection is for, its text, and its first parameter as a whole number if it is one. */
export interface Heard {
  /** `yitong writer 0` and the like. */
  readonly use: string;
  readonly text: string;
  readonly first: number | undefined;
  /** Statements of one connection up to the same Sync have the same number: one transaction, unless they begin one themselves. */
  readonly connection: number;
  readonly sync: number;
}

/** Stands between a node and PostgreSQL and writes down what is executed; passes everything on unchanged. */
export class WireTap {
  readonly heard: Heard[] = [];
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #connections = 0;

  /** `socket`: path of the server's Unix socket. */
  constructor(socket: string) {
    this.#server = createServer((node) => this.#accept(node, connect(socket)));
  }

  /** Listens on a free port of this machine; resolves with it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #accept(node: Socket, server: Socket): void {
    const reader = new FrontendReader(this.heard, ++this.#connections);
    node.on('data', (part: Buffer) => {
      reader.read(part);
      server.write(part);
    });
    server.pipe(node);
    for (const [one, other] of [
      [node, server],
      [server, node],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
    }
  }
}

/** Reads what a client of PostgreSQL sends (protocol 3): its name at the start, then Parse, Bind, Query and Sync. */
class FrontendReader {
  readonly #heard: Heard[];
  readonly #connection: number;
  readonly #texts = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  #use: string | undefined;
  #sync = 0;

  constructor(heard: Heard[], connection: number) {
    this.#heard = heard;
    this.#connection = connection;
  }

  read(part: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, part]);
    for (;;) {
      // The first message has no type before its length.
      const at = this.#use === undefined ? 0 : 1;
      if (this.#rest.length < at + 4) return;
      const end = at + this.#rest.readUInt32BE(at);
      if (this.#rest.length < end) return;
      const body = this.#rest.subarray(at + 4, end);
      if (this.#use === undefined) this.#use = nameIn(body);
      else this.#message(String.fromCharCode(this.#rest[0] ?? 0), body);
      this.#rest = this.#rest.subarray(end);
    }
  }

  #message(type: string, body: Buffer): void {
    const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
    if (type === 'P') this.#texts.set(first, second);
    if (type === 'Q') this.#note(first, undefined);
    if (type === 'B') this.#note(this.#texts.get(second) ?? '', firstOf(body));
    if (type === 'S' || type === 'Q') this.#sync += 1;
  }

  #note(text: string, first: number | undefined): void {
    const use = this.#use ?? '';
    this.#heard.push({ use, text, first, connection: this.#connection, sync: this.#sync });
  }
}

function nameIn(startup: Buffer): string {
  const words = startup.toString('utf8').split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

/** First parameter of a Bind: after two names, the formats, and the number of parameters. */
function firstOf(body: Buffer): number | undefined {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1;
  const formats = body.readUInt16BE(at);
  at += 2 + 2 * formats;
  if (body.readUInt16BE(at) === 0) return undefined;
  const length = body.readInt32BE(at + 2);
  const text = length < 0 ? '' : body.subarray(at + 6, at + 6 + length).toString('latin1');
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
