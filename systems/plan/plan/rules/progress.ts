import type { PartStanding } from './lateness.ts';

/** How far a part is. 未启动 · 前期工作 · 推进中 · 已完成 · 暂缓 */
export const statuses = ['not-started', 'preparing', 'under-way', 'completed', 'suspended'] as const;
/** How far a part is. */
export type Status = (typeof statuses)[number];

/** What progress needs of a member's part of an entry. */
export interface Part {
  readonly item: string;
  readonly chapter: number;
  readonly kind: string;
  readonly member: string;
  readonly cities: readonly string[];
  readonly status: Status;
  readonly standing: PartStanding;
}

/** What progress can be told by. */
export const dimensions = ['chapter', 'kind', 'member', 'city'] as const;
/** What progress is told by. */
export type Dimension = (typeof dimensions)[number];

/** One line of the progress sheet. 进展表 */
export interface ProgressRow {
  readonly key: string;
  /** Entries, and members' parts of them. */
  readonly entries: number;
  readonly parts: number;
  /** Entries all of whose parts are completed; any of whose parts is under way or completed; that have a late milestone. */
  readonly completed: number;
  readonly begun: number;
  readonly late: number;
  /** Completed of all, in 1/10,000, rounded down, so that 10,000 means all. */
  readonly completedBasisPoints: number;
}

/** Progress by one dimension, in order of its values; a part in several cities counts in each of them. */
export function progress(parts: Iterable<Part>, by: Dimension): readonly ProgressRow[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts)
    for (const key of keysOf(part, by)) groups.set(key, [...(groups.get(key) ?? []), part]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, group]) => rowOf(key, group));
}

function keysOf(part: Part, by: Dimension): readonly string[] {
  return by === 'city' ? part.cities : [String(part[by])];
}

function rowOf(key: string, parts: readonly Part[]): ProgressRow {
  const byItem = new Map<string, Part[]>();
  for (const part of parts) byItem.set(part.item, [...(byItem.get(part.item) ?? []), part]);
  const all = [...byItem.values()];
  const completed = all.filter((of) => of.every(({ status }) => status === 'completed')).length;
  return {
    key,
    entries: all.length,
    parts: parts.length,
    completed,
    begun: all.filter((of) => of.some(({ status }) => status === 'under-way' || status === 'completed'))
      .length,
    late: all.filter((of) => of.some(({ standing }) => standing === 'late')).length,
    completedBasisPoints: Math.floor((completed * 10_000) / all.length),
  };
}
