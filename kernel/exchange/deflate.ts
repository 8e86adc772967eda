import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Packs bytes as raw deflate (RFC 1951). What any encoder wrote, every reader reads: how much smaller it is, is the encoder's choice. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

/** Up to here a window of the body's own size serves: a full one is 256 KiB of memory, made and given back each time. */
const smallMax = 8_192;

/** The node's own encoder: the quickest level, which takes most of what JSON repeats. */
export const deflate: Deflate = (bytes) =>
  bytes.length > smallMax
    ? deflateRawSync(bytes, { level: 1 })
    : deflateRawSync(bytes, { level: 1, windowBits: 13, memLevel: 5, chunkSize: bytes.length + 64 });

const storedHeader = 5;
const storedMax = 0xffff;

/** An encoder that packs nothing: bytes that fit into one stored block lie there as they are; longer ones are deflated. */
export const deflateStored: Deflate = (bytes) => {
  if (bytes.length > storedMax) return deflate(bytes);
  const stored = Buffer.allocUnsafe(storedHeader + bytes.length);
  stored.writeUInt8(1, 0); // the last block, of type 00
  stored.writeUInt16LE(bytes.length, 1);
  stored.writeUInt16LE(~bytes.length & storedMax, 3);
  stored.set(bytes, storedHeader);
  return stored;
};

/** What was packed: at most `max` bytes, with nothing behind them. Errors: throws when it is anything else. */
export function inflate(packed: Uint8Array, max: number): Buffer {
  const stored = storedBlock(packed);
  if (stored && stored.length <= max) return stored;
  const inflated: unknown = inflateRawSync(packed, { maxOutputLength: max, info: true });
  return wholeBody(inflated, packed.length);
}

/** The content of bytes that are exactly one stored block. */
function storedBlock(packed: Uint8Array): Buffer | undefined {
  if (packed[0] !== 1 || packed.length < storedHeader) return undefined;
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const length = bytes.readUInt16LE(1);
  const isOne = length === packed.length - storedHeader && (bytes.readUInt16LE(3) ^ storedMax) === length;
  return isOne ? bytes.subarray(storedHeader) : undefined;
}

function wholeBody(inflated: unknown, consumed: number): Buffer {
  if (typeof inflated === 'object' && inflated !== null && 'buffer' in inflated && 'engine' in inflated) {
    const { buffer, engine } = inflated;
    const isWhole =
      typeof engine === 'object' &&
      engine !== null &&
      'bytesWritten' in engine &&
      engine.bytesWritten === consumed;
    if (isWhole && Buffer.isBuffer(buffer)) return buffer;
  }
  throw new RangeError('bytes behind the deflated ones');
}
