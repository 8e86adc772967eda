import { instantOf } from '@yitong/kit';
import type { RecordVersion, RecordView } from '../api.ts';
import { entryJson } from '../journal/entries.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf } from '../runtime/ids.ts';
import { entriesIn } from '../runtime/open.ts';

/**
 * Versions of a record, the newest first, from the journal: each `put` names the position of the one before (K26). The last one may
 * be cut off by the limit; one whose body was erased is there without its value.
 */
export async function historyOf(
  env: Environment,
  record: Pick<RecordView, 'at'>,
  limit: number,
): Promise<RecordVersion[]> {
  const [partition = 0, newest = 0] = record.at.split('.').map(Number);
  const versions: RecordVersion[] = [];
  for (let position = newest; position > 0 && versions.length < limit; ) {
    const { seq, index } = placeOf(position);
    const [batch] = await env.store.read(partition, seq, 1);
    if (batch?.row.seq !== seq) break;
    const entry = entriesIn(batch).find((one) => one.index === index);
    const at = { at: `${partition}.${position}`, time: instantOf(batch.row.now) };
    if (entry?.kind !== 'put') {
      versions.push({ ...at, version: undefined, value: undefined });
      break;
    }
    const { version, body, previous } = entryJson(entry);
    versions.push({ ...at, version: Number(version), value: body });
    position = Number(previous);
  }
  return versions;
}
