import { fromHex, toHex } from './bytes.ts';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is a UUID of version 7 in lower case (RFC 9562 §5.7). */
export function isUuid(text: string): boolean {
  return uuidV7.test(text);
}

/** Milliseconds since 1970 in the first 48 bits of a UUIDv7, or undefined when the text is none. */
export function uuidTimeMs(text: string): number | undefined {
  return uuidV7.test(text) ? Number.parseInt(text.slice(0, 8) + text.slice(9, 13), 16) : undefined;
}

/** UUIDv7 of a time and the first 74 of ten bytes, random or derived from a cause. */
export function uuidOf(timeMs: number, bytes: Uint8Array): string {
  if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs >= 2 ** 48)
    throw new RangeError(`not a UUID's time: ${timeMs}`);
  if (bytes.length < 10) throw new RangeError(`a UUIDv7 needs 10 bytes beside its time, not ${bytes.length}`);
  const all = new Uint8Array(16);
  all.set(fromHex(timeMs.toString(16).padStart(12, '0')) ?? []);
  all.set(bytes.subarray(0, 10), 6);
  all[6] = ((all[6] ?? 0) & 0x0f) | 0x70;
  all[8] = ((all[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(all);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
