import { beforeEach, describe, expect, test } from 'vitest';
import { type BlobStore, pieceBytes } from '../blob-store.ts';

/** A store under test and its clock. */
export interface BlobsUnderTest {
  readonly blobs: BlobStore;
  readonly now: () => number;
}

const hashOf = (n: number): string => n.toString(16).padStart(64, '0');
const piece = (n: number, length = pieceBytes): Uint8Array => new Uint8Array(length).fill(n);

/** Every store of files keeps these promises. */
export function blobSuite(name: string, make: () => Promise<BlobsUnderTest>): void {
  describe(`${name} as a store of files`, () => {
    let under: BlobsUnderTest;
    beforeEach(async () => {
      under = await make();
    });

    test('a file that was written piece by piece is read as it was', async () => {
      const { blobs } = under;
      await blobs.write('one', 0, piece(1));
      await blobs.write('one', pieceBytes, piece(2, 10));
      await blobs.finish('one', { sha256: hashOf(1), size: pieceBytes + 10 });
      expect(await blobs.find(hashOf(1))).toEqual({ sha256: hashOf(1), size: pieceBytes + 10 });
      const read = await Promise.all(
        [0, pieceBytes, 2 * pieceBytes].map((at) => blobs.piece({ sha256: hashOf(1) }, at)),
      );
      const written = [piece(1), piece(2, 10)];
      expect(read.map((one, n) => one && Buffer.compare(one, written[n] ?? one))).toEqual([0, 0, undefined]);
      expect(await blobs.begun('one')).toBe(0);
    });

    test('what was begun goes on where it stopped, and a piece that comes twice is the first', async () => {
      const { blobs } = under;
      await blobs.write('one', 0, piece(1));
      await blobs.write('one', 0, piece(9));
      expect(await blobs.begun('one')).toBe(pieceBytes);
      expect((await blobs.piece({ name: 'one' }, 0))?.[0]).toBe(1);
      expect(await blobs.find(hashOf(1))).toBeUndefined();
    });

    test('a file that comes twice is there once, and not to be finished with other bytes than it has', async () => {
      const { blobs } = under;
      for (const name of ['one', 'two']) {
        await blobs.write(name, 0, piece(name === 'one' ? 1 : 2, 5));
        await expect(blobs.finish(name, { sha256: hashOf(1), size: 6 })).rejects.toThrow('has not the bytes');
        await blobs.finish(name, { sha256: hashOf(1), size: 5 });
      }
      expect((await blobs.piece({ sha256: hashOf(1) }, 0))?.[0]).toBe(1);
      expect(await blobs.list('')).toHaveLength(1);
    });

    test('an empty file is a file', async () => {
      await under.blobs.finish('one', { sha256: hashOf(7), size: 0 });
      expect(await under.blobs.find(hashOf(7))).toEqual({ sha256: hashOf(7), size: 0 });
      expect(await under.blobs.piece({ sha256: hashOf(7) }, 0)).toBeUndefined();
    });

    test('files are dropped, listed in order and given up when nobody finishes them', async () => {
      const { blobs, now } = under;
      for (const n of [3, 1, 2]) {
        await blobs.write(`n${n}`, 0, piece(n, n));
        await blobs.finish(`n${n}`, { sha256: hashOf(n), size: n });
      }
      await blobs.drop(hashOf(2));
      expect((await blobs.list('')).map(({ size }) => size)).toEqual([1, 3]);
      expect((await blobs.list(hashOf(1))).map(({ size }) => size)).toEqual([3]);
      expect(await blobs.piece({ sha256: hashOf(2) }, 0)).toBeUndefined();
      await blobs.write('left', 0, piece(1, 1));
      expect(await blobs.sweep(now() - 60_000)).toBe(0);
      expect(await blobs.sweep(now() + 60_000)).toBe(1);
      expect(await blobs.begun('left')).toBe(0);
      await blobs.write('given up', 0, piece(1, 1));
      await blobs.abandon('given up');
      expect(await blobs.begun('given up')).toBe(0);
    });
  });
}
