import { leafHash, merkleRoot } from '../journal/merkle.ts';
import { concat, toHex, u16, u32 } from './bytes.ts';
import { type Deflate, inflate } from './deflate.ts';
import { type BatchHead, frameLimits, link, writeBatchHead } from './head.ts';
import type { SigningKey, Suite } from './suite.ts';

/** How a body travels: as it is, or raw deflate (RFC 1951). */
export type Coding = 'none' | 'deflate';

/** A frame cut into its parts; each is a view of the frame's bytes, nothing is copied. */
export interface Frame {
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly coding: Coding;
  readonly body: Uint8Array;
}

/** The body of a batch: before each message its length as four bytes, big-endian. Throws beyond the limits of B5. */
export function joinBody(messages: readonly Uint8Array[]): Uint8Array {
  if (messages.length === 0 || messages.length > frameLimits.messages)
    throw new RangeError(`a batch has 1 to ${frameLimits.messages} messages, not ${messages.length}`);
  let length = 0;
  for (const message of messages) length += 4 + message.length;
  if (length > frameLimits.bodyBytes)
    throw new RangeError(`a body of ${length} bytes is over ${frameLimits.bodyBytes}`);
  const body = Buffer.allocUnsafe(length);
  let at = 0;
  for (const message of messages) {
    if (message.length > frameLimits.messageBytes)
      throw new RangeError(`a message of ${message.length} bytes is over ${frameLimits.messageBytes}`);
    at = body.writeUInt32BE(message.length, at);
    body.set(message, at);
    at += message.length;
  }
  return body;
}

/** The messages of an inflated body as views of it, or undefined unless it is exactly `count` of them within the limits. */
export function splitBody(body: Uint8Array, count: number): readonly Uint8Array[] | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const messages: Uint8Array[] = [];
  let at = 0;
  while (at < body.length) {
    if (messages.length === count || body.length - at < 4) return undefined;
    const length = view.getUint32(at);
    at += 4;
    if (length > frameLimits.messageBytes || length > body.length - at) return undefined;
    messages.push(body.subarray(at, at + length));
    at += length;
  }
  return messages.length === count ? messages : undefined;
}

/** What a sender says of a batch beside what follows from its messages. */
export type BatchPlace = Omit<BatchHead, 'suite' | 'count' | 'root' | 'bytes' | 'key'>;

/** A signed batch, ready to be stored before its first byte leaves. */
export interface SealedBatch {
  readonly head: BatchHead;
  readonly headBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly link: Uint8Array;
  readonly body: Uint8Array;
}

/** Signs a batch over its messages; `leaves` spares hashing them again. Throws beyond the limits of B5. */
export function sealBatch(batch: {
  readonly suite: Suite;
  readonly key: SigningKey;
  readonly place: BatchPlace;
  readonly messages: readonly Uint8Array[];
  readonly leaves?: readonly Uint8Array[];
}): SealedBatch {
  const { suite, key, messages } = batch;
  const body = joinBody(messages);
  const leaves = batch.leaves ?? messages.map((message) => leafHash(suite, message));
  const root = toHex(merkleRoot(suite, leaves));
  const head = {
    ...batch.place,
    suite: suite.name,
    count: messages.length,
    root,
    bytes: body.length,
    key: key.id,
  };
  const headBytes = writeBatchHead(head);
  return { head, headBytes, signature: suite.sign(key, headBytes), link: link(suite, headBytes), body };
}

const magic = Uint8Array.of(0x59, 0x54, 0x42, 0x31); // YTB1

/** The bytes of a frame (B5). With `deflate` the body travels packed by it where that is shorter. */
export function encodeFrame(frame: {
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
  readonly deflate: Deflate | undefined;
}): Uint8Array {
  const { head, signature } = frame;
  const deflated = frame.deflate?.(frame.body) ?? frame.body;
  const isShorter = deflated.length < frame.body.length;
  const body = isShorter ? deflated : frame.body;
  const coding = Uint8Array.of(isShorter ? 1 : 0);
  return concat(
    magic,
    u16(head.length),
    head,
    u16(signature.length),
    signature,
    coding,
    u32(body.length),
    body,
  );
}

/** Check 1: size, magic, and lengths that add up exactly; undefined otherwise. Allocates nothing of the frame's size. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length > frameLimits.frameBytes || bytes.length < 13) return undefined;
  if (!magic.every((byte, index) => bytes[index] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 6 + view.getUint16(4);
  if (headEnd + 2 > bytes.length) return undefined;
  const signatureEnd = headEnd + 2 + view.getUint16(headEnd);
  if (signatureEnd + 5 > bytes.length) return undefined;
  const coding = bytes[signatureEnd];
  const bodyAt = signatureEnd + 5;
  if ((coding !== 0 && coding !== 1) || bodyAt + view.getUint32(signatureEnd + 1) !== bytes.length)
    return undefined;
  return {
    head: bytes.subarray(6, headEnd),
    signature: bytes.subarray(headEnd + 2, signatureEnd),
    coding: coding === 0 ? 'none' : 'deflate',
    body: bytes.subarray(bodyAt),
  };
}

/** Check 8: the body as it was before compression, exactly `length` bytes with nothing behind it, or undefined. */
export function inflateBody(frame: Frame, length: number): Uint8Array | undefined {
  if (frame.coding === 'none') return frame.body.length === length ? frame.body : undefined;
  try {
    const body = inflate(frame.body, length);
    return body.length === length ? body : undefined;
  } catch {
    return undefined; // not deflate, cut short, or longer than the signed head allows
  }
}
