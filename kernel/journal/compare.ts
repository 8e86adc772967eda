import type { Reader } from '../store/store.ts';
import { add, type Check } from './check.ts';
import { type Fold, type FoldedTable, keyOf, keys, type Row } from './fold.ts';
import { oldestIds } from './terms.ts';

/** How a row is named to people: by its position, or by an id or account that says nothing of a person. */
const names: { readonly [T in FoldedTable]: (row: Row) => string } = {
  record: (row) => `${row['type']} ${row['at']}`,
  posting: (row) => `${row['transfer']} ${row['leg']}`,
  balance: (row) => String(row['account']),
  hold: (row) => String(row['transfer']),
  timer: (row) => String(row['at']),
  held: (row) => String(row['at']),
  conversation: (row) => String(row['command']),
  awaited: (row) => String(row['message']),
  seen: (row) => String(row['id']),
};

/** Compares what was folded with the tables, column by column; each difference is named by table, row, column and byte. */
export async function compareTables(
  reader: Reader,
  partition: number,
  { rows: folded, now }: Pick<Fold, 'rows' | 'now'>,
  check: Check,
): Promise<void> {
  const oldest = oldestIds(now);
  // Ids over their term are forgotten in the table before their messages are erased from the journal, or the other way round.
  const isOver = (table: FoldedTable, row: Row): boolean =>
    table === 'seen' && String(row['month']) <= oldest;
  for (const table of tables) {
    const left = new Map(folded[table]);
    const differs = (row: Row, detail: string): void =>
      void check.findings.push({
        at: `${partition} ${table} ${names[table](row)}`,
        code: 'difference',
        detail,
      });
    for await (const row of reader.table(table, partition)) {
      if (row['body'] === null) continue;
      add(check, 'rows');
      const key = keyOf(table, row);
      const wanted = left.get(key);
      left.delete(key);
      if (wanted) for (const detail of differences(wanted, row)) differs(wanted, detail);
      else if (!isOver(table, row)) differs(row, 'the row is not in the journal');
    }
    for (const row of left.values())
      if (!isOver(table, row)) differs(row, 'the row is in the journal and not in the table');
  }
}

// The cast gathers the names that `keys` has one by one.
const tables = Object.keys(keys) as FoldedTable[];

function differences(wanted: Row, found: Row): string[] {
  const columns = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...columns].flatMap((column) => {
    const [is, was] = [textOf(found[column]), textOf(wanted[column])];
    return is === was
      ? []
      : [`${column} is not what the journal says, from byte ${firstDifference(is, was)}`];
  });
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value === 'object') return JSON.stringify(value);
  return Buffer.from(String(value)).toString('latin1');
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
