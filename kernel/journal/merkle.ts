import { sameBytes } from '../exchange/bytes.ts';
import { hashPrefix, type Suite } from '../exchange/suite.ts';

/** No proof is longer: a tree of 2⁶³ leaves is deeper than any that can be. */
const proofMax = 63;

/** H(00‖bytes), the leaf of a message, an entry or a segment (RFC 6962 §2.1). */
export function leafHash(suite: Suite, bytes: Uint8Array): Uint8Array {
  return suite.hash(hashPrefix.leaf, bytes);
}

/**
 * Root of a list of leaf hashes (RFC 6962 §2.1); H() of nothing for no leaf. Neighbours are paired level by level and an odd last
 * one is carried up unchanged: the same tree as splitting at the largest power of two. A last leaf is never doubled (CVE-2012-2459).
 */
export function merkleRoot(suite: Suite, leaves: readonly Uint8Array[]): Uint8Array {
  const level = [...leaves];
  let size = level.length;
  while (size > 1) {
    let to = 0;
    for (let at = 0; at < size; at += 2) {
      const left = level[at];
      const right = at + 1 < size ? level[at + 1] : undefined;
      if (left === undefined) throw new RangeError(`no leaf ${at}`);
      level[to++] = right === undefined ? left : suite.hash(hashPrefix.node, left, right);
    }
    size = to;
  }
  return level[0] ?? suite.digest();
}

/** A tree that only grows and keeps its full subtrees, so that roots and proofs cost logarithmically many hashes. */
export interface MerkleTree {
  readonly size: number;
  /** Adds a leaf hash; returns its index. */
  append(leaf: Uint8Array): number;
  /** Root over the first `size` leaves, all when left out. */
  root(size?: number): Uint8Array;
  /** Path from a leaf to the root over the first `size` leaves (RFC 9162 §2.1.3.1). */
  inclusion(index: number, size?: number): Uint8Array[];
  /** Proof that the root over `from` leaves is a beginning of that over `to` (RFC 9162 §2.1.4.1). */
  consistency(from: number, to?: number): Uint8Array[];
}

/** An append-only tree over leaf hashes; its proofs throw `RangeError` for places that it has not. */
export function merkleTree(suite: Suite, leaves: readonly Uint8Array[] = []): MerkleTree {
  const levels: Uint8Array[][] = [[]];
  const tree: MerkleTree = {
    get size() {
      return levels[0]?.length ?? 0;
    },
    append: (leaf) => append(suite, levels, leaf),
    root: (size = tree.size) =>
      checked(size, tree.size) === 0 ? suite.digest() : range(suite, levels, 0, size),
    inclusion(index, size = tree.size) {
      if (checked(index, checked(size, tree.size)) === size)
        throw new RangeError(`no leaf ${index} among ${size}`);
      return path(suite, levels, { index, from: 0, to: size });
    },
    consistency(from, to = tree.size) {
      if (checked(from, checked(to, tree.size)) === 0 || from === to) return [];
      return subproof(suite, levels, { size: from, from: 0, to, known: true });
    },
  };
  for (const leaf of leaves) tree.append(leaf);
  return tree;
}

/** A leaf's place in a tree, and the root it is claimed to lead to. */
export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether a path leads from the leaf at `index` to the root over `size` leaves (RFC 9162 §2.1.3.2). */
export function verifyInclusion(suite: Suite, claim: Inclusion): boolean {
  const { index, size, path: hashes } = claim;
  if (!isCount(index) || !isCount(size) || index >= size || hashes.length > proofMax) return false;
  let at = index;
  let last = size - 1;
  let hash = claim.leaf;
  for (const sibling of hashes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = suite.hash(hashPrefix.node, sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else hash = suite.hash(hashPrefix.node, hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, claim.root);
}

/** Two states of one tree, and the proof that the later continues the earlier. */
export interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Whether the tree of `from` leaves is a beginning of that of `to` (RFC 9162 §2.1.4.2); the empty tree begins each, without a proof. */
export function verifyConsistency(suite: Suite, claim: Consistency): boolean {
  const { from, to, fromRoot, toRoot } = claim;
  if (!isCount(from) || !isCount(to) || from > to || claim.path.length > proofMax) return false;
  if (from === to) return claim.path.length === 0 && sameBytes(fromRoot, toRoot);
  if (from === 0) return claim.path.length === 0 && sameBytes(fromRoot, suite.digest());
  const proof = isPowerOfTwo(from) ? [fromRoot, ...claim.path] : claim.path;
  const [start, ...rest] = proof;
  if (start === undefined) return false;
  let [at, last] = [from - 1, to - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [older, newer] = [start, start];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = suite.hash(hashPrefix.node, hash, older);
      newer = suite.hash(hashPrefix.node, hash, newer);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else newer = suite.hash(hashPrefix.node, newer, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(older, fromRoot) && sameBytes(newer, toRoot);
}

function append(suite: Suite, levels: Uint8Array[][], leaf: Uint8Array): number {
  let hash = leaf;
  for (let height = 0; ; height++) {
    const level = levels[height];
    if (level === undefined) {
      levels.push([hash]);
      break;
    }
    level.push(hash);
    const left = level.length % 2 === 0 ? level[level.length - 2] : undefined;
    if (left === undefined) break;
    hash = suite.hash(hashPrefix.node, left, hash);
  }
  return (levels[0]?.length ?? 1) - 1;
}

/** Hash of the leaves from..to−1, where `from` is a multiple of the power of two that is not below their number. */
function range(suite: Suite, levels: readonly Uint8Array[][], from: number, to: number): Uint8Array {
  const count = to - from;
  if (isPowerOfTwo(count)) {
    const full = levels[Math.log2(count)]?.[from / count];
    if (full === undefined) throw new RangeError(`no subtree ${from}..${to}`);
    return full;
  }
  const middle = from + splitOf(count);
  return suite.hash(hashPrefix.node, range(suite, levels, from, middle), range(suite, levels, middle, to));
}

interface Step {
  readonly from: number;
  readonly to: number;
}

function path(
  suite: Suite,
  levels: readonly Uint8Array[][],
  step: Step & { readonly index: number },
): Uint8Array[] {
  const { index, from, to } = step;
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...path(suite, levels, { index, from, to: middle }), range(suite, levels, middle, to)]
    : [...path(suite, levels, { index, from: middle, to }), range(suite, levels, from, middle)];
}

function subproof(
  suite: Suite,
  levels: readonly Uint8Array[][],
  step: Step & { readonly size: number; readonly known: boolean },
): Uint8Array[] {
  const { size, from, to, known } = step;
  if (size === to) return known ? [] : [range(suite, levels, from, to)];
  const middle = from + splitOf(to - from);
  return size <= middle
    ? [...subproof(suite, levels, { size, from, to: middle, known }), range(suite, levels, middle, to)]
    : [
        ...subproof(suite, levels, { size, from: middle, to, known: false }),
        range(suite, levels, from, middle),
      ];
}

/** Largest power of two below a count of at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function isPowerOfTwo(count: number): boolean {
  return count > 0 && 2 ** Math.round(Math.log2(count)) === count;
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function checked(n: number, max: number): number {
  if (!isCount(n) || n > max) throw new RangeError(`${n} is not a number from 0 to ${max}`);
  return n;
}
