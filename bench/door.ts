import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { clientToken } from '@yitong/node';

/** Who asks: an account of the issuer, by its client's credentials. */
export interface Account {
  readonly issuer: string;
  readonly audience: string;
  readonly id: string;
  readonly secret: string;
}

/** One line of a bulk request. */
interface Line {
  readonly id: string;
  readonly input: unknown;
}

/** One line of a bulk answer. */
export interface LineAnswer {
  readonly line: number;
  readonly state: string;
  readonly problem?: { readonly detail?: string; readonly type?: string };
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** A node's HTTP door as a program of the hospital uses it: connections kept, one token. */
export class Door {
  readonly #base: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  static async open(base: string, account: Account): Promise<Door> {
    return new Door(base, await clientToken(account));
  }

  /** One question. */
  async get(path: string): Promise<unknown> {
    return (await whole(await this.#ask('GET', path, {}))).json;
  }

  /** One command; waits for the end of its conversation. */
  async one(path: string, id: string, input: unknown): Promise<Answer> {
    const type = { 'content-type': 'application/json', prefer: 'wait=20, return=minimal' };
    const headers = { ...type, 'idempotency-key': id };
    return whole(await this.#ask('POST', path, headers, JSON.stringify(input)));
  }

  /** Many commands of one kind in one request; lines without an end are asked for again. Tells each end. */
  async many(path: string, lines: readonly Line[], ended: (one: LineAnswer) => void): Promise<void> {
    for (let left = lines; left.length > 0; ) {
      const body = left.map((line) => `${JSON.stringify(line)}\n`).join('');
      const headers = { 'content-type': 'application/x-ndjson', prefer: 'wait=30, return=minimal' };
      const answer = await this.#ask('POST', path, headers, body);
      if (answer.statusCode !== 200) throw new Error(`POST ${path}: HTTP ${answer.statusCode}`);
      const open: Line[] = [];
      for await (const text of createInterface({ input: answer })) {
        const told: LineAnswer = JSON.parse(text);
        const line = left[told.line - 1];
        if (line && (told.state === 'open' || told.state === 'busy')) open.push(line);
        else ended(told);
      }
      left = open;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** A connection that broke before the answer began is no answer: the same ids are asked again, once a second. */
  async #ask(method: string, path: string, headers: Headers, body?: string): Promise<IncomingMessage> {
    for (let tries = 1; ; tries++)
      try {
        return await this.#once(method, path, headers, body);
      } catch (error) {
        if (tries === 30) throw error;
        await pause(1_000);
      }
  }

  #once(method: string, path: string, headers: Headers, body: string | undefined): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const own = { authorization: `Bearer ${this.#token}`, ...length };
      const options = { method, headers: { ...headers, ...own }, agent: this.#agent };
      const sent = request(new URL(path, this.#base), options);
      sent.on('error', reject);
      sent.on('response', resolve);
      sent.end(body);
    });
  }
}

type Headers = Readonly<Record<string, string>>;

async function whole(answer: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += String(part);
  return { status: answer.statusCode ?? 0, json: JSON.parse(text) };
}
