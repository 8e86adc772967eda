import { type ReadText, readText, type SignedTextKind, writeText } from './signed-text.ts';
import { hashPrefix, type Suite, type SuiteName } from './suite.ts';

/** A question to another member about one subject, `yitong-question/1` (exchange protocol B11). 查询 */
export interface Question {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly to: string;
  readonly id: string;
  /** `system/name` of the declared question. */
  readonly question: string;
  readonly subject: string;
  readonly purpose: string;
  /** Id of the consent message, or `-`. */
  readonly consent: string;
  /** Pseudonymous staff reference that the asking member can resolve. */
  readonly asker: string;
  /** H(05‖canonical body) */
  readonly body: string;
  readonly time: string;
  readonly until: string;
  readonly directory: number;
  readonly key: string;
}

const statuses = ['answered', 'refused', 'unknown-subject', 'busy'] as const;

/** The answer to one question, `yitong-answer/1` (B11): `question` is H(05‖question text), so it fits no other. */
export interface Answer {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly to: string;
  readonly question: string;
  readonly status: (typeof statuses)[number];
  readonly body: string;
  readonly time: string;
  readonly directory: number;
  readonly key: string;
}

const questionKind: SignedTextKind<Question> = {
  type: 'yitong-question/1',
  lines: [
    ...([
      'region',
      'suite',
      'from',
      'to',
      'id',
      'question',
      'subject',
      'purpose',
      'consent',
      'asker',
    ] as const),
    ...(['body', 'time', 'until', 'directory', 'key'] as const),
  ],
  values: (line) => ({
    region: line.region('region'),
    suite: line.suite('suite'),
    from: line.member('from'),
    to: line.member('to'),
    id: line.id('id'),
    question: line.type('question'),
    subject: line.subject('subject'),
    purpose: line.code('purpose'),
    consent: line.idOrNone('consent'),
    asker: line.subject('asker'),
    body: line.hash('body'),
    time: line.time('time'),
    until: line.time('until'),
    directory: line.count('directory', 1),
    key: line.key('key'),
  }),
};

const answerKind: SignedTextKind<Answer> = {
  type: 'yitong-answer/1',
  lines: ['region', 'suite', 'from', 'to', 'question', 'status', 'body', 'time', 'directory', 'key'],
  values: (line) => ({
    region: line.region('region'),
    suite: line.suite('suite'),
    from: line.member('from'),
    to: line.member('to'),
    question: line.hash('question'),
    status: line.oneOf('status', statuses),
    body: line.hash('body'),
    time: line.time('time'),
    directory: line.count('directory', 1),
    key: line.key('key'),
  }),
};

/** Bytes of a question; throws when a value breaks its grammar. */
export function writeQuestion(question: Question): Uint8Array {
  return writeText(questionKind, question);
}

/** A question of its exact bytes. */
export function readQuestion(bytes: Uint8Array): ReadText<Question> {
  return readText(questionKind, bytes);
}

/** Bytes of an answer; throws when a value breaks its grammar. */
export function writeAnswer(answer: Answer): Uint8Array {
  return writeText(answerKind, answer);
}

/** An answer of its exact bytes. */
export function readAnswer(bytes: Uint8Array): ReadText<Answer> {
  return readText(answerKind, bytes);
}

/** H(05‖bytes) of a question's text or of a body. */
export function bodyHash(suite: Suite, bytes: Uint8Array): Uint8Array {
  return suite.hash(hashPrefix.body, bytes);
}
