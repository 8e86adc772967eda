import { toHex } from '../exchange/bytes.ts';
import type { Message } from '../exchange/message.ts';
import type { Environment } from '../runtime/environment.ts';

type Key = Pick<Message, 'source' | 'id'>;

interface Asker {
  readonly key: Key;
  readonly told: (leaf: string | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Looks up ids that askers chose, in every partition, before their commands wait for a batch (K9): one query at a time, for all
 * that came during the one before. What is accepted between the answer and the batch meets its key at COMMIT (K11).
 */
export class KnownIds {
  readonly #env: Environment;
  #askers: Asker[] = [];
  #asking = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Leaf (hex) of the message that was accepted under this id before. Errors: the store's. */
  leafOf(key: Key): Promise<string | undefined> {
    return new Promise((told, failed) => {
      this.#askers.push({ key, told, failed });
      if (!this.#asking) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    while (this.#askers.length > 0) {
      await Promise.resolve(); // What else comes in this turn goes along.
      const askers = this.#askers;
      this.#askers = [];
      await this.#answer(askers);
    }
    this.#asking = false;
  }

  async #answer(askers: readonly Asker[]): Promise<void> {
    try {
      const keys = askers.map(({ key: { source, id } }) => ({ source, id }));
      const rows = await this.#env.store.seen(undefined, keys);
      const leaves = new Map(rows.map((row) => [`${row.source} ${row.id}`, toHex(row.leaf)]));
      for (const { key, told } of askers) told(leaves.get(`${key.source} ${key.id}`));
    } catch (error) {
      for (const { failed } of askers) failed(error);
    }
  }
}
