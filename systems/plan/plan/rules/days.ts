import type { Day } from '@yitong/kit';

/** Why a day cannot be meant. */
export type DayFault = 'day-too-early' | 'day-in-the-future' | 'day-beyond-the-plan';

/** The bounds of days that reports may name. */
export interface Bounds {
  readonly firstDay: Day;
  readonly lastDay: Day;
}

/** What is wrong with the day on which something is said to have happened. */
export function factFault(on: Day, today: Day, { firstDay }: Bounds): DayFault | undefined {
  if (on < firstDay) return 'day-too-early';
  return on > today ? 'day-in-the-future' : undefined;
}

/** What is wrong with the day for which something is planned; a past one may be entered later. */
export function planFault(planned: Day, { firstDay, lastDay }: Bounds): DayFault | undefined {
  if (planned < firstDay) return 'day-too-early';
  return planned > lastDay ? 'day-beyond-the-plan' : undefined;
}
