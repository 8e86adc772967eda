import { fromBase64, fromHex } from './bytes.ts';
import type { Directory } from './directory.ts';

/** What an evidence file fails to prove; its message is the step's detail. */
export class NotProven extends Error {}

/** The last of the directories walked. */
export function newestOf(walk: readonly Directory[]): Directory {
  const newest = walk.at(-1);
  if (newest === undefined) throw new NotProven('no directory');
  return newest;
}

/** 32 bytes of hex, or `NotProven`. */
export function hash(hex: string): Uint8Array {
  const bytes = fromHex(hex, 32);
  if (bytes === undefined) throw new NotProven('a hash is not 32 bytes in hex');
  return bytes;
}

/** Bytes of base64, or `NotProven`. */
export function decoded(base64: string): Uint8Array {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new NotProven('a part is not base64');
  return bytes;
}
