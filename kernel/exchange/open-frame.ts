import { leafHash, merkleRoot } from '../journal/merkle.ts';
import { toHex } from './bytes.ts';
import { type Directory, type DirectoryKey, isRevokedAt, type KeyUse, keyAt } from './directory.ts';
import { decodeFrame, type Frame, inflateBody, splitBody } from './frame.ts';
import { type BatchHead, frameLimits, link, readBatchHead } from './head.ts';
import { instantMs } from './instant.ts';
import { signedTextMaxBytes } from './signed-text.ts';
import { suites as realSuites, type Suites } from './suite.ts';

/** Why a whole frame is refused, in the order of checks of exchange protocol B5; `clock` is that of B13. */
export type FrameCode =
  | 'bad-frame'
  | 'wrong-party'
  | 'bad-head'
  | 'unknown-key'
  | 'bad-signature'
  | 'clock'
  | 'bad-body'
  | 'bad-root';

/** A refused frame with the HTTP status of B5; `directory` is the newer version to fetch before the same bytes are tried again. */
export interface RefusedFrame {
  readonly ok: false;
  readonly code: FrameCode;
  readonly http: number;
  readonly detail: string;
  readonly directory?: number;
}

/** What the receiver knows when a frame arrives: itself, the member that TLS proved, its directory, its clock. */
export interface FrameContext {
  readonly region: string;
  readonly me: string;
  readonly peer: string;
  readonly directory: Directory;
  readonly nowMs: number;
  readonly suites?: Suites;
}

/** A frame whose head is signed by its sender; the body is still as it came. */
export interface OpenedFrame {
  readonly ok: true;
  readonly frame: Frame;
  readonly head: BatchHead;
  readonly link: Uint8Array;
  readonly key: DirectoryKey;
}

/** Messages of a frame whose root fits: views of one buffer, with their leaves. */
export interface OpenedBody {
  readonly ok: true;
  readonly messages: readonly Uint8Array[];
  readonly leaves: readonly Uint8Array[];
}

/**
 * Checks 1 to 5 in order. Nothing here allocates more than the frame, changes state, or may be answered with a signature. Then the
 * receiver does 6 and 7, which need its state, and `openBody` 8 and 9.
 */
export function openFrame(bytes: Uint8Array, context: FrameContext): OpenedFrame | RefusedFrame {
  const frame = checkFrame(bytes);
  if (!('head' in frame)) return frame;
  const party = checkParty(frame.head, context);
  if (party !== undefined) return party;
  const read = checkHead(frame.head);
  if (!('head' in read)) return read;
  const { head } = read;
  const key = checkKey(head, context);
  if (!('public' in key)) return key;
  const suites = context.suites ?? realSuites;
  const signed = checkSignature(frame, key, suites);
  if (signed !== undefined) return signed;
  return { ok: true, frame, head, link: link(suites[head.suite], frame.head), key };
}

/** Checks 8 and 9: the body inflates to exactly the signed length, splits into the signed count and has the signed root. */
export function openBody(opened: OpenedFrame, suites: Suites = realSuites): OpenedBody | RefusedFrame {
  const { head, frame } = opened;
  const body = inflateBody(frame, head.bytes);
  if (body === undefined)
    return refused('bad-body', `the body does not inflate to exactly ${head.bytes} bytes`);
  return checkRoot(head, body, suites);
}

/** Check 1: size, magic, lengths. */
export function checkFrame(bytes: Uint8Array): Frame | RefusedFrame {
  if (bytes.length > frameLimits.frameBytes)
    return { ...refused('bad-frame', `over ${frameLimits.frameBytes} bytes`), http: 413 };
  const frame = decodeFrame(bytes);
  if (frame === undefined) return refused('bad-frame', 'not YTB1 with lengths that add up');
  return frame.head.length > signedTextMaxBytes
    ? refused('bad-frame', `a head over ${signedTextMaxBytes} bytes`)
    : frame;
}

/** Check 2: region, `from` = the peer of the TLS connection, `to` = me, as far as the head has such lines; its grammar is check 3. */
export function checkParty(
  headBytes: Uint8Array,
  context: Pick<FrameContext, 'region' | 'me' | 'peer'>,
): RefusedFrame | undefined {
  const lines = Buffer.from(headBytes.subarray(0, 512)).toString('latin1').split('\n', 5);
  const wanted = [
    [1, 'region', context.region],
    [3, 'from', context.peer],
    [4, 'to', context.me],
  ] as const;
  for (const [index, name, value] of wanted) {
    const line = lines[index] ?? '';
    if (line.startsWith(`${name} `) && line !== `${name} ${value}`)
      return refused('wrong-party', `"${name}" is not ${value}`);
  }
  return undefined;
}

/** Check 3: the head's grammar. */
export function checkHead(headBytes: Uint8Array): { readonly head: BatchHead } | RefusedFrame {
  const read = readBatchHead(headBytes);
  return read.ok ? { head: read.value } : refused('bad-head', read.detail);
}

/** Check 4: a batch key of the sender in my directory, of the head's suite, valid at the head's time, not revoked by now. */
export function checkKey(
  head: BatchHead,
  context: Pick<FrameContext, 'directory' | 'nowMs'>,
): DirectoryKey | RefusedFrame {
  return signerOf(head, 'batch', context);
}

/**
 * The directory key that a signed text names, if it may sign for a use at the text's time and is not revoked by now, however early
 * the text says it is (B8). A text that names a newer directory is `unknown-key` with that version, whatever its key.
 */
export function signerOf(
  text: Pick<BatchHead, 'from' | 'key' | 'suite' | 'time' | 'directory'>,
  use: KeyUse,
  context: Pick<FrameContext, 'directory' | 'nowMs'>,
): DirectoryKey | RefusedFrame {
  const { directory, nowMs } = context;
  if (text.directory > directory.version)
    return {
      ...refused('unknown-key', `directory ${text.directory} is to be fetched first`),
      directory: text.directory,
    };
  const timeMs = instantMs(text.time) ?? Number.NaN;
  const key = keyAt(directory, { member: text.from, key: text.key, use, timeMs });
  if (key === undefined || key.suite !== text.suite)
    return refused('unknown-key', `no ${use} key of that name is valid at that time`);
  return isRevokedAt(key, nowMs) ? refused('unknown-key', 'the key is revoked') : key;
}

/** Check 5: the signature over the head's bytes. */
export function checkSignature(frame: Frame, key: DirectoryKey, suites: Suites): RefusedFrame | undefined {
  const isSigned = suites[key.suite].verify(key, frame.head, frame.signature);
  return isSigned ? undefined : refused('bad-signature', 'the head is not signed by its key');
}

/**
 * B13, after check 5: over one hour ahead of my clock is refused `clock`. `flag` says that the time is over five minutes ahead, or
 * as much behind the stream's previous head: accepted, but shown.
 */
export function checkClock(
  head: BatchHead,
  clock: { readonly nowMs: number; readonly previousMs?: number },
): { readonly ok: true; readonly flag: boolean } | RefusedFrame {
  const timeMs = instantMs(head.time) ?? Number.NaN;
  if (timeMs > clock.nowMs + 3_600_000)
    return refused('clock', 'the head is more than an hour ahead of the receiver');
  const isBehind = clock.previousMs !== undefined && timeMs < clock.previousMs - 300_000;
  return { ok: true, flag: isBehind || timeMs > clock.nowMs + 300_000 };
}

/** Check 9: split, count, root over the inflated body. */
export function checkRoot(head: BatchHead, body: Uint8Array, suites: Suites): OpenedBody | RefusedFrame {
  const messages = splitBody(body, head.count);
  if (messages === undefined) return refused('bad-root', `the body is not exactly ${head.count} messages`);
  const suite = suites[head.suite];
  const leaves = messages.map((message) => leafHash(suite, message));
  if (toHex(merkleRoot(suite, leaves)) !== head.root)
    return refused('bad-root', 'the messages do not have the signed root');
  return { ok: true, messages, leaves };
}

const status: Readonly<Record<FrameCode, number>> = {
  'bad-frame': 422,
  'wrong-party': 403,
  'bad-head': 422,
  'unknown-key': 401,
  'bad-signature': 422,
  clock: 422,
  'bad-body': 422,
  'bad-root': 422,
};

function refused(code: FrameCode, detail: string): RefusedFrame {
  return { ok: false, code, http: status[code], detail };
}
