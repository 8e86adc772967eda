import type { LiveEvent } from '../api.ts';
import { recordView } from '../runtime/outcomes.ts';
import type { RecordRow } from '../store/rows.ts';

/** Which changes a listener wants: of one type, of one subject or of all. */
export interface LiveFilter {
  readonly type: string;
  readonly subject?: string;
}

/** Tells listeners what changed, from memory after COMMIT (K50). */
export class Live {
  readonly #listeners = new Set<{
    readonly filter: LiveFilter;
    readonly listener: (event: LiveEvent) => void;
  }>();

  /** What takes the listener off again. */
  subscribe(filter: LiveFilter, listener: (event: LiveEvent) => void): () => void {
    const entry = { filter, listener };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  committed(partition: number, rows: readonly RecordRow[]): void {
    if (this.#listeners.size > 0) for (const row of rows) this.#tell(row, partition);
  }

  #tell(row: RecordRow, partition: number): void {
    const event = {
      id: `${partition}.${row.at}.0`,
      type: row.type,
      subject: row.subject,
      record: row.body === null ? undefined : recordView(row, partition),
    };
    for (const { filter, listener } of this.#listeners)
      if (filter.type === row.type && (filter.subject === undefined || filter.subject === row.subject))
        listener(event);
  }
}
