import { fromBase64, fromHex, fromUtf8, toBase64, toHex } from './bytes.ts';
import type { SignedAnswer } from './receipt.ts';
import { type SignedDirectory, signedText } from './signed-directory.ts';
import { attempt, count, entries, fields, list, Malformed, text } from './strict.ts';

/** A directory version as evidence carries it: canonical text, and signatures in hex by key id. */
export interface EvidenceDirectory {
  readonly canonical: string;
  readonly signatures: Readonly<Record<string, string>>;
}

/**
 * The way from the message to the checkpoint: its entry in a journal batch, that batch's head in a segment, the segment in the log
 * tree. Paths are lists of 32 bytes in hex.
 */
export interface EvidenceJournal {
  readonly index: number;
  readonly path: readonly string[];
  /** Text of `yitong-journal/1`. */
  readonly head: string;
  readonly headPath: readonly string[];
  readonly segment: {
    readonly partition: number;
    readonly first: number;
    readonly last: number;
    readonly root: string;
  };
  /** Index of the segment in the log tree. */
  readonly at: number;
  readonly segmentPath: readonly string[];
}

/** A file that proves offline who sent what to whom (exchange protocol B12): `yitong-evidence/1`. 证据文件 */
export interface Evidence {
  readonly format: 'yitong-evidence/1';
  /** Message, base64. */
  readonly message: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  /** Text of the batch head. */
  readonly head: string;
  readonly headSignature: string;
  /** Text of the receipt. */
  readonly receipt: string;
  readonly receiptSignature: string;
  /** Canonical refusals, absent when none was refused. */
  readonly refusals?: string;
  /** Consecutive versions, oldest first; one of them is the one the reader trusts. */
  readonly directories: readonly EvidenceDirectory[];
  /** A signed note of the sender's or the receiver's log, with the way of the message into it. */
  readonly checkpoint?: string;
  /** Lines `— name base64`. */
  readonly cosignatures?: readonly string[];
  readonly journal?: EvidenceJournal;
  /** Contents that the message names by hash, base64. */
  readonly blobs?: readonly { readonly sha256: string; readonly content: string }[];
}

/** Evidence of its parts as the node keeps them. */
export function buildEvidence(parts: {
  readonly message: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
  readonly head: Uint8Array;
  readonly headSignature: Uint8Array;
  readonly receipt: SignedAnswer;
  readonly directories: readonly SignedDirectory[];
  readonly more?: Pick<Evidence, 'checkpoint' | 'cosignatures' | 'journal' | 'blobs'>;
}): Evidence {
  const { receipt } = parts;
  return {
    format: 'yitong-evidence/1',
    message: toBase64(parts.message),
    index: parts.index,
    size: parts.size,
    path: parts.path.map(toHex),
    head: utf8(parts.head),
    headSignature: toHex(parts.headSignature),
    receipt: utf8(receipt.text),
    receiptSignature: toHex(receipt.signature),
    ...(receipt.refusals.length === 0 ? {} : { refusals: utf8(receipt.refusals) }),
    directories: parts.directories.map(signedText),
    ...parts.more,
  };
}

/** Evidence of a file's text, its shape checked and nothing else; `detail` names the first part at fault. */
export function readEvidence(
  json: string,
): { readonly ok: true; readonly value: Evidence } | { readonly ok: false; readonly detail: string } {
  if (json.length > evidenceMaxLength)
    return { ok: false, detail: `the file is longer than ${evidenceMaxLength} characters` };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { ok: false, detail: 'the file is not JSON' };
  }
  return attempt(() => evidenceOf(parsed));
}

/** An evidence file is at most this long, in characters. */
const evidenceMaxLength = 67_108_864;

const needed = [
  'format',
  'message',
  'index',
  'size',
  'path',
  'head',
  'headSignature',
  'receipt',
  'receiptSignature',
  'directories',
];
const optional = ['refusals', 'checkpoint', 'cosignatures', 'journal', 'blobs'];

function evidenceOf(value: unknown): Evidence {
  const of = fields(value, '', { needed, optional });
  if (of['format'] !== 'yitong-evidence/1') throw new Malformed('/format', 'is not yitong-evidence/1');
  const { refusals, checkpoint, cosignatures, journal, blobs } = of;
  return {
    format: 'yitong-evidence/1',
    message: text(of['message'], '/message', 'base64', isBase64),
    index: count(of['index'], '/index', 0),
    size: count(of['size'], '/size', 1),
    path: hashes(of['path'], '/path'),
    head: string(of['head'], '/head'),
    headSignature: text(of['headSignature'], '/headSignature', '64 bytes in hex', isSignature),
    receipt: string(of['receipt'], '/receipt'),
    receiptSignature: text(of['receiptSignature'], '/receiptSignature', '64 bytes in hex', isSignature),
    directories: list(of['directories'], '/directories', directoryIn),
    ...(refusals === undefined ? {} : { refusals: string(refusals, '/refusals') }),
    ...(checkpoint === undefined ? {} : { checkpoint: string(checkpoint, '/checkpoint') }),
    ...(cosignatures === undefined ? {} : { cosignatures: list(cosignatures, '/cosignatures', string) }),
    ...(journal === undefined ? {} : { journal: journalIn(journal, '/journal') }),
    ...(blobs === undefined ? {} : { blobs: list(blobs, '/blobs', blobIn) }),
  };
}

/** A directory of a proof. Errors: `Malformed`. */
export function directoryIn(value: unknown, at: string): EvidenceDirectory {
  const of = fields(value, at, { needed: ['canonical', 'signatures'] });
  const signatures = entries(
    of['signatures'],
    `${at}/signatures`,
    (key, one, where) => [key, string(one, where)] as const,
  );
  return {
    canonical: string(of['canonical'], `${at}/canonical`),
    signatures: Object.fromEntries(signatures),
  };
}

function journalIn(value: unknown, at: string): EvidenceJournal {
  const of = fields(value, at, {
    needed: ['index', 'path', 'head', 'headPath', 'segment', 'at', 'segmentPath'],
  });
  const segment = fields(of['segment'], `${at}/segment`, { needed: ['partition', 'first', 'last', 'root'] });
  return {
    index: count(of['index'], `${at}/index`, 0),
    path: hashes(of['path'], `${at}/path`),
    head: string(of['head'], `${at}/head`),
    headPath: hashes(of['headPath'], `${at}/headPath`),
    segment: {
      partition: count(segment['partition'], `${at}/segment/partition`, 0),
      first: count(segment['first'], `${at}/segment/first`, 1),
      last: count(segment['last'], `${at}/segment/last`, 1),
      root: text(segment['root'], `${at}/segment/root`, '32 bytes in hex', isHash),
    },
    at: count(of['at'], `${at}/at`, 0),
    segmentPath: hashes(of['segmentPath'], `${at}/segmentPath`),
  };
}

function blobIn(value: unknown, at: string): { readonly sha256: string; readonly content: string } {
  const of = fields(value, at, { needed: ['sha256', 'content'] });
  return {
    sha256: text(of['sha256'], `${at}/sha256`, '32 bytes in hex', isHash),
    content: text(of['content'], `${at}/content`, 'base64', isBase64),
  };
}

/** Text of bytes that were checked to be UTF-8. Errors: others. */
export function utf8(bytes: Uint8Array): string {
  const read = fromUtf8(bytes);
  if (read === undefined) throw new TypeError('a part of the evidence is not UTF-8');
  return read;
}

function hashes(value: unknown, at: string): readonly string[] {
  return list(value, at, (one, where) => text(one, where, '32 bytes in hex', isHash));
}

function string(value: unknown, at: string): string {
  return text(value, at, 'a string', () => true);
}

function isHash(hex: string): boolean {
  return fromHex(hex, 32) !== undefined;
}

/** Whether a text is 64 bytes in hex. */
export function isSignature(hex: string): boolean {
  return fromHex(hex, 64) !== undefined;
}

function isBase64(base64: string): boolean {
  return fromBase64(base64) !== undefined;
}
