import { sameBytes, toHex } from '../exchange/bytes.ts';
import { link, readJournalHead } from '../exchange/head.ts';
import type { Suite } from '../exchange/suite.ts';
import { placeOf, positionOf } from '../runtime/ids.ts';
import type { JournalRow } from '../store/rows.ts';
import type { JournalBatch, Reader, Store } from '../store/store.ts';
import { type PackedEntry, unpackEntries } from './entries.ts';
import { leafHash, merkleRoot } from './merkle.ts';

/** What a check counted and what it found wrong: a place, a code, what is wrong there. */
export interface Check {
  readonly counts: Record<string, number>;
  readonly findings: { readonly at: string; readonly code: string; readonly detail: string }[];
}

/** Told after each page of batches; `signal` ends the check early. */
export interface CheckOptions {
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** A node's tables, and how they are hashed. */
export interface Checked {
  readonly store: Store;
  readonly reader: Reader;
  readonly suite: Suite;
  readonly partitions: number;
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

/** Journals from the first batch on: sequence, links, roots, time (kernel rule 12.1), then sums of transfers (12.3) and ids (12.8). */
export async function verifyJournal(checked: Checked, options: CheckOptions = {}): Promise<Check> {
  const check: Check = { counts: { batches: 0, entries: 0, postings: 0, ids: 0 }, findings: [] };
  const total = await totalBatches(checked);
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    let before: JournalRow | undefined;
    for await (const batch of batchesOf(checked.store, partition)) {
      if (options.signal?.aborted) return check;
      verifyBatch(checked.suite, partition, before, batch, check);
      before = batch.row;
      options.progress?.(add(check, 'batches'), total);
    }
    await verifyTransfers(checked.reader, partition, check);
    await verifyIds(checked, partition, check);
  }
  return check;
}

async function totalBatches(checked: Checked): Promise<number> {
  let total = 0;
  for (let partition = 0; partition < checked.partitions; partition += 1)
    total += (await checked.store.tail(partition)).journal.seq;
  return total;
}

function verifyBatch(
  suite: Suite,
  partition: number,
  before: JournalRow | undefined,
  batch: JournalBatch,
  check: Check,
): void {
  const { row } = batch;
  const at = `${partition}.${row.seq}`;
  const wrong = (code: string, detail: string): void => void check.findings.push({ at, code, detail });
  if (row.seq !== (before?.seq ?? 0) + 1) wrong('hole', `batch ${(before?.seq ?? 0) + 1} is missing`);
  if (!sameBytes(row.prev, before?.link ?? new Uint8Array(32)))
    wrong('prev', 'does not follow the batch before it');
  if (!sameBytes(row.link, link(suite, row.head))) wrong('link', 'is not the hash of its head');
  if (before && row.now < before.now) wrong('now', 'its time is before that of the batch before it');
  if (before && row.epoch < before.epoch)
    wrong('epoch', 'its lease is older than that of the batch before it');
  const head = readJournalHead(row.head);
  if (!head.ok) return wrong('head', head.detail);
  const { prev, root, count, seq } = head.value;
  if (prev !== toHex(row.prev) || root !== toHex(row.root) || count !== row.count || seq !== row.seq)
    wrong('head', 'its columns are not what its head says');
  verifyEntries(suite, batch, check, wrong);
}

function verifyEntries(
  suite: Suite,
  batch: JournalBatch,
  check: Check,
  wrong: (code: string, detail: string) => void,
): void {
  let entries: PackedEntry[];
  try {
    entries = batch.bodies.flatMap((body) => unpackEntries(body.body)).sort((a, b) => a.index - b.index);
  } catch (error) {
    return wrong('body', error instanceof Error ? error.message : 'does not unpack');
  }
  add(check, 'entries', entries.length);
  if (entries.length !== batch.row.count || entries.some((entry, k) => entry.index !== k))
    return wrong('entries', `${entries.length} of ${batch.row.count} entries are there`);
  const leaves = entries.map((entry) =>
    leafOnly.has(entry.kind) ? entry.bytes : leafHash(suite, entry.bytes),
  );
  if (!sameBytes(merkleRoot(suite, leaves), batch.row.root)) wrong('root', 'an entry is not what was signed');
}

const leafOnly: ReadonlySet<string> = new Set(['dup', 'bad', 'gone']);

async function verifyTransfers(reader: Reader, partition: number, check: Check): Promise<void> {
  let transfer = '';
  let fen = 0n;
  let legs = 0;
  const close = (): void => {
    if (legs === 0 || (fen === 0n && legs === 2)) return;
    check.findings.push({
      at: `${partition}`,
      code: 'transfer',
      detail: `${transfer} does not sum to zero over two legs`,
    });
  };
  for await (const row of reader.table('posting', partition)) {
    add(check, 'postings');
    if (row['transfer'] !== transfer) {
      close();
      transfer = String(row['transfer']);
      fen = 0n;
      legs = 0;
    }
    fen += BigInt(String(row['fen']));
    legs += 1;
  }
  close();
}

/** Each accepted id stands once in the journal with the leaf that `seen` keeps. */
async function verifyIds(checked: Checked, partition: number, check: Check): Promise<void> {
  let batch: { readonly seq: number; readonly entries: readonly PackedEntry[] } | undefined;
  for await (const row of checked.reader.table('seen', partition)) {
    add(check, 'ids');
    const { seq, index } = placeOf(Number(row['at']));
    if (batch?.seq !== seq) {
      const [read] = await checked.store.read(partition, seq, 1);
      const entries = read?.row.seq === seq ? safely(read) : [];
      batch = { seq, entries };
    }
    const entry = batch.entries.find((one) => one.index === index);
    const leaf = row['leaf'];
    if (entry && leaf instanceof Uint8Array && sameBytes(leafHash(checked.suite, entry.bytes), leaf))
      continue;
    check.findings.push({
      at: `${partition}.${positionOf(seq, index)}`,
      code: 'seen',
      detail: 'the journal has no such message there',
    });
  }
}

function safely(batch: JournalBatch): PackedEntry[] {
  try {
    return batch.bodies.flatMap((body) => unpackEntries(body.body));
  } catch {
    return []; // named already as a body that does not unpack
  }
}

/** Adds to a count and returns it. */
export function add(check: Check, name: string, by = 1): number {
  const value = (check.counts[name] ?? 0) + by;
  check.counts[name] = value;
  return value;
}
