import { fromUtf8, toUtf8 } from '../exchange/bytes.ts';
import { type Deflate, inflate } from '../exchange/deflate.ts';
import type { RetentionClass } from '../store/rows.ts';

/**
 * What a batch's entries are (K23). `in`: an input's bytes. `ref`: an input that lies elsewhere in this node's journals. `did`: what an
 * input did, without personal data. `put`: a record, timer, conversation or held row whole. `out`: a message for a peer. `route`: one
 * for another partition. `dup`, `bad`: leaf only, so that a frame's root stays provable. `gone`: erased, its leaf and a remnant
 * (`remnant.ts`).
 */
export const entryKinds = ['in', 'ref', 'did', 'put', 'out', 'route', 'dup', 'bad', 'gone'] as const;
/** One of them. */
export type EntryKind = (typeof entryKinds)[number];

/** One entry of a batch: its leaf is H(00‖bytes), of `dup` and `bad` the bytes themselves, of `gone` their first 32. */
export interface Entry {
  readonly index: number;
  readonly kind: EntryKind;
  readonly class: RetentionClass;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
}

const header = 9;
const bodyMaxBytes = 64 * 1024 * 1024;

/** Packs the entries of one class: u32 index, u8 kind, u32 length, bytes; raw deflate, which keeps nothing of what it is given. */
export function packEntries(entries: readonly PackedEntry[], deflate: Deflate): Uint8Array {
  const size = entries.reduce((sum, entry) => sum + header + entry.bytes.length, 0);
  const all = roomFor(size);
  let offset = 0;
  for (const entry of entries) {
    all.writeUInt32BE(entry.index, offset);
    all.writeUInt8(entryKinds.indexOf(entry.kind), offset + 4);
    all.writeUInt32BE(entry.bytes.length, offset + 5);
    all.set(entry.bytes, offset + header);
    offset += header + entry.bytes.length;
  }
  return deflate(all);
}

let room = Buffer.allocUnsafe(1 << 16);

/** Memory that the next body is packed in: fresh pages for each cost more than the packing. */
function roomFor(size: number): Buffer {
  if (room.length < size) room = Buffer.allocUnsafe(2 * size);
  return room.subarray(0, size);
}

/** A packed entry as read back; its leaf is for the reader to compute. */
export type PackedEntry = Omit<Entry, 'leaf' | 'class'>;

/** Reads a packed blob. Errors: throws when the bytes do not add up or do not inflate. */
export function unpackEntries(body: Uint8Array): PackedEntry[] {
  const all = inflate(body, bodyMaxBytes);
  const entries: PackedEntry[] = [];
  let offset = 0;
  while (offset < all.length) {
    if (offset + header > all.length) throw new Error('a journal blob ends within an entry');
    const kind = entryKinds[all.readUInt8(offset + 4)];
    const length = all.readUInt32BE(offset + 5);
    if (kind === undefined || offset + header + length > all.length)
      throw new Error('a journal blob has a broken entry');
    const bytes = all.subarray(offset + header, offset + header + length);
    entries.push({ index: all.readUInt32BE(offset), kind, bytes });
    offset += header + length;
  }
  return entries;
}

/** Text of a canonical entry (`did`, `put`, `ref`). Errors: throws when it is not UTF-8. */
export function entryJson(entry: PackedEntry): Readonly<Record<string, unknown>> {
  const text = fromUtf8(entry.bytes);
  if (text === undefined) throw new Error('a journal entry is not UTF-8');
  return JSON.parse(text);
}

/** UTF-8 bytes of an entry's text. */
export const entryBytes = toUtf8;

/** What an input did stands behind its `did`, up to the next one's: the entries there; `at` is the place of that `did` among the entries. */
export function doneBy(entries: readonly PackedEntry[], at: number): readonly PackedEntry[] {
  const next = entries.findIndex(({ kind }, place) => place > at && kind === 'did');
  return entries.slice(at + 1, next < 0 ? undefined : next);
}
