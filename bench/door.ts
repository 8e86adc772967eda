import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';

/** Who asks: an account of the issuer, by its client's credentials. */
export interface Account {
  readonly issuer: string;
  readonly audience: string;
  readonly id: string;
  readonly secret: string;
}

/** One line of a bulk answer. */
export interface LineAnswer {
  readonly line: number;
  readonly state: string;
  readonly problem?: { readonly code?: string; readonly detail?: string; readonly type?: string };
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

  static async open(base: string, { issuer, audience, id, secret }: Account): Promise<Door> {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
    });
    const { access_token: token } = (await answer.json()) as { readonly access_token?: string };
    if (token === undefined) throw new Error(`no token for ${id}: HTTP ${answer.status}`);
    return new Door(base, token);
  }

  /** One command or question; waits for the end of its conversation. */
  async one(
    method: 'GET' | 'POST',
    path: string,
    input?: unknown,
  ): Promise<{ status: number; json: unknown }> {
    const body = input === undefined ? undefined : JSON.stringify(input);
    const answer = await this.#ask(method, path, 'application/json', 'wait=20, return=minimal', body);
    let text = '';
    for await (const part of answer.setEncoding('utf8')) text += String(part);
    return { status: answer.statusCode ?? 0, json: JSON.parse(text) };
  }

  /** Many commands of one kind in one request; each answer is told as it comes. Errors: another status than 200. */
  async many(
    path: string,
    lines: readonly { readonly id: string; readonly input: unknown }[],
    waitSeconds: number,
    told: (answer: LineAnswer) => void,
  ): Promise<void> {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const prefer = `wait=${waitSeconds}, return=minimal`;
    const answer = await this.#ask('POST', path, 'application/x-ndjson', prefer, body);
    if (answer.statusCode !== 200) throw new Error(`POST ${path}: HTTP ${answer.statusCode}`);
    for await (const line of createInterface({ input: answer })) told(JSON.parse(line));
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(
    method: string,
    path: string,
    type: string,
    prefer: string,
    body: string | undefined,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${this.#token}`,
        prefer,
        ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request(new URL(path, this.#base), { method, headers, agent: this.#agent });
      sent.on('error', reject);
      sent.on('response', resolve);
      sent.end(body);
    });
  }
}
