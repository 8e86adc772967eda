import { entryJson, type PackedEntry } from './entries.ts';
import type { Row } from './fold.ts';
import { type Remnant, remnantIn } from './remnant.ts';

/** What a state once had and the journal no longer tells, until something newer stands in its place. */
export class Lacking {
  /** Positions of erased puts of records, commands of erased conversations, ids of erased messages that were to be answered. */
  readonly #what = new Set<unknown>();

  get isEmpty(): boolean {
    return this.#what.size === 0;
  }

  /** The next entry of the journal, among those of its batch. */
  entry(at: number, entry: PackedEntry, batch: readonly PackedEntry[]): void {
    const remnant = remnantIn(entry);
    if (remnant?.was === 'put') this.#erased(at, remnant);
    else if (entry.kind === 'put') this.#put(entryJson(entry));
    else if (entry.kind === 'did') this.#did(entryJson(entry), batch);
  }

  #erased(at: number, { previous, removed, conversation }: Extract<Remnant, { was: 'put' }>): void {
    if (conversation !== undefined) this.#what.add(conversation);
    if (previous === undefined) return;
    this.#what.delete(previous);
    if (!removed) this.#what.add(at);
  }

  #put({ put, previous, command }: Row): void {
    if (put === 'record') this.#what.delete(previous);
    if (put === 'conversation') this.#what.delete(command);
  }

  #did({ awaits, answered }: Row, batch: readonly PackedEntry[]): void {
    for (const index of Array.isArray(awaits) ? awaits : []) {
      const entry = batch.find((one) => one.index === index);
      const remnant = entry && remnantIn(entry);
      if (remnant && remnant.was !== 'put') this.#what.add(remnant.id);
    }
    for (const id of Array.isArray(answered) ? answered : []) this.#what.delete(id);
  }
}
