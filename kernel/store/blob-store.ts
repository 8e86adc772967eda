/** A stored file: how many bytes, and when its last byte came in (ms since 1970). */
export interface StoredBlob {
  readonly sha256: string;
  readonly size: number;
}

/** Bytes of every piece but the last. */
export const pieceBytes = 262_144;

/**
 * Where files' bytes lie (exchange protocol B10): written piece by piece under a name of their own, then known by their hash. What is
 * known by a hash never changes. Who may see a file, and how long it is kept, is no business of this store.
 */
export interface BlobStore {
  /** Bytes that a name has so far: whole pieces, from the first on. */
  begun(name: string): Promise<number>;
  /** Adds the piece at a multiple of `pieceBytes`; the same piece again has no effect. */
  write(name: string, at: number, piece: Uint8Array): Promise<void>;
  /** Makes what was written known by its hash; where the hash is known already, the earlier bytes stay and these go. */
  finish(name: string, blob: StoredBlob): Promise<void>;
  /** Forgets what was written under a name that was never finished. */
  abandon(name: string): Promise<void>;
  find(sha256: string): Promise<StoredBlob | undefined>;
  /** The bytes of a piece of what a name has so far, or of a known file, from a multiple of `pieceBytes`; undefined beyond the end. */
  piece(
    of: { readonly name: string } | { readonly sha256: string },
    at: number,
  ): Promise<Uint8Array | undefined>;
  /** Forgets a file. */
  drop(sha256: string): Promise<void>;
  /** Known files in order of hash, at most 1,000 after one. */
  list(after: string): Promise<readonly StoredBlob[]>;
  /** Forgets names that were begun before a time (ms since 1970) and never finished; how many. */
  sweep(beforeMs: number): Promise<number>;
}
