import {
  add,
  batchesOf,
  type Check,
  type Checked,
  type CheckOptions,
  entriesOf,
  sizesOf,
  suiteOf,
} from './check.ts';
import { compareTables } from './compare.ts';
import { Fold } from './fold.ts';

/** Folds the stored outcomes of every batch, without running a handler, and compares with the tables: no difference may be found (K24). */
export async function rebuildState(checked: Checked, options: CheckOptions = {}): Promise<Check> {
  const check: Check = { counts: { batches: 0, rows: 0 }, findings: [] };
  const { batches: total } = await sizesOf(checked);
  for (let partition = 0; partition < checked.partitions; partition += 1) {
    const fold = new Fold(checked.here);
    for await (const batch of batchesOf(checked.store, partition)) {
      if (options.signal?.aborted) return check;
      fold.batch(suiteOf(checked, batch), batch.row.seq, entriesOf(batch));
      options.progress?.(add(check, 'batches'), total);
    }
    await compareTables(checked.reader, partition, fold.rows, check);
  }
  return check;
}
