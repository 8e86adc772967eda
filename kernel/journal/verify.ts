import { shortOf } from '../ledger/limits.ts';
import type { BalanceRow, JournalRow } from '../store/rows.ts';
import { checkBatch } from './chain.ts';
import {
  add,
  batchesOf,
  type Check,
  type Checked,
  type CheckOptions,
  sizesOf,
  suiteOf,
  type Wrong,
} from './check.ts';
import { compareTables } from './compare.ts';
import { Fold } from './fold.ts';
import { LogTree } from './log-tree.ts';
import { checkCrossing, Outcomes } from './outcomes.ts';
import { Streams } from './streams.ts';

/**
 * Everything that must hold after every commit (kernel rules 12.1 to 12.9): the journals in themselves, then every table against
 * them. A finding names the row, and the column and byte where the journal tells them. Changes nothing.
 */
export async function verifyJournal(checked: Checked, options: CheckOptions = {}): Promise<Check> {
  const check: Check = { counts: { batches: 0, entries: 0, rows: 0, frames: 0 }, findings: [] };
  const { batches, frames } = await sizesOf(checked);
  let done = 0;
  const step = (): void => options.progress?.(++done, batches + frames);
  const tree = await LogTree.read(checked, check);
  const outcomes: Outcomes[] = [];
  const cursors: (readonly number[])[] = [];
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    const walk = new Walk(checked, check, partition, tree);
    if (!(await walk.streams.load(step, options.signal))) return check;
    for await (const batch of batchesOf(checked.store, partition)) {
      if (options.signal?.aborted) return check;
      walk.batch(batch);
      add(check, 'batches');
      step();
    }
    await walk.end();
    outcomes.push(walk.outcomes);
    cursors.push(walk.before?.routes ?? []);
  }
  for (const to of outcomes) checkRoutes(outcomes, to, cursors[to.partition] ?? [], check);
  tree.end(checked.directory.region);
  return check;
}

/** One partition's journal, from its first batch on. */
class Walk {
  readonly streams: Streams;
  readonly outcomes: Outcomes;
  before: JournalRow | undefined;
  readonly #checked: Checked;
  readonly #check: Check;
  readonly #partition: number;
  readonly #tree: LogTree;
  readonly #fold: Fold;

  constructor(checked: Checked, check: Check, partition: number, tree: LogTree) {
    this.#checked = checked;
    this.#check = check;
    this.#partition = partition;
    this.#tree = tree;
    this.#fold = new Fold(checked.here, (balance, at) => this.#limit(balance as unknown as BalanceRow, at));
    this.streams = new Streams(checked, partition, check);
    this.outcomes = new Outcomes(partition, checked.here, checked.partitions);
  }

  batch(batch: Parameters<typeof checkBatch>[3]): void {
    const { row } = batch;
    const wrong = this.#at(`${this.#partition}.${row.seq}`);
    const entries = checkBatch(this.#checked, this.#partition, this.before, batch, wrong);
    this.before = row;
    this.#tree.head(this.#partition, row.seq, row.head);
    add(this.#check, 'entries', entries.length);
    try {
      this.outcomes.batch(row, entries, wrong);
      this.streams.batch(row.seq, entries);
      this.#fold.batch(suiteOf(this.#checked, batch), row, entries);
    } catch (error) {
      wrong('entry', `cannot be read: ${error instanceof Error ? error.name : 'fault'}`);
    }
  }

  /** Rule 12.4: a limited account is at no position below its limit. */
  #limit(balance: BalanceRow, at: number): void {
    const short = shortOf(this.#checked.limited, balance);
    if (short !== undefined)
      this.#at(`${this.#partition}.${at}`)('limit', `leaves ${balance.account} ${short} fen below its limit`);
  }

  async end(): Promise<void> {
    this.streams.end();
    for (const timer of this.#fold.rows.timer.values())
      this.outcomes.timer(timer, this.#at(`${this.#partition} timer ${timer['at']}`));
    await compareTables(this.#checked.reader, this.#partition, this.#fold, this.#check);
  }

  #at(at: string): Wrong {
    return (code, detail) => void this.#check.findings.push({ at, code, detail });
  }
}

function checkRoutes(all: readonly Outcomes[], to: Outcomes, cursors: readonly number[], check: Check): void {
  for (const from of all) {
    if (from === to) continue;
    const sent = from.routes.filter((route) => route.to === to.partition).map(({ position }) => position);
    const wrong: Wrong = (code, detail) =>
      void check.findings.push({ at: `${from.partition} to ${to.partition}`, code, detail });
    checkCrossing(sent, to.taken.get(from.partition) ?? [], cursors[from.partition] ?? 0, wrong);
  }
}
