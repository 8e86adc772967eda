import { type Day, daysBetween } from '@yitong/kit';

/** How a milestone stands. 已达成 · 已逾期 · 临近 · 正常 */
export type Standing = 'reached' | 'late' | 'due-soon' | 'on-course';
/** How a member's part of an entry stands: as the worst of its open milestones, `none` without any. */
export type PartStanding = Exclude<Standing, 'reached'> | 'none';

/** A milestone's two days: when it is planned, and when it was reached, if it was. */
export interface Milestone {
  readonly planned: Day;
  readonly reached: Day | null;
}

/** How a milestone stands on a day, and by how many days it is late (above 0) or early (below 0), seen from that day or the day it was reached. */
export function standingOf(
  { planned, reached }: Milestone,
  today: Day,
  { dueSoonDays }: { readonly dueSoonDays: number },
): { readonly standing: Standing; readonly days: number } {
  const days = daysBetween(planned, reached ?? today);
  if (reached !== null) return { standing: 'reached', days };
  if (days > 0) return { standing: 'late', days };
  return { standing: -days <= dueSoonDays ? 'due-soon' : 'on-course', days };
}

/** The worst of open milestones' standings. */
export function worst(standings: readonly Standing[]): PartStanding {
  const order = ['late', 'due-soon', 'on-course'] as const;
  return order.find((one) => standings.includes(one)) ?? 'none';
}
