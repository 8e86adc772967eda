import { decode, encode } from '@yitong/kit';
import type { FrameAnswer } from '../api.ts';
import { toHex } from '../exchange/bytes.ts';
import { canonicalBytes, parseCanonical } from '../exchange/canonical.ts';
import type { PeerNotes } from '../exchange/courier.ts';
import { isPermitted } from '../exchange/directory.ts';
import { instantMs, instantText } from '../exchange/instant.ts';
import { signerOf } from '../exchange/open-frame.ts';
import { problemAnswer } from '../exchange/problem-answer.ts';
import { type Answer, bodyHash, type Question, readQuestion, writeAnswer } from '../exchange/question.ts';
import { decodeAnswer, encodeAnswer, type SignedAnswer } from '../exchange/receipt.ts';
import type { FetchDirectory } from '../exchange/receiver.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import { count, type Environment } from '../runtime/environment.ts';
import type { Counter } from './counter.ts';
import { QuestionBudget, type Taken } from './question-budget.ts';

/** A question must have been signed so lately, and is remembered so long (exchange protocol B11). */
const skewMs = 300_000;
const untilMaxMs = 30_000;
const rememberedMs = 600_000;
const rememberedMax = 20_000;
/** Questions of one peer under way here. */
const underWayMax = 32;
const bodyMax = 65_536;
/** How long the operator is told that a member asked too much. */
const dayMs = 86_400_000;

/** What a question is answered with, before it is signed. */
export interface Given {
  readonly status: Answer['status'];
  readonly body: unknown;
}

/** A question as its subject's partition gets it. */
export interface Asked {
  readonly type: string;
  readonly from: string;
  readonly asker: string;
  readonly purpose: string;
  readonly consent: string;
  /** JSON form. */
  readonly input: unknown;
}

/** Answers other members' questions: each is a message to its subject, and its answer leaves after the access row is durable (B11, K47). */
export class Answers {
  readonly #env: Environment;
  readonly #counter: Counter;
  readonly #fetch: FetchDirectory;
  readonly #note: (peer: string) => PeerNotes;
  readonly #budget: QuestionBudget;
  /** By peer and id: hash of the question's text, the answer, and when it is forgotten. */
  readonly #known = new Map<
    string,
    { readonly hash: string; readonly answer: Promise<FrameAnswer>; until: number }
  >();
  readonly #underWay = new Map<string, number>();

  constructor(env: Environment, counter: Counter, fetch: FetchDirectory, note: (peer: string) => PeerNotes) {
    this.#env = env;
    this.#counter = counter;
    this.#fetch = fetch;
    this.#note = note;
    this.#budget = new QuestionBudget(env.limits.questions);
  }

  /** Checks in order: form, parties, key, signature, time, repetition, body, right; nothing is journaled before all stand. */
  async answer(peer: string, bytes: Uint8Array): Promise<FrameAnswer> {
    const signed = bytes.length <= bodyMax + 4_096 ? decodeAnswer(bytes) : undefined;
    const read = signed && readQuestion(signed.text);
    if (!signed || !read?.ok) return problemAnswer(422, 'bad-question', 'not a signed question');
    const question = read.value;
    const { scene, clock, canSign } = this.#env;
    if (question.region !== scene.region || question.from !== peer || question.to !== scene.here)
      return problemAnswer(403, 'wrong-party', 'not from you to me');
    if (!canSign) return problemAnswer(503, 'busy', 'no key of this member may sign now');
    const fault = await this.#unsigned(peer, question, signed);
    if (fault) return fault;
    const [timeMs = 0, untilMs = 0] = [instantMs(question.time), instantMs(question.until)];
    const now = clock.now();
    const isStale = Math.abs(now - timeMs) > skewMs || untilMs - timeMs > untilMaxMs || untilMs < timeMs;
    if (isStale) return problemAnswer(409, 'stale', `my time is ${instantText(now)}`);
    return this.#once(peer, question, signed);
  }

  async #unsigned(peer: string, question: Question, signed: SignedAnswer): Promise<FrameAnswer | undefined> {
    const { clock, suites } = this.#env;
    const keyNow = () =>
      signerOf(question, 'question', { directory: this.#env.directory, nowMs: clock.now() });
    const first = keyNow();
    const isNewer = !('public' in first) && first.directory !== undefined;
    const key = isNewer && (await this.#fetch(peer, question.directory)) ? keyNow() : first;
    if (!('public' in key)) return problemAnswer(401, 'unknown-key', key.detail);
    return suites[key.suite].verify(key, signed.text, signed.signature)
      ? undefined
      : problemAnswer(422, 'bad-signature', 'the question is not signed by its key');
  }

  /** The same text gets the same answer; another text under a used id none. */
  #once(peer: string, question: Question, signed: SignedAnswer): Promise<FrameAnswer> | FrameAnswer {
    const now = this.#env.clock.monotonic();
    const hash = toHex(bodyHash(this.#env.suites[question.suite], signed.text));
    const name = `${peer} ${question.id}`;
    const before = this.#known.get(name);
    if (before)
      return before.hash === hash
        ? before.answer
        : problemAnswer(409, 'id-reused', 'this id was another question’s');
    const underWay = this.#underWay.get(peer) ?? 0;
    if (underWay >= underWayMax || this.#known.size >= rememberedMax)
      return { ...problemAnswer(429, 'busy', 'too many questions'), retryAfterMs: 1_000 };
    this.#underWay.set(peer, underWay + 1);
    const answer = this.#given(question, signed)
      .then((given) => this.#sealed(question, signed, given))
      .finally(() => this.#underWay.set(peer, (this.#underWay.get(peer) ?? 1) - 1));
    this.#known.set(name, { hash, answer, until: now + rememberedMs });
    for (const [known, { until }] of this.#known) if (until < now) this.#known.delete(known);
    return answer;
  }

  async #given(question: Question, { refusals: body }: SignedAnswer): Promise<Given> {
    const { suites, directory, scene } = this.#env;
    const isBody = toHex(bodyHash(suites[question.suite], body)) === question.body;
    const parsed = isBody ? parseCanonical(body) : undefined;
    if (!parsed?.ok) return refused('kernel/bad-question');
    const { from, purpose, consent, asker, question: type } = question;
    const declared = scene.registry.question(type)?.question;
    if (!declared) return refused('kernel/unknown-question');
    const may = { from, to: scene.here, type, purpose };
    if (!declared.purposes.includes(purpose) || !isPermitted(directory, may))
      return refused('kernel/not-permitted');
    const input = decode(declared.input, parsed.value);
    if (!input.success) return refused('kernel/bad-question');
    if (question.subject !== `${declared.about.kind}:${declared.keyOf(input.data)}`)
      return refused('kernel/bad-question');
    const overdrawn = this.#overdrawn(from, asker);
    return overdrawn ?? this.given({ type, from, asker, purpose, consent, input: parsed.value });
  }

  /** Refused when the day's budget is used up; the operator is told of that, and of an unusual rate, for a day. */
  #overdrawn(from: string, asker: string): Given | undefined {
    const { clock } = this.#env;
    const taken = this.#budget.take(from, asker, clock.monotonic());
    if (!taken.granted || taken.unusual) this.#alarm(from, asker, taken);
    if (taken.granted) return undefined;
    const again = instantText(Math.ceil(clock.now() + taken.againMs));
    return { status: 'refused', body: { code: 'kernel/question-budget', facts: { again } } };
  }

  #alarm(from: string, asker: string, taken: Taken): void {
    const { alarms } = this.#note(from);
    const code = taken.granted ? 'unusual-questions' : 'question-budget';
    if (alarms.get('questions')?.code === 'question-budget' && taken.granted) return;
    if (!alarms.has('questions')) this.#env.clock.after(dayMs, () => alarms.delete('questions'));
    const who = !taken.granted && taken.whose === 'member' ? 'it' : asker;
    const what = taken.granted ? 'asks unusually much within an hour' : 'has used up its budget of 24 hours';
    alarms.set('questions', { code, detail: `${who} ${what}` });
    this.#env.log.warn('questions beyond what is usual', { peer: from, asker, code });
  }

  /** Runs the question at its subject; resolves once its access row is durable. */
  async given({ type, from, asker, purpose, consent, input }: Asked): Promise<Given> {
    const declared = this.#env.scene.registry.question(type)?.question;
    const decoded = declared && decode(declared.input, input);
    if (!declared || !decoded?.success) return refused('kernel/bad-question');
    const subject = `${declared.about.kind}:${declared.keyOf(decoded.data)}`;
    const data = {
      question: type,
      from,
      asker,
      purpose,
      consent,
      input: encode(declared.input, decoded.data),
    };
    const actor = { id: `${from} ${asker}`, roles: [] };
    const wish = { type: 'kernel/question', id: freshId(this.#env), subject, data, actor };
    const { did, answer } = await this.#counter.submit(itemFor(this.#env, wish, data), false);
    const given = did?.given;
    if (answer.state === 'busy' || did?.outcome !== 'done' || !given) return { status: 'busy', body: {} };
    count(this.#env, `questions_${given.status}`);
    return given;
  }

  #sealed(question: Question, signed: SignedAnswer, { status, body }: Given): FrameAnswer {
    const { scene, suite, suites, key, clock, directory } = this.#env;
    const bytes = canonicalBytes(body);
    const text = writeAnswer({
      region: scene.region,
      suite: suite.name,
      from: scene.here,
      to: question.from,
      question: toHex(bodyHash(suites[question.suite], signed.text)),
      status,
      body: toHex(bodyHash(suite, bytes)),
      time: instantText(clock.now()),
      directory: directory.version,
      key: key.id,
    });
    const answer = encodeAnswer({ text, signature: suite.sign(key, text), refusals: bytes });
    return { status: 200, type: 'application/vnd.yitong.answer', body: answer };
  }
}

function refused(code: string): Given {
  return { status: 'refused', body: { code, facts: {} } };
}
