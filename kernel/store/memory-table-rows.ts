import { compareText } from './find.ts';
import type { PartitionTables } from './memory-tables.ts';
import type { TableName } from './store.ts';

type Row = Readonly<Record<string, unknown>>;
type Key = readonly (string | number)[];

/** All rows of one of a partition's tables in the order of its key, as copies. */
export function tableRows(tables: PartitionTables, name: TableName): readonly Row[] {
  switch (name) {
    case 'record':
      return ordered(
        [...tables.records.values()].flatMap((subjects) =>
          [...subjects.values()].flatMap((rows) => [...rows.values()]),
        ),
        (row) => [row.type, row.subject, row.id, row.owner],
      );
    case 'posting':
      return ordered(tables.postings.values(), (row) => [row.transfer, row.leg]);
    case 'balance':
      return ordered(tables.balances.values(), (row) => [row.account]);
    case 'hold':
      return ordered(tables.holds.values(), (row) => [row.transfer]);
    case 'timer':
      return ordered(tables.timers.values(), (row) => [row.subject, row.name]);
    case 'held':
      return ordered(tables.held.values(), (row) => [row.at]);
    case 'conversation':
      return ordered(tables.conversations.values(), (row) => [row.command]);
    case 'awaited':
      return ordered(tables.awaited.values(), (row) => [row.message]);
    case 'seen':
      return ordered(tables.seen.values(), (row) => [row.month, row.source, row.id]);
    case 'sent':
      return ordered(tables.sent.values(), frameKey);
    case 'received':
      return ordered(tables.received.values(), frameKey);
    case 'receipt':
      return ordered(tables.receipts.values(), frameKey);
  }
}

const frameKey = (row: { peer: string; stream: string; epoch: number; seq: number }): Key => [
  row.peer,
  row.stream,
  row.epoch,
  row.seq,
];

function ordered<T extends object>(rows: Iterable<T>, keyOf: (row: T) => Key): readonly Row[] {
  return [...rows]
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)))
    .map((row) => Object.fromEntries(Object.entries(row)));
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    const order = typeof left === 'number' ? left - Number(right) : compareText(left, String(right));
    if (order !== 0) return order;
  }
  return 0;
}
