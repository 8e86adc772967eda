import type { Deflate } from '../exchange/deflate.ts';
import type { Suite } from '../exchange/suite.ts';
import { type Entry, type EntryKind, entryBytes, packEntries } from '../journal/entries.ts';
import { leafHash, merkleRoot } from '../journal/merkle.ts';
import type { RetentionClass } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';

/** The entries of one batch in the order of their index, each with its leaf. */
export class EntryList {
  readonly #suite: Suite;
  readonly #entries: Entry[] = [];

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  get length(): number {
    return this.#entries.length;
  }

  get all(): readonly Entry[] {
    return this.#entries;
  }

  /** Index of the new entry. */
  add(kind: EntryKind, keep: RetentionClass, bytes: Uint8Array, leaf: Uint8Array): number {
    const index = this.#entries.length;
    this.#entries.push({ index, kind, class: keep, bytes, leaf });
    return index;
  }

  /** Index of the new entry, whose bytes are a canonical text. */
  text(kind: EntryKind, keep: RetentionClass, text: string): number {
    const bytes = entryBytes(text);
    return this.add(kind, keep, bytes, leafHash(this.#suite, bytes));
  }

  /** Keeps a place for what is known only after the entries that follow it; `fill` gives its text. */
  reserve(kind: EntryKind, keep: RetentionClass): { readonly fill: (text: string) => void } {
    const index = this.add(kind, keep, new Uint8Array(), new Uint8Array());
    const fill = (text: string): void => {
      const bytes = entryBytes(text);
      this.#entries[index] = { index, kind, class: keep, bytes, leaf: leafHash(this.#suite, bytes) };
    };
    return { fill };
  }

  root(): Uint8Array {
    return merkleRoot(
      this.#suite,
      this.#entries.map((entry) => entry.leaf),
    );
  }

  /** One packed body for each retention class (K27). */
  bodies(month: string, seq: number, deflate: Deflate): Commit['bodies'] {
    return [...this.#grouped()].map(([name, entries]) => ({
      month,
      seq,
      class: name,
      body: packEntries(entries, deflate),
    }));
  }

  #grouped(): Map<RetentionClass, Entry[]> {
    const groups = new Map<RetentionClass, Entry[]>();
    for (const entry of this.#entries) {
      const group = groups.get(entry.class);
      if (group) group.push(entry);
      else groups.set(entry.class, [entry]);
    }
    return groups;
  }
}
