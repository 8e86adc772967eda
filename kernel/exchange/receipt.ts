import { concat, toHex, u16, u32 } from './bytes.ts';
import { canonicalBytes, type Json, parseCanonical } from './canonical.ts';
import type { Directory } from './directory.ts';
import {
  type BatchHead,
  type BatchRefusal,
  frameLimits,
  type Receipt,
  readBatchRefusal,
  readReceipt,
  writeBatchRefusal,
  writeReceipt,
} from './head.ts';
import { isCode } from './message.ts';
import { signerOf } from './open-frame.ts';
import { attempt, count, fields, list, text } from './strict.ts';
import { hashPrefix, suites as realSuites, type SigningKey, type Suite, type Suites } from './suite.ts';
import { isUuid } from './uuid.ts';

/** A refused message of a batch: JSON pointer to the fault, code, the message's id (null when it has none), its index. */
export type MessageRefusal = {
  readonly at: string;
  readonly code: string;
  readonly id: string | null;
  readonly index: number;
};

/**
 * A signed answer to a frame as it travels and is stored: a receipt's or refusal's text, its signature, and the canonical bytes that
 * its `refusals` line hashes (empty for `-`).
 */
export interface SignedAnswer {
  readonly text: Uint8Array;
  readonly signature: Uint8Array;
  readonly refusals: Uint8Array;
}

/** Who answers, of what key, when, by which version of the directory. */
export interface Answering {
  readonly suite: Suite;
  readonly key: SigningKey;
  readonly time: string;
  readonly directory: number;
}

/** The receipt for a batch that is durable here; `refusals` in order of index (exchange protocol B6). */
export function sealReceipt(
  batch: {
    readonly head: BatchHead;
    readonly link: Uint8Array;
    readonly refusals: readonly MessageRefusal[];
  },
  by: Answering,
): SignedAnswer {
  const { head, refusals } = batch;
  const bytes = refusals.length === 0 ? new Uint8Array(0) : canonicalBytes(refusals);
  const text = writeReceipt({
    ...answered(batch, by),
    accepted: head.count - refusals.length,
    refused: refusals.length,
    refusals: refusalsHash(by.suite, bytes),
    ...signing(by),
  });
  return { text, signature: by.suite.sign(by.key, text), refusals: bytes };
}

/** The signed refusal of a whole batch, from check 6 on; `detail` is what goes with the code, such as a gap's `{expected, link}`. */
export function sealRefusal(
  batch: {
    readonly head: BatchHead;
    readonly link: Uint8Array;
    readonly code: string;
    readonly detail?: Json;
  },
  by: Answering,
): SignedAnswer {
  const bytes = batch.detail === undefined ? new Uint8Array(0) : canonicalBytes(batch.detail);
  const text = writeBatchRefusal({
    ...answered(batch, by),
    code: batch.code,
    refusals: refusalsHash(by.suite, bytes),
    ...signing(by),
  });
  return { text, signature: by.suite.sign(by.key, text), refusals: bytes };
}

/** H(03‖canonical refusals) in hex, `-` for none: the `refusals` line. */
export function refusalsHash(suite: Suite, canonical: Uint8Array): string {
  return canonical.length === 0 ? '-' : toHex(suite.hash(hashPrefix.refusals, canonical));
}

/** Why an answer does not stand for a batch, in order of precedence. */
export type AnswerCode =
  | 'bad-answer'
  | 'wrong-batch'
  | 'bad-counts'
  | 'bad-refusals'
  | 'unknown-key'
  | 'bad-signature';

interface RefusedAnswer {
  readonly ok: false;
  readonly code: AnswerCode;
  readonly detail: string;
  /** Newer version of the directory to fetch first. */
  readonly directory?: number;
}

/** The batch that an answer must be for, and what its sender knows. */
export interface AnswerContext {
  readonly head: BatchHead;
  readonly link: Uint8Array;
  readonly directory: Directory;
  readonly nowMs: number;
  readonly suites?: Suites;
}

/** A receipt that stands for my batch, or why not: then the batch is not delivered and people are told (threat 8). */
export function verifyReceipt(
  answer: SignedAnswer,
  context: AnswerContext,
):
  | { readonly ok: true; readonly receipt: Receipt; readonly refusals: readonly MessageRefusal[] }
  | RefusedAnswer {
  const read = readReceipt(answer.text);
  if (!read.ok) return refused('bad-answer', read.detail);
  const receipt = read.value;
  const other = otherBatch(receipt, context);
  if (other !== undefined) return refused('wrong-batch', `line "${other}" is not the batch's`);
  if (receipt.accepted + receipt.refused !== receipt.count)
    return refused('bad-counts', 'accepted and refused are not the count');
  const suites = context.suites ?? realSuites;
  if (refusalsHash(suites[receipt.suite], answer.refusals) !== receipt.refusals)
    return refused('bad-refusals', 'the refusals do not have the signed hash');
  const refusals = readRefusals(answer.refusals, receipt.count);
  if (!refusals.ok) return refused('bad-refusals', refusals.detail);
  if (refusals.value.length !== receipt.refused)
    return refused('bad-refusals', 'not as many refusals as signed');
  return notSigned(receipt, answer, context) ?? { ok: true, receipt, refusals: refusals.value };
}

/** A refusal of my whole batch that its receiver signed, or why it is none. */
export function verifyRefusal(
  answer: SignedAnswer,
  context: AnswerContext,
): { readonly ok: true; readonly refusal: BatchRefusal; readonly detail: Json } | RefusedAnswer {
  const read = readBatchRefusal(answer.text);
  if (!read.ok) return refused('bad-answer', read.detail);
  const refusal = read.value;
  const other = otherBatch(refusal, context);
  if (other !== undefined) return refused('wrong-batch', `line "${other}" is not the batch's`);
  const suites = context.suites ?? realSuites;
  if (refusalsHash(suites[refusal.suite], answer.refusals) !== refusal.refusals)
    return refused('bad-refusals', 'the detail does not have the signed hash');
  const detail =
    answer.refusals.length === 0 ? { ok: true as const, value: null } : parseCanonical(answer.refusals);
  if (!detail.ok) return refused('bad-refusals', detail.detail);
  return notSigned(refusal, answer, context) ?? { ok: true, refusal, detail: detail.value };
}

/** Refusals of their canonical bytes (none for no bytes): indexes below `size`, each once and rising. */
export function readRefusals(
  bytes: Uint8Array,
  size: number,
):
  | { readonly ok: true; readonly value: readonly MessageRefusal[] }
  | { readonly ok: false; readonly detail: string } {
  if (bytes.length === 0) return { ok: true, value: [] };
  const parsed = parseCanonical(bytes, { bytes: 2_097_152, depth: 2, keys: 4 });
  if (!parsed.ok) return { ok: false, detail: `refusals ${parsed.code}: ${parsed.detail}` };
  const read = attempt(() => list(parsed.value, '', (one, at) => refusalIn(one, at, size)));
  if (!read.ok) return read;
  const isRising = read.value.every(
    (one, index) => index === 0 || one.index > (read.value[index - 1]?.index ?? -1),
  );
  return isRising && read.value.length > 0
    ? read
    : { ok: false, detail: 'refusals are not in order of index' };
}

const magic = Uint8Array.of(0x59, 0x54, 0x52, 0x31); // YTR1

/**
 * An answer as one run of bytes, laid out like a frame: "YTR1" | u16 length | text | u16 length | signature | u32 length | refusals,
 * big-endian; `application/vnd.yitong.receipt`.
 */
export function encodeAnswer(answer: SignedAnswer): Uint8Array {
  const { text, signature, refusals } = answer;
  return concat(
    magic,
    u16(text.length),
    text,
    u16(signature.length),
    signature,
    u32(refusals.length),
    refusals,
  );
}

/** The parts of an answer's bytes as views of them, or undefined unless the lengths add up exactly. */
export function decodeAnswer(bytes: Uint8Array): SignedAnswer | undefined {
  if (bytes.length < 12 || bytes.length > frameLimits.frameBytes) return undefined;
  if (!magic.every((byte, index) => bytes[index] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textEnd = 6 + view.getUint16(4);
  if (textEnd + 2 > bytes.length) return undefined;
  const signatureEnd = textEnd + 2 + view.getUint16(textEnd);
  if (signatureEnd + 4 > bytes.length) return undefined;
  if (signatureEnd + 4 + view.getUint32(signatureEnd) !== bytes.length) return undefined;
  return {
    text: bytes.subarray(6, textEnd),
    signature: bytes.subarray(textEnd + 2, signatureEnd),
    refusals: bytes.subarray(signatureEnd + 4),
  };
}

function answered(batch: { readonly head: BatchHead; readonly link: Uint8Array }, by: Answering) {
  const { region, from, to, stream, epoch, seq, first, count } = batch.head;
  const suite = by.suite.name;
  return { region, suite, from: to, to: from, stream, epoch, seq, batch: toHex(batch.link), first, count };
}

function signing(by: Answering) {
  return { time: by.time, directory: by.directory, key: by.key.id };
}

/** The first line in which an answer names another batch than the context's. */
function otherBatch(answer: Receipt | BatchRefusal, context: AnswerContext): string | undefined {
  const { head } = context;
  const wanted = { ...head, from: head.to, to: head.from, batch: toHex(context.link) };
  const lines = ['region', 'from', 'to', 'stream', 'epoch', 'seq', 'batch', 'first', 'count'] as const;
  return lines.find((line) => answer[line] !== wanted[line]);
}

function notSigned(
  answer: Receipt | BatchRefusal,
  signed: SignedAnswer,
  context: AnswerContext,
): RefusedAnswer | undefined {
  const key = signerOf(answer, 'receipt', context);
  if (!('public' in key)) {
    const version = key.directory === undefined ? {} : { directory: key.directory };
    return { ...refused('unknown-key', key.detail), ...version };
  }
  const suite = (context.suites ?? realSuites)[key.suite];
  return suite.verify(key, signed.text, signed.signature)
    ? undefined
    : refused('bad-signature', 'not signed by its key');
}

function refusalIn(value: unknown, at: string, size: number): MessageRefusal {
  const of = fields(value, at, { needed: ['at', 'code', 'id', 'index'] });
  return {
    at: text(of['at'], `${at}/at`, 'a JSON pointer', (one) => one === '' || one.startsWith('/')),
    code: text(of['code'], `${at}/code`, 'a code', isCode),
    id: of['id'] === null ? null : text(of['id'], `${at}/id`, 'a UUIDv7 or null', isUuid),
    index: count(of['index'], `${at}/index`, 0, size - 1),
  };
}

function refused(code: AnswerCode, detail: string): RefusedAnswer {
  return { ok: false, code, detail };
}
