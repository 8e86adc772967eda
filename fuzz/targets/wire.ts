import { concat, sameBytes, toUtf8 } from '../../kernel/exchange/bytes.ts';
import { canonical, canonicalBytes, parseCanonical } from '../../kernel/exchange/canonical.ts';
import { deflate } from '../../kernel/exchange/deflate.ts';
import { decodeFrame, encodeFrame, joinBody, splitBody } from '../../kernel/exchange/frame.ts';
import {
  frameLimits,
  readBatchHead,
  readBatchRefusal,
  readJournalHead,
  readReceipt,
  writeBatchHead,
  writeBatchRefusal,
  writeJournalHead,
  writeReceipt,
} from '../../kernel/exchange/head.ts';
import { readMessage, streamOf } from '../../kernel/exchange/message.ts';
import { openBody, openFrame } from '../../kernel/exchange/open-frame.ts';
import { readAnswer, readQuestion, writeAnswer, writeQuestion } from '../../kernel/exchange/question.ts';
import {
  decodeAnswer,
  encodeAnswer,
  readRefusals,
  verifyReceipt,
  verifyRefusal,
} from '../../kernel/exchange/receipt.ts';
import type { ReadText } from '../../kernel/exchange/signed-text.ts';
import { readHeldFrames, writeHeldFrames } from '../../kernel/exchange/stream-answer.ts';
import { type Suite, suites } from '../../kernel/exchange/suite.ts';
import {
  bytesOfHex,
  testBatch,
  testDirectory,
  vectorMessages,
  vectorNowMs,
  vectors,
} from '../../kernel/exchange/testing.ts';
import { holds, kindOf, type Target } from '../target.ts';

/** Signatures that all fit: what lies behind them must stand without their protection. */
const anySignature = (suite: Suite): Suite => ({ ...suite, verify: () => true });
/** Both suites without their signatures. */
export const lenient = {
  'ed25519-sha256': anySignature(suites['ed25519-sha256']),
  'sm2-sm3': anySignature(suites['sm2-sm3']),
};

const directory = testDirectory();
const batch = testBatch();
const context = {
  region: 'csj',
  me: '330000',
  peer: '310000',
  directory,
  nowMs: vectorNowMs,
  suites: lenient,
};
const texts = (value: string | undefined): Uint8Array => toUtf8(value ?? '');

const frameSeeds = [undefined, deflate].map((packed) =>
  encodeFrame({ head: batch.headBytes, signature: batch.signature, body: batch.body, deflate: packed }),
);

/** Check 1 to 9 of a frame (B5), with signatures that always fit. */
const frame: Target = {
  name: 'frame',
  seeds: frameSeeds,
  words: [
    'YTB1',
    'yitong-batch/1',
    'region csj\n',
    'directory 18\n',
    'suite sm2-sm3\n',
    'bytes 1\n',
    'count 1\n',
  ],
  run(bytes) {
    const parts = decodeFrame(bytes);
    if (parts?.coding === 'none')
      holds(
        sameBytes(encodeFrame({ ...parts, deflate: undefined }), bytes),
        'a frame is written as it was read',
      );
    const opened = openFrame(bytes, context);
    if (!opened.ok) return `${opened.code} ${kindOf(opened.detail)}`;
    holds(parts !== undefined, 'what is opened was a frame');
    const body = openBody(opened, lenient);
    if (!body.ok) return body.code;
    const size = body.messages.reduce((all, message) => all + message.length, 0);
    holds(
      size <= opened.head.bytes && opened.head.bytes <= frameLimits.bodyBytes,
      'a body stays within its head',
    );
    return 'ok';
  },
};

const kinds = {
  batch: [readBatchHead, writeBatchHead],
  receipt: [readReceipt, writeReceipt],
  refusal: [readBatchRefusal, writeBatchRefusal],
  journal: [readJournalHead, writeJournalHead],
  question: [readQuestion, writeQuestion],
  answer: [readAnswer, writeAnswer],
} as const;

function textOf<T>(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => ReadText<T>,
  write: (value: T) => Uint8Array,
): string | undefined {
  const found = read(bytes);
  if (!found.ok) return kindOf(found.detail);
  holds(sameBytes(write(found.value), bytes), 'a signed text is written as it was read');
  return undefined;
}

const journalHead = writeJournalHead({
  ...{ region: 'csj', suite: 'ed25519-sha256', from: '310000', partition: 3, epoch: 1, seq: 7 },
  ...{ prev: 'a'.repeat(64), root: 'b'.repeat(64), count: 12, key: '310000-2026a' },
  ...{ now: '2026-11-23T02:00:07.250Z', time: '2026-11-23T02:00:07.250Z' },
});
const refusal = writeBatchRefusal({
  ...{
    region: 'csj',
    suite: 'ed25519-sha256',
    from: '330000',
    to: '310000',
    stream: 'urgent.3',
    epoch: 1,
    seq: 1,
  },
  ...{
    batch: 'c'.repeat(64),
    first: 1,
    count: 7,
    code: 'gap',
    refusals: '-',
    directory: 17,
    key: '330000-2026a',
  },
  time: '2026-11-23T02:00:07.250Z',
});

/** The six signed texts: heads, receipts, refusals, journal heads, questions, answers. */
const signedText: Target = {
  name: 'signed-text',
  seeds: [
    batch.headBytes,
    texts(vectors.sm2.head_text),
    texts(vectors.answer['receipt_text']),
    texts(vectors.answer['question_text']),
    texts(vectors.answer['answer_text']),
    journalHead,
    refusal,
  ],
  words: Object.keys(kinds).map((kind) => `yitong-${kind}/1\n`),
  run(bytes) {
    const refused = [
      textOf(bytes, ...kinds.batch),
      textOf(bytes, ...kinds.receipt),
      textOf(bytes, ...kinds.refusal),
      textOf(bytes, ...kinds.journal),
      textOf(bytes, ...kinds.question),
      textOf(bytes, ...kinds.answer),
    ];
    const read = refused.filter((detail) => detail === undefined).length;
    holds(read <= 1, 'a text is of one kind only');
    return read === 1 ? `ok ${refused.indexOf(undefined)}` : refused.join(' ');
  },
};

/** An inflated body, and each message in it. */
const body: Target = {
  name: 'body',
  seeds: [batch.body, joinBody(vectorMessages.slice(0, 1))],
  words: ['\0\0\0\0', '\0\0\0\x02{}', '\0\x04\0\0', '\0\x04\0\x01'],
  run(bytes) {
    let last = 'not';
    for (const count of [1, 2, 7, frameLimits.messages]) {
      const messages = splitBody(bytes, count);
      if (messages === undefined) continue;
      holds(messages.length === count, 'a body has as many messages as its head says');
      holds(sameBytes(joinBody(messages), bytes), 'a body is written as it was read');
      last = messages.map(readEnvelope).join(' ').slice(0, 40);
    }
    return last;
  },
};

/** One message: canonical bytes, then its envelope (B2). */
const message: Target = {
  name: 'message',
  seeds: [...vectorMessages, texts(vectors.canonical.canonical_utf8)],
  words: [
    '"causationid":',
    '"consentref":',
    '"basis":',
    '"replyto":',
    '"conversation":',
    '"data":{}',
    '"1.0"',
    'yitong:',
  ],
  run: readEnvelope,
};

function readEnvelope(bytes: Uint8Array): string {
  const parsed = parseCanonical(bytes);
  if (!parsed.ok) return kindOf(parsed.detail);
  holds(sameBytes(canonicalBytes(parsed.value), bytes), 'a canonical text is written as it was read');
  holds(
    canonical(JSON.parse(Buffer.from(bytes).toString('utf8'))) === canonical(parsed.value),
    'it is the JSON of its value',
  );
  const read = readMessage(parsed.value, { source: '310000', to: '330000', nowMs: vectorNowMs });
  if (!read.ok) return read.code;
  holds(
    /^main\.(?:[0-9]|1[0-5])$/.test(streamOf('main', read.message.subject, 16)),
    'each subject has a stream',
  );
  return 'ok';
}

const receipt = {
  text: texts(vectors.answer['receipt_text']),
  signature: bytesOfHex(vectors.answer['receipt_signature'] ?? ''),
  refusals: texts(vectors.answer['refusals_canonical']),
};
const link = bytesOfHex(vectors.batch.link);

/** An answer to a frame, as it comes back from the peer (B6). */
const answer: Target = {
  name: 'answer',
  seeds: [
    encodeAnswer(receipt),
    encodeAnswer({ text: refusal, signature: receipt.signature, refusals: texts('') }),
  ],
  words: ['YTR1', '"index":', '"code":', '"id":null', 'accepted 7\n', 'refused 0\n', 'refusals -\n'],
  run(bytes) {
    const given = decodeAnswer(bytes);
    if (given === undefined) return 'not';
    holds(sameBytes(encodeAnswer(given), bytes), 'an answer is written as it was read');
    const of = { head: batch.head, link, directory, nowMs: vectorNowMs, suites: lenient };
    const [taken, refused] = [verifyReceipt(given, of), verifyRefusal(given, of)];
    holds(!taken.ok || !refused.ok, 'an answer is a receipt or a refusal, never both');
    const refusals = readRefusals(given.refusals, 7);
    if (refusals.ok)
      holds(
        refusals.value.every(({ index }) => index >= 0 && index < 7),
        'refusals are of messages that were sent',
      );
    const said = [taken, refused].map((one) => (one.ok ? 'ok' : `${one.code} ${kindOf(one.detail)}`));
    return said.join(', ');
  },
};

const held = writeHeldFrames([
  { epoch: 1, seq: 1, head: batch.headBytes, signature: batch.signature, answer: receipt },
]);

/** Frames that a peer says it holds, asked for when receipts are missing. */
const heldFrames: Target = {
  name: 'held-frames',
  seeds: [held, concat(texts('['), held.subarray(1, -1), texts(','), held.subarray(1))],
  words: ['"epoch":', '"seq":', '==', '""', '[]'],
  run(bytes) {
    const frames = readHeldFrames(bytes);
    if (frames === undefined) return 'not';
    holds(sameBytes(writeHeldFrames(frames), bytes), 'held frames are written as they were read');
    return 'ok';
  },
};

/** What arrives at the exchange door and what a peer answers. */
export const targets: readonly Target[] = [frame, signedText, body, message, answer, heldFrames];
