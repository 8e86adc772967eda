import { compareText } from './find.ts';
import type { RecordRow } from './rows.ts';
import type { RecordGroup } from './store.ts';

/** Counts rows and subjects by the values of fields, in order of the values, a missing one first. */
export function groupsOf(rows: readonly RecordRow[], by: readonly string[]): RecordGroup[] {
  const groups = new Map<
    string,
    { values: readonly (string | null)[]; rows: number; subjects: Set<string> }
  >();
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
    .sort((a, b) => compareValues(a.values, b.values))
    .map((group) => ({ ...group, subjects: group.subjects.size }));
}

/** A value's texts: one, or each of a list's. */
function valuesOf(value: unknown): readonly (string | null)[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.map((one) => (one === undefined || one === null ? null : String(one)));
}

function combinations(
  fields: readonly (readonly (string | null)[])[],
): readonly (readonly (string | null)[])[] {
  return fields.reduce<readonly (readonly (string | null)[])[]>(
    (all, values) => all.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
}

function compareValues(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? null;
    if (left === right) continue;
    if (left === null) return -1;
    if (right === null) return 1;
    return compareText(left, right);
  }
  return 0;
}
