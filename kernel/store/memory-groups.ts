import { compareText, type GroupValues } from './find.ts';
import type { RecordRow } from './rows.ts';
import type { RecordGroup } from './store.ts';

/** Counts rows and subjects by the values of fields, in order of the values, a missing one first; only groups that come after `after`. */
export function groupsOf(
  rows: readonly RecordRow[],
  by: readonly string[],
  after: GroupValues | undefined,
): RecordGroup[] {
  const groups = new Map<string, { values: GroupValues; rows: number; subjects: Set<string> }>();
  for (const row of rows) {
    const body: unknown = JSON.parse(row.body ?? '{}');
    for (const values of combinations(by.map((name) => valuesOf(Reflect.get(Object(body), name))))) {
      const key = JSON.stringify(values);
      const group = groups.get(key) ?? { values, rows: 0, subjects: new Set() };
      groups.set(key, group);
      group.rows += 1;
      group.subjects.add(row.subject);
    }
  }
  return [...groups.values()]
    .filter(({ values }) => after === undefined || compareValues(values, after) > 0)
    .sort((a, b) => compareValues(a.values, b.values))
    .map((group) => ({ ...group, subjects: group.subjects.size }));
}

/** A value's texts: one, or each of a list's. */
function valuesOf(value: unknown): GroupValues {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.map((one) => (one === undefined || one === null ? null : String(one)));
}

function combinations(fields: readonly GroupValues[]): readonly GroupValues[] {
  return fields.reduce<readonly GroupValues[]>(
    (all, values) => all.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
}

function compareValues(a: GroupValues, b: GroupValues): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? null;
    if (left === right) continue;
    if (left === null) return -1;
    if (right === null) return 1;
    return compareText(left, right);
  }
  return 0;
}
