import type { Directory } from '../exchange/directory.ts';
import { readJournalHead } from '../exchange/head.ts';
import type { Suite, Suites } from '../exchange/suite.ts';
import type { Limited } from '../ledger/limits.ts';
import type { JournalBatch, Reader, Store } from '../store/store.ts';
import { type PackedEntry, unpackEntries } from './entries.ts';

/** What a check counted and what it found wrong: a place, a code, what is wrong there. */
export interface Check {
  readonly counts: Record<string, number>;
  readonly findings: { readonly at: string; readonly code: string; readonly detail: string }[];
}

/** Told after each batch, and each row that is read besides, of how many; `signal` ends the check early. */
export interface CheckOptions {
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** A node's tables, and how they are hashed and signed. */
export interface Checked {
  readonly store: Store;
  readonly reader: Reader;
  readonly here: string;
  /** The newest. */
  readonly directory: Directory;
  /** A version that a text names; the newest stands for one that is not at hand. */
  readonly directoryAt?: (version: number) => Directory | undefined;
  readonly suites: Suites;
  readonly partitions: number;
  /** Whether messages of a type travel in the urgent lane. */
  readonly isUrgent: (type: string) => boolean;
  readonly limited: Limited;
}

const page = 64;

/** Every batch of a partition in order. */
export async function* batchesOf(store: Store, partition: number): AsyncGenerator<JournalBatch> {
  for (let seq = 1; ; ) {
    const batches = await store.read(partition, seq, page);
    yield* batches;
    const last = batches.at(-1);
    if (!last || batches.length < page) return;
    seq = last.row.seq + 1;
  }
}

/** Entries of a batch in order of index. Errors: throws when a body does not unpack. */
export function entriesOf(batch: JournalBatch): PackedEntry[] {
  return batch.bodies.flatMap((body) => unpackEntries(body.body)).sort((a, b) => a.index - b.index);
}

/** What a check does with a partition's journal: each batch in order, then its end. */
export interface Visitor {
  batch(batch: JournalBatch): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Goes through all batches of all partitions, each with a visitor of its own; counts `batches` and tells of them. */
export async function visitBatches(
  checked: Checked,
  check: Check,
  options: CheckOptions,
  visitor: (partition: number) => Visitor,
): Promise<void> {
  const { batches: total } = await sizesOf(checked);
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    const own = visitor(partition);
    for await (const batch of batchesOf(checked.store, partition)) {
      if (options.signal?.aborted) return;
      await own.batch(batch);
      options.progress?.(add(check, 'batches'), total);
    }
    await own.end();
  }
}

/** The suite that a batch's head names. */
export function suiteOf({ suites }: Pick<Checked, 'suites'>, batch: JournalBatch): Suite {
  const head = readJournalHead(batch.row.head);
  return suites[head.ok ? head.value.suite : 'ed25519-sha256'];
}

/** How many batches all partitions have, and how many rows of frames sent and received and of receipts. */
export async function sizesOf(
  checked: Checked,
): Promise<{ readonly batches: number; readonly frames: number }> {
  let batches = 0;
  let frames = 0;
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    const { journal, sent, received } = await checked.store.tail(partition);
    batches += journal.seq;
    for (const { last, unreceipted } of sent) frames += 2 * last.seq - unreceipted.length;
    for (const last of received) frames += last.seq;
  }
  return { batches, frames };
}

/** Adds to a count and returns it. */
export function add(check: Check, name: string, by = 1): number {
  const value = (check.counts[name] ?? 0) + by;
  check.counts[name] = value;
  return value;
}

/** Notes a fault at a place. */
export type Wrong = (code: string, detail: string) => void;
