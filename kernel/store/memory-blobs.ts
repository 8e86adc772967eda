import { type BlobStore, pieceBytes, type StoredBlob } from './blob-store.ts';

interface Begun {
  readonly pieces: Uint8Array[];
  readonly sinceMs: number;
}

/** Files in memory; `now` in ms since 1970. It outlives the nodes that use it. */
export function memoryBlobs(now: () => number): BlobStore {
  const begun = new Map<string, Begun>();
  const known = new Map<string, { readonly blob: StoredBlob; readonly pieces: readonly Uint8Array[] }>();
  const bytes = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, piece) => sum + piece.length, 0);
  return {
    begun: async (name) => bytes(begun.get(name)?.pieces ?? []),
    async write(name, at, piece) {
      const found = begun.get(name) ?? { pieces: [], sinceMs: now() };
      begun.set(name, found);
      found.pieces[at / pieceBytes] ??= piece.slice();
    },
    async finish(name, blob) {
      const pieces = begun.get(name)?.pieces ?? [];
      if (bytes(pieces) !== blob.size) throw new Error(`${name} has not the bytes that it should`);
      if (!known.has(blob.sha256)) known.set(blob.sha256, { blob, pieces });
      begun.delete(name);
    },
    abandon: async (name) => void begun.delete(name),
    find: async (sha256) => known.get(sha256)?.blob,
    async piece(of, at) {
      const pieces = 'name' in of ? begun.get(of.name)?.pieces : known.get(of.sha256)?.pieces;
      return pieces?.[at / pieceBytes];
    },
    drop: async (sha256) => void known.delete(sha256),
    async list(after) {
      const all = [...known.values()].map(({ blob }) => blob).filter(({ sha256 }) => sha256 > after);
      return all.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)).slice(0, 1_000);
    },
    async sweep(beforeMs) {
      const old = [...begun].filter(([, { sinceMs }]) => sinceMs < beforeMs);
      for (const [name] of old) begun.delete(name);
      return old.length;
    },
  };
}
