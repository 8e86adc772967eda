import { type LineReader, type ReadText, readText, type SignedTextKind, writeText } from './signed-text.ts';
import { hashPrefix, type Suite, type SuiteName } from './suite.ts';

/** Batches, bodies and messages are at most this large (exchange protocol B2, B5). */
export const frameLimits = {
  messages: 2000,
  bodyBytes: 8_388_608,
  messageBytes: 262_144,
  frameBytes: 9_437_184,
} as const;

/** Link before the first batch of a stream or partition: 64 zeros. */
export const noLink = '0'.repeat(64);

/** Numbers of messages and batches stay safe integers with a whole batch added. */
const numberMax = Number.MAX_SAFE_INTEGER - frameLimits.messages;

/** Head of a batch, `yitong-batch/1` (B4): who sends what place of which stream, chained by `prev`. */
export interface BatchHead {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly to: string;
  readonly stream: string;
  readonly epoch: number;
  /** Number of the batch, from 1. */
  readonly seq: number;
  /** Number of its first message, from 1. */
  readonly first: number;
  readonly count: number;
  /** Link of the batch before, or `noLink`. */
  readonly prev: string;
  readonly root: string;
  /** Length of the body before compression. */
  readonly bytes: number;
  readonly time: string;
  /** Version of the directory that the sender used. */
  readonly directory: number;
  readonly key: string;
}

/** A receiver's signed answer, `yitong-receipt/1` (B6): the batch is durable. 回执 */
export interface Receipt {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly to: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  /** Link of the batch. */
  readonly batch: string;
  readonly first: number;
  readonly count: number;
  readonly accepted: number;
  readonly refused: number;
  /** H(03‖canonical refusals), or `-`. */
  readonly refusals: string;
  readonly time: string;
  readonly directory: number;
  readonly key: string;
}

/**
 * A receiver's signed refusal of a whole batch, `yitong-refusal/1` (B6): the receipt's lines with `code` in place of `accepted` and
 * `refused`; `refusals` is H(03‖canonical detail), for instance of a gap's `{expected, link}`, or `-`.
 */
export interface BatchRefusal {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly to: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly batch: string;
  readonly first: number;
  readonly count: number;
  readonly code: string;
  readonly refusals: string;
  readonly time: string;
  readonly directory: number;
  readonly key: string;
}

/**
 * Head of a partition's journal batch, `yitong-journal/1` (B9). `prev`, `root` and `count` as in a batch head; `now` is the handlers'
 * time (never falls), `time` the clock's; `epoch` is the lease's and `key` the key that a checkpoint of it is signed with.
 */
export interface JournalHead {
  readonly region: string;
  readonly suite: SuiteName;
  readonly from: string;
  readonly partition: number;
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly root: string;
  readonly count: number;
  readonly now: string;
  readonly time: string;
  readonly key: string;
}

const batchKind: SignedTextKind<BatchHead> = {
  type: 'yitong-batch/1',
  lines: [
    ...([
      'region',
      'suite',
      'from',
      'to',
      'stream',
      'epoch',
      'seq',
      'first',
      'count',
      'prev',
      'root',
      'bytes',
    ] as const),
    ...(['time', 'directory', 'key'] as const),
  ],
  values: (line) => ({
    ...place(line),
    first: line.count('first', 1, numberMax),
    count: line.count('count', 1, frameLimits.messages),
    prev: line.hash('prev'),
    root: line.hash('root'),
    bytes: line.count('bytes', 1, frameLimits.bodyBytes),
    ...signing(line),
  }),
};

const receiptKind: SignedTextKind<Receipt> = {
  type: 'yitong-receipt/1',
  lines: [
    ...(['region', 'suite', 'from', 'to', 'stream', 'epoch', 'seq', 'batch', 'first', 'count'] as const),
    ...(['accepted', 'refused', 'refusals', 'time', 'directory', 'key'] as const),
  ],
  values: (line) => ({
    ...place(line),
    ...batchOf(line),
    accepted: line.count('accepted', 0, frameLimits.messages),
    refused: line.count('refused', 0, frameLimits.messages),
    refusals: line.hashOrNone('refusals'),
    ...signing(line),
  }),
};

const refusalKind: SignedTextKind<BatchRefusal> = {
  type: 'yitong-refusal/1',
  lines: [
    ...(['region', 'suite', 'from', 'to', 'stream', 'epoch', 'seq', 'batch', 'first', 'count'] as const),
    ...(['code', 'refusals', 'time', 'directory', 'key'] as const),
  ],
  values: (line) => ({
    ...place(line),
    ...batchOf(line),
    code: line.code('code'),
    refusals: line.hashOrNone('refusals'),
    ...signing(line),
  }),
};

const journalKind: SignedTextKind<JournalHead> = {
  type: 'yitong-journal/1',
  lines: [
    'region',
    'suite',
    'from',
    'partition',
    'epoch',
    'seq',
    'prev',
    'root',
    'count',
    'now',
    'time',
    'key',
  ],
  values: (line) => ({
    region: line.region('region'),
    suite: line.suite('suite'),
    from: line.member('from'),
    partition: line.count('partition', 0, 65_535),
    epoch: line.count('epoch'),
    seq: line.count('seq', 1, numberMax),
    prev: line.hash('prev'),
    root: line.hash('root'),
    count: line.count('count'),
    now: line.time('now'),
    time: line.time('time'),
    key: line.key('key'),
  }),
};

/** Bytes of a batch head; throws when a value breaks its grammar. */
export function writeBatchHead(head: BatchHead): Uint8Array {
  return writeText(batchKind, head);
}

/** A batch head of its exact bytes. */
export function readBatchHead(bytes: Uint8Array): ReadText<BatchHead> {
  return readText(batchKind, bytes);
}

/** Bytes of a receipt; throws when a value breaks its grammar. */
export function writeReceipt(receipt: Receipt): Uint8Array {
  return writeText(receiptKind, receipt);
}

/** A receipt of its exact bytes. */
export function readReceipt(bytes: Uint8Array): ReadText<Receipt> {
  return readText(receiptKind, bytes);
}

/** Bytes of a whole batch's refusal; throws when a value breaks its grammar. */
export function writeBatchRefusal(refusal: BatchRefusal): Uint8Array {
  return writeText(refusalKind, refusal);
}

/** A whole batch's refusal of its exact bytes. */
export function readBatchRefusal(bytes: Uint8Array): ReadText<BatchRefusal> {
  return readText(refusalKind, bytes);
}

/** Bytes of a journal head; throws when a value breaks its grammar. */
export function writeJournalHead(head: JournalHead): Uint8Array {
  return writeText(journalKind, head);
}

/** A journal head of its exact bytes. */
export function readJournalHead(bytes: Uint8Array): ReadText<JournalHead> {
  return readText(journalKind, bytes);
}

/** H(02‖head): what the next head's `prev` names. */
export function link(suite: Suite, headBytes: Uint8Array): Uint8Array {
  return suite.hash(hashPrefix.link, headBytes);
}

function place(line: LineReader) {
  return {
    region: line.region('region'),
    suite: line.suite('suite'),
    from: line.member('from'),
    to: line.member('to'),
    stream: line.stream('stream'),
    epoch: line.count('epoch', 1),
    seq: line.count('seq', 1, numberMax),
  };
}

function batchOf(line: LineReader) {
  return {
    batch: line.hash('batch'),
    first: line.count('first', 1, numberMax),
    count: line.count('count', 1, frameLimits.messages),
  };
}

function signing(line: LineReader) {
  return { time: line.time('time'), directory: line.count('directory', 1), key: line.key('key') };
}
