import type { RecordRow, RecordView } from '@yitong/kernel';
import type { RecordType } from '@yitong/kit';

/** A stored row with the partition it lies in. */
export type PlacedRow = RecordRow & { readonly partition: number };

/** A row as it leaves the node: its body lifted to today's schema, in JSON form. */
export function viewOf(record: RecordType, row: PlacedRow): RecordView {
  const { type, subject, id, owner, version, partition, at } = row;
  return { type, subject, id, owner, version, at: `${partition}.${at}`, value: lifted(record, row) };
}

function lifted(record: RecordType, { body, schema }: RecordRow): unknown {
  let value: unknown = JSON.parse(body ?? 'null');
  for (let version = schema; version < record.version; version++)
    value = record.lift?.(value, version) ?? value;
  return value;
}

/** The citizen number that a record concerns; undefined when it concerns nobody. */
export function personIn(
  record: RecordType,
  view: Pick<RecordView, 'subject' | 'value'>,
): string | undefined {
  if (record.about.person) return view.subject.slice(view.subject.indexOf(':') + 1);
  if (record.person === undefined) return undefined;
  const found: unknown = Reflect.get(Object(view.value), record.person);
  return typeof found === 'string' ? found : undefined;
}
