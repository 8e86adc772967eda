import { Failure, messageOf } from '../failure.ts';
import { jsonText } from '../output.ts';
import { codeOf, isProblem, type ProblemLike } from '../problem.ts';
import { type Again, type Patience, persist, retryAfterMs } from './patience.ts';
import { type Ask, exchange, type Incoming, isLost, wholeBody } from './wire.ts';

/** An answer with its JSON body; `text` is the body as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Incoming['headers'];
  readonly json: unknown;
  readonly text: string;
}

/** Gives a bearer token; `renew` throws a kept one away first. */
export type Tokens = (renew: boolean) => Promise<string | undefined>;

/** A request to a node, relative to its address. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: NonNullable<Ask['body']>;
  /** Milliseconds without a byte after which the connection counts as lost (30 s). */
  readonly idleMs?: number;
}

/** One node's HTTP door, asked by one account: at its first process, and as soon as that gives no answer at its next. */
export class Api {
  readonly #bases: readonly [URL, ...URL[]];
  readonly #tokens: Tokens;
  readonly #patience: Patience;
  #at = 0;

  constructor([first, ...more]: readonly [string, ...string[]], tokens: Tokens, patience: Patience) {
    const baseOf = (text: string) => new URL(text.endsWith('/') ? text : `${text}/`);
    this.#bases = [baseOf(first), ...more.map(baseOf)];
    this.#tokens = tokens;
    this.#patience = patience;
  }

  /** Address of the process that is asked now. */
  get base(): URL {
    return this.#bases[this.#at] ?? this.#bases[0];
  }

  /** Asks; waits and asks again while the node does not answer or is busy. Errors: `Failure` unreachable, forbidden. */
  async call(call: Call): Promise<Answer> {
    const result = await persist(() => this.#attempt(call), this.#patience);
    if ('again' in result) throw this.#gaveUp(result);
    return result;
  }

  /** The same for an answer of many lines; the caller reads the body, once, and repeats what did not come. */
  async open(call: Call): Promise<Incoming | Again> {
    return await this.#once(call, false);
  }

  #gaveUp({ again }: Again): Failure {
    const remedy =
      'yitong status shows what runs; yitong up starts the region. The same command again is safe.';
    return new Failure('unreachable', `${this.base.origin}: ${again}.`, remedy);
  }

  async #attempt(call: Call): Promise<Answer | Again> {
    let result = await this.#ofOne(call);
    for (let tries = 1; 'again' in result && tries < this.#bases.length; tries += 1) {
      this.#at = (this.#at + 1) % this.#bases.length;
      result = await this.#ofOne(call);
    }
    return result;
  }

  async #ofOne(call: Call): Promise<Answer | Again> {
    const incoming = await this.#once(call, false);
    if ('again' in incoming) return incoming;
    try {
      return answerOf(incoming, (await wholeBody(incoming.body)).toString('utf8'));
    } catch (error) {
      if (isLost(error)) return { again: `the connection was lost (${messageOf(error)})` };
      throw error;
    }
  }

  async #once(call: Call, renewed: boolean): Promise<Incoming | Again> {
    let incoming: Incoming;
    try {
      incoming = await exchange(await this.#ask(call, renewed));
    } catch (error) {
      if (isLost(error)) return { again: `no answer (${messageOf(error)})` };
      throw error;
    }
    const { status, headers, body } = incoming;
    if (status === 401 && !renewed && (await this.#tokens(false)) !== undefined) {
      await wholeBody(body);
      return await this.#once(call, true);
    }
    if (!isPassing(status)) return incoming;
    const answer = answerOf(incoming, (await wholeBody(body)).toString('utf8'));
    const why = isProblem(answer.json) ? (answer.json.detail ?? answer.json.title) : `HTTP ${status}`;
    const waitMs = retryAfterMs(headers['retry-after']);
    return { again: why, ...(waitMs === undefined ? {} : { waitMs }) };
  }

  async #ask(call: Call, renew: boolean): Promise<Ask> {
    const url = new URL(call.path.replace(/^\//, ''), this.base);
    if (call.query !== undefined) url.search = call.query.toString();
    const token = await this.#tokens(renew);
    const headers = {
      accept: 'application/json, application/problem+json, application/x-ndjson',
      'accept-language': 'en',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...call.headers,
    };
    const body = call.body === undefined ? {} : { body: call.body };
    const signal = this.#patience.signal === undefined ? {} : { signal: this.#patience.signal };
    return { method: call.method, url, headers, ...body, ...signal, idleMs: call.idleMs ?? 30_000 };
  }
}

/** Nothing is wrong with the request: it came too slowly (the same again may not), the node is busy, or something before it is. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || (status >= 502 && status <= 504);
}

function answerOf({ status, headers }: Incoming, text: string): Answer {
  let json: unknown;
  try {
    json = text === '' ? undefined : JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, headers, json, text };
}

/** The JSON of a good answer. Errors: `Failure` with the problem's words and remedy. */
export function expectJson(answer: Answer): unknown {
  if (answer.status < 400) return answer.json;
  throw refusal(answer);
}

/** What a refusing answer means for the command. */
export function refusal({ status, json, text }: Answer): Failure {
  const exit = status === 401 || status === 403 ? 'forbidden' : status === 404 ? 'missing' : 'no';
  if (isProblem(json)) return new Failure(exit, words(json), remedyOf(json), json);
  return new Failure(exit, `HTTP ${status} ${text.slice(0, 200)}`.trim());
}

function words(problem: ProblemLike): string {
  const errors = (problem.errors ?? []).map(({ pointer, detail, code, remedy }) => {
    const what = detail ?? code ?? '';
    return `\n  ${pointer === '' ? '(whole)' : pointer}: ${what}${remedy === undefined ? '' : ` → ${remedy}`}`;
  });
  const detail =
    problem.detail === undefined || problem.detail === problem.title ? '' : `: ${problem.detail}`;
  return `${problem.title}${detail}${errors.join('')}${factsOf(problem)}`;
}

/** What a problem tells besides: roles or purposes to choose from, figures of a refusal. */
function factsOf(problem: ProblemLike): string {
  const facts = Object.entries(problem.facts ?? {});
  return facts
    .map(([name, value]) => `\n  ${name}: ${Array.isArray(value) ? value.join(', ') : jsonText(value)}`)
    .join('');
}

function remedyOf(problem: ProblemLike): string | undefined {
  if (codeOf(problem) === 'step-up-needed') return newSignIn(problem);
  return problem.remedy ?? problem.errors?.find(({ remedy }) => remedy !== undefined)?.remedy;
}

/** A token here comes from the environment: how its person gets one that is fresh and strong. */
function newSignIn({ facts = {} }: ProblemLike): string {
  const { acr, minutes } = facts;
  const strong = Array.isArray(acr) && acr.length > 0 ? ` and acr_values="${acr.join(' ')}"` : '';
  return `Sign in at the issuer again, with max_age=${Number(minutes) * 60}${strong}, put the new token into YITONG_TOKEN, and give the same command with the same --id.`;
}
