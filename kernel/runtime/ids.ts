import { hash } from 'node:crypto';

/** 20 bits of a position count the entries of one batch. */
const indexSpan = 2 ** 20;

/** Place of an entry in its partition's journal: safe up to 2³³ batches. */
export function positionOf(seq: number, index: number): number {
  return seq * indexSpan + index;
}

/** Batch and entry of a position. */
export function placeOf(position: number): { readonly seq: number; readonly index: number } {
  return { seq: Math.floor(position / indexSpan), index: position % indexSpan };
}

/** The cause's own 48 time bits and 74 bits of SHA-256 over the parts: the same at every run (K21). */
export function derivedId(cause: string, ...parts: readonly (string | number)[]): string {
  const digest = hash('sha256', ['yitong-effect/1', cause, ...parts].join('\n'), 'hex');
  return shape(cause.slice(0, 13).replace('-', ''), digest, '7');
}

/** UUIDv7 of a time (milliseconds since 1970) and 74 bits of a digest. */
export function timedId(timeMs: number, ...parts: readonly (string | number)[]): string {
  const digest = hash('sha256', parts.join('\n'), 'hex');
  return shape(Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0'), digest, '7');
}

/** A name both sides of a transfer can compute: UUIDv8 of SHA-256 over the parts (K45). */
export function namedId(...parts: readonly (string | number)[]): string {
  const digest = hash('sha256', ['yitong-transfer/1', ...parts].join('\n'), 'hex');
  return shape(digest.slice(20, 32), digest, '8');
}

function shape(first48: string, digest: string, version: '7' | '8'): string {
  const variant = ((Number.parseInt(digest.charAt(3), 16) & 3) | 8).toString(16);
  const a = `${first48.slice(0, 8)}-${first48.slice(8, 12)}`;
  return `${a}-${version}${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
