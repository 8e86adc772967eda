import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A command as the stand-in took it. */
export interface Taken {
  readonly id: string;
  readonly input: unknown;
}

/** What the stand-in does with one line. */
export type Answering = (taken: Taken, times: number) => Readonly<Record<string, unknown>> | 'cut';

/** A node's bulk door for tests: remembers what it took, answers as it is told to. */
export class StandIn {
  readonly #server: Server;
  /** How often each id came. */
  readonly seen = new Map<string, number>();
  /** Ids that had an effect, in the order in which they were taken. */
  readonly taken: Taken[] = [];
  requests = 0;
  answer: Answering;
  /** Answers to whole requests, the next one first. */
  readonly refusals: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  }[] = [];

  constructor(answer: Answering) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusal.headers).end(JSON.stringify(refusal.body ?? {}));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const lines = Buffer.concat(parts).toString().split('\n').filter(Boolean);
    for (const [index, line] of lines.entries()) {
      const taken: Taken = JSON.parse(line);
      const times = (this.seen.get(taken.id) ?? 0) + 1;
      this.seen.set(taken.id, times);
      const answer = this.answer(taken, times);
      if (answer === 'cut') {
        response.destroy();
        return;
      }
      if (times === 1) this.taken.push(taken);
      response.write(`${JSON.stringify({ line: index + 1, id: taken.id, ...answer })}\n`);
    }
    response.end();
  }
}
