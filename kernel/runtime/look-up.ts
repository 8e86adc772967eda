import { toHex } from '../exchange/bytes.ts';
import type { Environment } from './environment.ts';
import type { Waiting } from './queue.ts';

/** How long all ids are looked up after one was met again (K11). */
const lookMs = 10_000;

/** Which ids were accepted before: asked for those that the asker chose, and for all just after one was met again. */
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
    const all = this.#env.clock.monotonic() < this.#until;
    const ids = taken.flatMap(({ input, lookup }) => {
      if (input.kind === 'command') return lookup || all ? [keyOf(input.item.message)] : [];
      if (input.kind !== 'frame' || !all) return [];
      return input.frame.messages.flatMap((one) => (one.ok ? [keyOf(one.item.message)] : []));
    });
    if (ids.length === 0) return new Map();
    const rows = await this.#env.store.seen(undefined, ids);
    return new Map(rows.map((row) => [`${row.source} ${row.id}`, toHex(row.leaf)]));
  }
}

function keyOf({ source, id }: { readonly source: string; readonly id: string }) {
  return { source, id };
}
