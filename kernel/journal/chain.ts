import { sameBytes, toHex } from '../exchange/bytes.ts';
import { link, readJournalHead } from '../exchange/head.ts';
import { instantMs } from '../exchange/instant.ts';
import type { Message } from '../exchange/message.ts';
import type { Suite } from '../exchange/suite.ts';
import type { JournalRow } from '../store/rows.ts';
import type { JournalBatch } from '../store/store.ts';
import { type Checked, entriesOf, suiteOf, type Wrong } from './check.ts';
import { entryJson, type PackedEntry } from './entries.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import { readGone, remnantIn } from './remnant.ts';

/** Leaf of a stored entry in a suite. */
export function leafOf(suite: Suite, entry: PackedEntry): Uint8Array {
  if (entry.kind === 'gone') return readGone(entry.bytes).leaf;
  return entry.kind === 'dup' || entry.kind === 'bad' ? entry.bytes : leafHash(suite, entry.bytes);
}

/** One batch against its head and the batch before it (kernel rule 12.1); its entries, or none when they cannot be read or trusted. */
export function checkBatch(
  checked: Checked,
  partition: number,
  before: JournalRow | undefined,
  batch: JournalBatch,
  wrong: Wrong,
): readonly PackedEntry[] {
  const suite = suiteOf(checked, batch);
  checkLink(suite, before, batch.row, wrong);
  checkHead(checked.here, partition, batch.row, wrong);
  let entries: readonly PackedEntry[];
  try {
    entries = entriesOf(batch);
  } catch (error) {
    wrong('body', error instanceof Error ? error.message : 'does not unpack');
    return [];
  }
  if (entries.length !== batch.row.count || entries.some((entry, k) => entry.index !== k)) {
    wrong('entries', `${entries.length} of ${batch.row.count} entries are there`);
    return [];
  }
  const root = merkleRoot(
    suite,
    entries.map((entry) => leafOf(suite, entry)),
  );
  if (!sameBytes(root, batch.row.root)) wrong('root', 'an entry is not what was signed');
  checkColumns(partition, before, batch.row, entries, wrong);
  return entries;
}

function checkLink(suite: Suite, before: JournalRow | undefined, row: JournalRow, wrong: Wrong): void {
  if (row.seq !== (before?.seq ?? 0) + 1) wrong('hole', `batch ${(before?.seq ?? 0) + 1} is missing`);
  if (!sameBytes(row.prev, before?.link ?? new Uint8Array(32)))
    wrong('prev', 'does not follow the batch before it');
  if (!sameBytes(row.link, link(suite, row.head))) wrong('link', 'is not the hash of its head');
  if (before && row.now < before.now) wrong('now', 'its time is before that of the batch before it');
  if (before && row.epoch < before.epoch)
    wrong('epoch', 'its lease is older than that of the batch before it');
}

function checkHead(here: string, partition: number, row: JournalRow, wrong: Wrong): void {
  const head = readJournalHead(row.head);
  if (!head.ok) return wrong('head', head.detail);
  const { from, prev, root, count, seq, epoch, now } = head.value;
  const columns = {
    partition: head.value.partition === partition,
    seq: seq === row.seq,
    epoch: epoch === row.epoch,
    now: instantMs(now) === row.now,
    count: count === row.count,
    root: root === toHex(row.root),
    prev: prev === toHex(row.prev),
  };
  for (const [column, same] of Object.entries(columns))
    if (!same) wrong('head', `column ${column} is not what the head says`);
  if (from !== here) wrong('head', `the head is ${from}'s`);
}

/** Cursors of routes and the list of peers stand beside the head: both follow from the entries. */
function checkColumns(
  partition: number,
  before: JournalRow | undefined,
  row: JournalRow,
  entries: readonly PackedEntry[],
  wrong: Wrong,
): void {
  const routes = [...(before?.routes ?? [])];
  const peers = new Set<string>();
  for (const entry of entries) {
    const remnant = remnantIn(entry);
    if (entry.kind === 'route' || remnant?.was === 'route') peers.add('');
    if (entry.kind === 'out') peers.add(messageOf(entry).to);
    if (remnant?.was === 'out') peers.add(remnant.to);
    if (entry.kind !== 'ref') continue;
    const from = Number(entryJson(entry)['partition']);
    if (from !== partition) routes[from] = Math.max(routes[from] ?? 0, Number(entryJson(entry)['position']));
  }
  if (row.routes.some((cursor, from) => cursor !== (routes[from] ?? 0)))
    wrong('routes', 'a cursor is not where the batch took it');
  if ([...row.peers].sort().join() !== [...peers].sort().join())
    wrong('peers', 'are not those that the batch has messages for');
}

/** A message that stands in an entry. */
export function messageOf(entry: PackedEntry): Message {
  return JSON.parse(Buffer.from(entry.bytes).toString('utf8'));
}
