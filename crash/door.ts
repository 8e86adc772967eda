import { Agent, request } from 'node:http';
import { clientToken } from '@yitong/node';
import type { Account, CrashRegion } from './region.ts';

/** An answer of a node as it came; `json` is undefined when it is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly json: unknown;
}

/** What is asked of a node. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value that goes as JSON, or a text as it is. */
  readonly body?: unknown;
  readonly limitMs: number;
}

/** A member by the doors of its processes. */
export interface Asked {
  readonly code: string;
  readonly processes: readonly { readonly url: string }[];
}

/** How one account asks one member: at whichever of its processes answers, each question once. */
export class Door {
  readonly #member: Asked;
  readonly #region: Pick<CrashRegion, 'issuer' | 'audience'>;
  readonly #account: Account;
  readonly #agent: Agent;
  #token: Promise<string> | undefined;
  /** How often no answer came, by what was said instead. */
  readonly cut = new Map<string, number>();
  #at = 0;

  constructor(
    region: Pick<CrashRegion, 'issuer' | 'audience' | 'accounts'>,
    member: Asked,
    role: string,
    sockets = 64,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets });
    const account = region.accounts.find((one) => one.roles.includes(`${member.code}:${role}`));
    if (!account) throw new Error(`nobody has the role ${role} at ${member.code}`);
    this.#member = member;
    this.#region = region;
    this.#account = account;
  }

  /** Undefined: no answer came, nobody knows what became of it. */
  async ask(question: Question): Promise<Answer | undefined> {
    const { processes } = this.#member;
    const base = processes[this.#at % processes.length]?.url ?? '';
    try {
      this.#token ??= this.#newToken();
      const answer = await this.#once(base, await this.#token, question);
      if (answer.status === 401) this.#token = undefined;
      if (answer.status === 503) this.#at += 1;
      return answer;
    } catch (error) {
      this.#at += 1;
      const why = error instanceof Error ? (Reflect.get(error, 'code') ?? error.name) : error;
      this.cut.set(String(why), (this.cut.get(String(why)) ?? 0) + 1);
      return undefined;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #newToken(): Promise<string> {
    const { issuer, audience } = this.#region;
    const { id, secret } = this.#account;
    return clientToken({ issuer, audience, id, secret });
  }

  #once(base: string, token: string, question: Question, isFirst = true): Promise<Answer> {
    const { method, path, headers, body, limitMs } = question;
    return new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const type = text === undefined ? {} : { 'content-type': 'application/json' };
      const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
      const own = { ...type, ...headers, ...length, authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(limitMs);
      const sent = request(new URL(path, base), { method, headers: own, agent: this.#agent, signal });
      sent.on('error', (error) => {
        // The node ended an idle connection just as it was to be used again: once more, which the command's id makes harmless.
        const isIdle = isFirst && sent.reusedSocket && Reflect.get(error, 'code') === 'ECONNRESET';
        if (isIdle) resolve(this.#once(base, token, question, false));
        else reject(error);
      });
      sent.on('response', (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('aborted', () => reject(new Error('cut')));
        answer.on('end', () => {
          const { statusCode: status = 0, headers: got } = answer;
          resolve({ status, headers: got, json: parsed(Buffer.concat(parts).toString('utf8')) });
        });
      });
      sent.end(text);
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
