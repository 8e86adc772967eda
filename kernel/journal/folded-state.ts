import type { Suite } from '../exchange/suite.ts';
import { positionOf } from '../runtime/ids.ts';
import type { JournalRow, RecordRow } from '../store/rows.ts';
import type { Loaded, Miss } from '../store/store.ts';
import { entryJson, type PackedEntry } from './entries.ts';
import { Fold, type FoldedTable, keyOf, type Row } from './fold.ts';
import { Lacking } from './lacking.ts';

/** A partition's state as its journal gives it up to a batch, found as the store finds it. */
export class FoldedState {
  readonly fold: Fold;
  /** Keys of records by type and subject, of holds by name. */
  readonly #groups = new Map<string, Set<string>>();
  readonly #lacking = new Lacking();

  constructor(here: string) {
    this.fold = new Fold(here);
  }

  batch(suite: Suite, row: Pick<JournalRow, 'seq' | 'now'>, entries: readonly PackedEntry[]): void {
    this.fold.batch(suite, row, entries);
    for (const entry of entries) this.#lacking.entry(positionOf(row.seq, entry.index), entry, entries);
    for (const entry of entries) {
      if (entry.kind === 'put') this.#noteRecord(entryJson(entry));
      if (entry.kind === 'did') this.#noteHolds(entryJson(entry));
    }
  }

  /** Whether the state is what it was: nothing of it is erased that something newer has not replaced. */
  get isWhole(): boolean {
    return this.#lacking.isEmpty;
  }

  /** What the store would have found for these misses. */
  load(misses: readonly Miss[]): Loaded {
    const loaded: Record<keyof Loaded, Row[]> = {
      records: [],
      balances: [],
      holds: [],
      postings: [],
      conversations: [],
      awaited: [],
    };
    for (const miss of misses) {
      const [list, rows] = this.#found(miss);
      loaded[list].push(...rows);
    }
    // The cast names what the journal's own texts hold.
    return loaded as unknown as Loaded;
  }

  #found(miss: Miss): readonly [keyof Loaded, readonly Row[]] {
    switch (miss.table) {
      case 'records':
        return ['records', this.#group('record', `${miss.type}\n${miss.subject}`)];
      case 'record':
        return ['records', this.#rows('record', [[miss.type, miss.subject, miss.id, ''].join('\n')])];
      case 'balance':
        return ['balances', this.#rows('balance', [miss.account])];
      case 'hold':
        return ['holds', this.#group('hold', miss.name)];
      case 'transfer':
        return ['postings', this.#rows('posting', [`${miss.transfer}\n0`, `${miss.transfer}\n1`])];
      case 'conversation':
        return ['conversations', this.#rows('conversation', [miss.command])];
      case 'awaited':
        return ['awaited', this.#rows('awaited', [miss.message])];
    }
  }

  #group(table: FoldedTable, name: string): readonly Row[] {
    const rows = this.#rows(table, [...(this.#groups.get(`${table}\n${name}`) ?? [])]);
    return table === 'hold' ? [...rows].sort((a, b) => Number(a['index']) - Number(b['index'])) : rows;
  }

  #rows(table: FoldedTable, keys: readonly string[]): readonly Row[] {
    const found = keys.map((key) => this.fold.rows[table].get(key));
    return found.filter((row) => row !== undefined);
  }

  #noteRecord(put: Row): void {
    if (put['put'] !== 'record') return;
    const { type, subject } = put as unknown as RecordRow;
    this.#note(`record\n${type}\n${subject}`, keyOf('record', put));
  }

  #noteHolds(did: Row): void {
    const holds: unknown = did['hold'];
    for (const [transfer, name] of Array.isArray(holds) ? holds : [])
      this.#note(`hold\n${String(name)}`, String(transfer));
  }

  #note(group: string, key: string): void {
    const keys = this.#groups.get(group) ?? new Set();
    keys.add(key);
    this.#groups.set(group, keys);
  }
}
