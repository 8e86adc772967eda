import { deflateRawSync } from 'node:zlib';
import type { HostilePeer } from './hostile-peer.ts';

const mebibyte = 1024 * 1024;
const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** A good message with some text of it replaced. */
export function edited(peer: HostilePeer, from: string, to: string): Uint8Array {
  const text = utf8(peer.message());
  if (!text.includes(from)) throw new Error(`the message has no ${from}`);
  return Buffer.from(text.replace(from, to));
}

/** Bytes of the frame with some text of its head replaced by another of the same length. */
export function replaced(frame: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(frame).toString('latin1');
  if (!text.includes(from) || from.length !== to.length) throw new Error(`the head has no ${from}`);
  return Buffer.from(text.replace(from, to), 'latin1');
}

/** The frame with another body under the same head and signature. */
export function withBody(frame: Uint8Array, coding: 0 | 1, body: Uint8Array): Uint8Array {
  const before = Buffer.from(frame.subarray(0, bodyAt(frame) - 5));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([before, Buffer.from([coding]), length, body]);
}

function bodyAt(frame: Uint8Array): number {
  const view = Buffer.from(frame);
  const headEnd = 6 + view.readUInt16BE(4);
  return headEnd + 2 + view.readUInt16BE(headEnd) + 5;
}

/** As many bytes as the head says, but others. */
export function otherBody(frame: Uint8Array): Uint8Array {
  const length = Number(/\nbytes (\d+)\n/.exec(Buffer.from(frame).toString('latin1'))?.[1]);
  return deflateRawSync(Buffer.alloc(length, 1));
}

/** Deflate blocks that inflate to so many MiB of zeros, made without holding them. */
export function bomb(mebibytes: number): Uint8Array {
  const one = deflateRawSync(new Uint8Array(mebibyte), { level: 9, finishFlush: 2 });
  return Buffer.concat([...Array.from({ length: mebibytes }, () => one), deflateRawSync(new Uint8Array(0))]);
}
