import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../exchange/bytes.ts';
import { type Suite, suites } from '../exchange/suite.ts';
import { bytesOfHex, vectorMessages, vectors } from '../exchange/testing.ts';
import { leafHash, merkleRoot, merkleTree, verifyConsistency, verifyInclusion } from './merkle.ts';

const seed = 20261123;
const sha256 = suites['ed25519-sha256'];
const sm3 = suites['sm2-sm3'];

describe('the vector of seven messages', () => {
  const vector = vectors.merkle.sha256;
  const leaves = vectorMessages.map((message) => leafHash(sha256, message));

  test('leaves, and the root of each beginning', () => {
    expect(leaves.map(toHex)).toEqual(vector.leaves);
    expect(toHex(merkleRoot(sha256, leaves))).toBe(vector.root);
    const tree = merkleTree(sha256, leaves);
    for (const [index, root] of vector.roots_by_size.entries()) {
      expect(toHex(merkleRoot(sha256, leaves.slice(0, index + 1)))).toBe(root);
      expect(toHex(tree.root(index + 1))).toBe(root);
    }
  });

  test('the inclusion proof is made and verified', () => {
    const { index, size, path } = vector.inclusion;
    expect(merkleTree(sha256, leaves).inclusion(index, size).map(toHex)).toEqual(path);
    const claim = {
      leaf: leaves[index] ?? new Uint8Array(),
      index,
      size,
      path: path.map(bytesOfHex),
      root: bytesOfHex(vector.root),
    };
    expect(verifyInclusion(sha256, claim)).toBe(true);
    expect(verifyInclusion(sm3, claim)).toBe(false);
  });

  test('the consistency proof is made and verified', () => {
    const { from, to, path } = vector.consistency;
    expect(merkleTree(sha256, leaves).consistency(from, to).map(toHex)).toEqual(path);
    const rootOf = (size: number) => bytesOfHex(vector.roots_by_size[size - 1] ?? '');
    expect(
      verifyConsistency(sha256, {
        from,
        to,
        fromRoot: rootOf(from),
        toRoot: rootOf(to),
        path: path.map(bytesOfHex),
      }),
    ).toBe(true);
  });

  test('root and inclusion in SM3', () => {
    const own = vectorMessages.map((message) => leafHash(sm3, message));
    const { root, inclusion } = vectors.merkle.sm3;
    const { index, size, path } = inclusion;
    expect(toHex(merkleRoot(sm3, own))).toBe(root);
    expect(merkleTree(sm3, own).inclusion(index, size).map(toHex)).toEqual(path);
    const claim = {
      leaf: own[index] ?? new Uint8Array(),
      index,
      size,
      path: path.map(bytesOfHex),
      root: bytesOfHex(root),
    };
    expect(verifyInclusion(sm3, claim)).toBe(true);
  });
});

describe('every tree up to 40 leaves', () => {
  const leaves = Array.from({ length: 40 }, (_, index) => leafHash(sha256, Uint8Array.of(index)));
  const tree = merkleTree(sha256, leaves);
  const roots = Array.from({ length: 41 }, (_, size) => merkleRoot(sha256, leaves.slice(0, size)));
  const root = (size: number) => roots[size] ?? new Uint8Array();

  test('pairing neighbours and splitting at powers of two give one root', () => {
    for (let size = 0; size <= 40; size++) {
      expect(toHex(root(size))).toBe(toHex(split(sha256, leaves.slice(0, size))));
      expect(toHex(tree.root(size))).toBe(toHex(root(size)));
    }
  });

  test('each leaf has a proof for each size, and for no other place', () => {
    for (let size = 1; size <= 40; size++)
      for (let index = 0; index < size; index++) {
        const claim = {
          leaf: leaves[index] ?? new Uint8Array(),
          index,
          size,
          path: tree.inclusion(index, size),
          root: root(size),
        };
        expect(verifyInclusion(sha256, claim)).toBe(true);
        expect(verifyInclusion(sha256, { ...claim, index: (index + 1) % (size + 1) })).toBe(false);
        expect(verifyInclusion(sha256, { ...claim, root: root(size - 1) })).toBe(false);
      }
  });

  test('each beginning has a proof to each later size, and to no other root', () => {
    for (let to = 0; to <= 40; to++)
      for (let from = 0; from <= to; from++) {
        const claim = { from, to, fromRoot: root(from), toRoot: root(to), path: tree.consistency(from, to) };
        expect(verifyConsistency(sha256, claim)).toBe(true);
        if (from === 0) continue;
        expect(verifyConsistency(sha256, { ...claim, fromRoot: root(from - 1) })).toBe(false);
        expect(verifyConsistency(sha256, { ...claim, toRoot: root(to - 1) })).toBe(false);
        expect(verifyConsistency(sha256, { ...claim, path: [...claim.path, root(1)] })).toBe(false);
        if (claim.path.length > 0)
          expect(verifyConsistency(sha256, { ...claim, path: claim.path.slice(1) })).toBe(false);
      }
  });
});

describe('what is refused', () => {
  const leaf = leafHash(sha256, Uint8Array.of(1));
  const none = { leaf, index: 0, size: 1, path: [], root: leaf };

  test.for([
    ['an index that is the size', { ...none, index: 1 }],
    ['a negative index', { ...none, index: -1 }],
    ['half an index', { ...none, index: 0.5 }],
    ['size zero', { ...none, size: 0 }],
    ['a path in a tree of one', { ...none, path: [leaf] }],
    ['no path in a tree of two', { ...none, size: 2 }],
    [
      'a path of 64',
      { ...none, size: Number.MAX_SAFE_INTEGER, path: Array.from({ length: 64 }, () => leaf) },
    ],
    ['a size beyond safe integers', { ...none, size: 2 ** 60, path: [leaf] }],
  ] as const)('%s', ([, claim]) => {
    expect(verifyInclusion(sha256, none)).toBe(true);
    expect(verifyInclusion(sha256, claim)).toBe(false);
  });

  test('a doubled last leaf is another tree (CVE-2012-2459)', () => {
    const leaves = [1, 2, 3].map((n) => leafHash(sha256, Uint8Array.of(n)));
    expect(toHex(merkleRoot(sha256, leaves))).not.toBe(
      toHex(merkleRoot(sha256, [...leaves, ...leaves.slice(-1)])),
    );
  });

  test('a node is no leaf', () => {
    const [a, b] = [1, 2].map((n) => leafHash(sha256, Uint8Array.of(n)));
    if (a === undefined || b === undefined) throw new Error('two leaves');
    const both = Buffer.concat([a, b]);
    expect(toHex(merkleRoot(sha256, [a, b]))).not.toBe(toHex(leafHash(sha256, both)));
  });

  test('a shrinking or unsafe consistency claim, and a proof of 64', () => {
    const claim = { from: 1, to: 2, fromRoot: leaf, toRoot: leaf, path: [leaf] };
    expect(verifyConsistency(sha256, { ...claim, from: 2, to: 1 })).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, to: 2 ** 60 })).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, path: Array.from({ length: 64 }, () => leaf) })).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, from: 3, to: 7, path: [] })).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, from: 0, path: [] })).toBe(false);
  });

  test('places that a tree has not', () => {
    const tree = merkleTree(sha256, [leaf]);
    expect(() => tree.inclusion(1)).toThrow(RangeError);
    expect(() => tree.root(2)).toThrow(RangeError);
    expect(() => tree.consistency(2, 1)).toThrow(RangeError);
  });
});

test('large random trees: any leaf and any beginning is proved, and no changed bit is', () => {
  const leaves = Array.from({ length: 3000 }, (_, index) =>
    leafHash(sha256, Uint8Array.of(index & 255, index >> 8)),
  );
  const tree = merkleTree(sha256, leaves);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(),
      fc.nat(),
      fc.nat({ max: 255 }),
      (size, a, at, bit) => {
        const index = a % size;
        const root = tree.root(size);
        const claim = { leaf: leaves[index] ?? root, index, size, path: tree.inclusion(index, size), root };
        expect(verifyInclusion(sha256, claim)).toBe(true);
        const from = index + 1;
        const later = {
          from,
          to: size,
          fromRoot: tree.root(from),
          toRoot: root,
          path: tree.consistency(from, size),
        };
        expect(verifyConsistency(sha256, later)).toBe(true);
        expect(verifyInclusion(sha256, { ...claim, leaf: flipped(claim.leaf, bit) })).toBe(false);
        if (claim.path.length > 0)
          expect(verifyInclusion(sha256, { ...claim, path: flippedAt(claim.path, at, bit) })).toBe(false);
        if (later.path.length > 0)
          expect(verifyConsistency(sha256, { ...later, path: flippedAt(later.path, at, bit) })).toBe(false);
      },
    ),
    { seed, numRuns: 200 },
  );
});

/** RFC 6962 §2.1 to the letter. */
function split(suite: Suite, leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return suite.digest();
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return suite.hash(1, split(suite, leaves.slice(0, k)), split(suite, leaves.slice(k)));
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

function flippedAt(path: readonly Uint8Array[], at: number, bit: number): readonly Uint8Array[] {
  return path.map((hash, index) => (index === at % path.length ? flipped(hash, bit) : hash));
}
