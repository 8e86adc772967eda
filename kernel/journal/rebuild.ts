import { type Check, type Checked, type CheckOptions, entriesOf, suiteOf, visitBatches } from './check.ts';
import { compareTables } from './compare.ts';
import { Fold } from './fold.ts';

/** Folds the stored outcomes of every batch, without running a handler, and compares with the tables: no difference may be found (K24). */
export async function rebuildState(checked: Checked, options: CheckOptions = {}): Promise<Check> {
  const check: Check = { counts: { batches: 0, rows: 0 }, findings: [] };
  await visitBatches(checked, check, options, (partition) => {
    const fold = new Fold(checked.here);
    return {
      batch: (batch) => fold.batch(suiteOf(checked, batch), batch.row, entriesOf(batch)),
      end: () => compareTables(checked.reader, partition, fold, check),
    };
  });
  return check;
}
