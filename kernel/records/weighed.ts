import type { AwaitedRow, ConversationRow, RecordRow } from '../store/rows.ts';

/**
 * Bytes of V8's heap that entries of the cache take, key and map included, as measured on Node 20 with tens of thousands of each
 * (keys of 60 characters). A record counts as decoded: its text once, or twice where it has Chinese in it, and its value two to four
 * times that; a text of n characters was measured at 2.2 n (English) to 4.4 n (Chinese).
 */
export const weights = {
  record: (row: RecordRow | undefined): number => (row ? 450 + 4 * (row.body?.length ?? 0) : 220),
  group: 310,
  balance: 170,
  rows: (rows: readonly unknown[]): number => 180 + 180 * rows.length,
  conversation: (row: ConversationRow | null): number => 220 + 140 * (row?.made.length ?? 0),
  awaited: (row: AwaitedRow | null): number => 220 + 4 * (row?.data.length ?? 0),
} as const;

/** A map that knows about how many bytes it takes. */
export class Weighed<V> extends Map<string, V> {
  readonly #weigh: (value: V) => number;
  #bytes = 0;

  constructor(weigh: (value: V) => number) {
    super();
    this.#weigh = weigh;
  }

  get bytes(): number {
    return this.#bytes;
  }

  override set(key: string, value: V): this {
    const before = this.get(key);
    this.#bytes += this.#weigh(value) - (before === undefined ? 0 : this.#weigh(before));
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    const before = this.get(key);
    if (before !== undefined) this.#bytes -= this.#weigh(before);
    return super.delete(key);
  }

  override clear(): void {
    this.#bytes = 0;
    super.clear();
  }
}
