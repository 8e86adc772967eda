import { toHex } from '../exchange/bytes.ts';
import type { Environment } from './environment.ts';
import type { Waiting } from './queue.ts';

/** How long all ids are looked up after one was met again (K11). */
const lookMs = 10_000;

/** Which ids of a batch were accepted before: what the door found, and just after one was met again what the store says of all. */
export class LookUp {
  readonly #env: Environment;
  #until = 0;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** An id was met again: from now on and for ten seconds all are looked up. */
  met(): void {
    this.#until = this.#env.clock.monotonic() + lookMs;
  }

  /** Leaf (hex) by `source id`. */
  async of(taken: readonly Waiting[]): Promise<ReadonlyMap<string, string>> {
    const known = new Map<string, string>();
    for (const { input, known: leaf } of taken)
      if (leaf !== undefined && input.kind === 'command') known.set(nameOf(input.item.message), leaf);
    if (this.#env.clock.monotonic() >= this.#until) return known;
    const keys = taken.flatMap(({ input }) => {
      if (input.kind === 'command') return [keyOf(input.item.message)];
      if (input.kind !== 'frame') return [];
      return input.frame.messages.flatMap((one) => (one.ok ? [keyOf(one.item.message)] : []));
    });
    const rows = keys.length === 0 ? [] : await this.#env.store.seen(undefined, keys);
    for (const row of rows) known.set(nameOf(row), toHex(row.leaf));
    return known;
  }
}

interface Key {
  readonly source: string;
  readonly id: string;
}

const keyOf = ({ source, id }: Key): Key => ({ source, id });
const nameOf = ({ source, id }: Key): string => `${source} ${id}`;
