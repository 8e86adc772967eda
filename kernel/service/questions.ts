import { decode, encode, type QuestionType } from '@yitong/kit';
import type { Actor } from '../api.ts';
import { Breaker } from '../exchange/breaker.ts';
import { toHex } from '../exchange/bytes.ts';
import { canonicalBytes, parseCanonical } from '../exchange/canonical.ts';
import { memberOf } from '../exchange/directory.ts';
import { instantText } from '../exchange/instant.ts';
import { signerOf } from '../exchange/open-frame.ts';
import { codeIn } from '../exchange/problem-answer.ts';
import { bodyHash, readAnswer, writeQuestion } from '../exchange/question.ts';
import { decodeAnswer, encodeAnswer, type SignedAnswer } from '../exchange/receipt.ts';
import type { FetchDirectory } from '../exchange/receiver.ts';
import { freshId } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PeerAnswer } from '../seams.ts';
import type { Answers, Given } from './answers.ts';

/** The whole of a question and its one repetition. */
const wholeMs = 5_000;
const validMs = 30_000;

/** A question of a person at this member to one other, or to this member itself. */
export interface Wish {
  readonly type: string;
  readonly to: string;
  readonly purpose: string;
  /** Id of the person's agreement at the member asked. */
  readonly consent?: string;
  /** JSON form. */
  readonly input: unknown;
  readonly actor: Actor;
}

/**
 * What came back. `no-answer` says nothing about what the member holds, only that it did not tell: it is never "no record".
 * `refused` is the holder's own word, `unknown-subject` too.
 */
export type QuestionAnswer =
  | { readonly state: 'answered'; readonly from: string; readonly at: string; readonly value: unknown }
  | {
      readonly state: 'refused';
      readonly from: string;
      readonly code: string;
      readonly pointer?: string;
      readonly facts: object;
    }
  | { readonly state: 'unknown-subject' | 'busy'; readonly from: string }
  | { readonly state: 'no-answer'; readonly from: string; readonly why: string };

/** Asks other members, each within five seconds (exchange protocol B11). */
export class Questions {
  readonly #env: Environment;
  readonly #answers: Answers;
  readonly #fetch: FetchDirectory;
  readonly #breakers = new Map<string, Breaker>();

  constructor(env: Environment, answers: Answers, fetch: FetchDirectory) {
    this.#env = env;
    this.#answers = answers;
    this.#fetch = fetch;
  }

  /** Errors: none; what is wrong with the wish itself is for the door to say before. */
  async ask(question: QuestionType, wish: Wish): Promise<QuestionAnswer> {
    const { to } = wish;
    const { here } = this.#env.scene;
    const asker = `staff:${wish.actor.id}`.replaceAll(/[^!-~]/g, '-').slice(0, 120);
    if (to === here) {
      const { type, purpose, consent = '-', input } = wish;
      const given = await this.#answers.given({ type, from: here, asker, purpose, consent, input });
      return this.#told(question, to, instantText(this.#env.clock.now()), given);
    }
    if (memberOf(this.#env.directory, to) === undefined)
      return { state: 'no-answer', from: to, why: 'not-a-member' };
    const breaker = this.#breakers.get(to) ?? new Breaker();
    this.#breakers.set(to, breaker);
    const { clock } = this.#env;
    if (!breaker.begin(clock.monotonic())) return { state: 'no-answer', from: to, why: 'circuit-open' };
    const answer = await this.#asked(question, wish, asker);
    breaker.ended(clock.monotonic(), answer.state !== 'no-answer');
    return answer;
  }

  async #asked(question: QuestionType, wish: Wish, asker: string): Promise<QuestionAnswer> {
    const signed = this.#signed(question, wish, asker);
    const endMs = this.#env.clock.monotonic() + wholeMs;
    let why = 'unreachable';
    for (let tries = 0; tries < 2; tries += 1) {
      const leftMs = endMs - this.#env.clock.monotonic();
      const answer = leftMs > 0 ? await this.#within(leftMs, wish.to, encodeAnswer(signed)) : undefined;
      if (answer?.status === 200) return this.#verified(question, wish.to, signed, answer);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429)
        return { state: 'no-answer', from: wish.to, why: codeIn(answer.body) };
      if (answer !== undefined) return { state: 'busy', from: wish.to };
      why = leftMs > 0 ? 'unreachable' : 'late';
    }
    return { state: 'no-answer', from: wish.to, why };
  }

  #signed(question: QuestionType, { to, purpose, consent = '-', input }: Wish, asker: string): SignedAnswer {
    const { scene, suite, key, clock, directory } = this.#env;
    const decoded = question.input.parse(input);
    const body = canonicalBytes(encode(question.input, decoded));
    const now = clock.now();
    const text = writeQuestion({
      region: scene.region,
      suite: suite.name,
      from: scene.here,
      to,
      id: freshId(this.#env),
      question: question.type,
      subject: `${question.about.kind}:${question.keyOf(decoded)}`,
      purpose,
      consent,
      asker,
      body: toHex(bodyHash(suite, body)),
      time: instantText(now),
      until: instantText(now + validMs),
      directory: directory.version,
      key: key.id,
    });
    return { text, signature: suite.sign(key, text), refusals: body };
  }

  #within(ms: number, to: string, bytes: Uint8Array): Promise<PeerAnswer | undefined> {
    return new Promise((resolve) => {
      const stop = this.#env.clock.after(ms, () => resolve(undefined));
      void this.#env.peers
        .ask(to, 'questions', bytes)
        .catch(() => undefined)
        .then((answer) => {
          stop();
          resolve(answer);
        });
    });
  }

  /** An answer stands when it is signed by the member asked and names this very question. */
  async #verified(
    question: QuestionType,
    to: string,
    signed: SignedAnswer,
    { body: bytes }: PeerAnswer,
  ): Promise<QuestionAnswer> {
    const { scene, suite, suites, clock } = this.#env;
    const none = (why: string): QuestionAnswer => ({ state: 'no-answer', from: to, why });
    const given = decodeAnswer(bytes);
    const read = given && readAnswer(given.text);
    if (!given || !read?.ok) return none('bad-answer');
    const answer = read.value;
    const names = answer.question === toHex(bodyHash(suite, signed.text));
    if (!names || answer.from !== to || answer.to !== scene.here || answer.region !== scene.region)
      return none('another-answer');
    if (answer.directory > this.#env.directory.version) await this.#fetch(to, answer.directory);
    const key = signerOf(answer, 'answer', { directory: this.#env.directory, nowMs: clock.now() });
    if (!('public' in key) || !suites[key.suite].verify(key, given.text, given.signature))
      return none('bad-signature');
    const parsed = parseCanonical(given.refusals);
    if (!parsed.ok || toHex(bodyHash(suites[answer.suite], given.refusals)) !== answer.body)
      return none('bad-answer');
    return this.#told(question, to, answer.time, { status: answer.status, body: parsed.value });
  }

  #told(question: QuestionType, from: string, at: string, { status, body }: Given): QuestionAnswer {
    if (status === 'busy' || status === 'unknown-subject') return { state: status, from };
    if (status === 'refused') return refusalOf(from, body);
    const value = decode(question.answer, body);
    return value.success
      ? { state: 'answered', from, at, value: body }
      : { state: 'no-answer', from, why: 'bad-answer' };
  }
}

function refusalOf(from: string, body: unknown): QuestionAnswer {
  const { code, at, facts } = Object(body);
  const common = { state: 'refused', from, code: String(code), facts: Object(facts) } as const;
  return typeof at === 'string' ? { ...common, pointer: at } : common;
}
