import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { deflate, deflateStored, inflate } from './deflate.ts';

describe.each([
  ['zlib', deflate],
  ['stored', deflateStored],
])('what %s packed', (_, pack) => {
  test('is read back by every reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), (bytes) => {
        const packed = pack(bytes);
        expect(Buffer.compare(inflate(packed, bytes.length), bytes)).toBe(0);
        expect(Buffer.compare(inflateRawSync(packed), bytes)).toBe(0);
      }),
    );
    const long = new Uint8Array(70_000).fill(7);
    expect(Buffer.compare(inflate(pack(long), long.length), long)).toBe(0);
  });

  it('is refused when it is longer than allowed, cut short, or not alone', () => {
    const packed = pack(Buffer.from('一二三四五六七八九十'));
    expect(() => inflate(packed, 29)).toThrow();
    expect(() => inflate(packed.subarray(0, -1), 30)).toThrow();
    expect(() => inflate(Buffer.concat([packed, Buffer.of(0)]), 30)).toThrow();
  });
});
