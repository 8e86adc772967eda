/** A row of a count by fields. */
export interface Count {
  readonly value: Readonly<Record<string, unknown>>;
  readonly rows: number;
  readonly subjects: number;
}

/** How members' parts of the Outline's entries stand. */
export interface Standing {
  readonly done: number;
  readonly onCourse: number;
  readonly late: number;
  readonly notBegun: number;
}

/** Sums counts by status and standing: a late part is late, whatever its status says. */
export function standingOf(counts: readonly Count[]): Standing {
  const sum = { done: 0, onCourse: 0, late: 0, notBegun: 0 };
  for (const { value, rows } of counts) sum[kindOf(value)] += rows;
  return sum;
}

function kindOf({ status, standing }: Count['value']): keyof Standing {
  if (standing === 'late') return 'late';
  if (status === 'completed') return 'done';
  return status === 'not-started' ? 'notBegun' : 'onCourse';
}

/** For each city how many parts touch it, and how many of them are late. */
export function byCity(
  counts: readonly Count[],
): ReadonlyMap<string, { readonly n: number; readonly late: number }> {
  const found = new Map<string, { readonly n: number; readonly late: number }>();
  for (const { value, rows } of counts) {
    const city = String(value['cities']);
    const before = found.get(city) ?? { n: 0, late: 0 };
    found.set(city, { n: before.n + rows, late: before.late + (value['standing'] === 'late' ? rows : 0) });
  }
  return found;
}

/** All parts of a standing. */
export function total({ done, onCourse, late, notBegun }: Standing): number {
  return done + onCourse + late + notBegun;
}
