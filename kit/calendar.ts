import type { CalendarYear } from './calendars/calendar-year.ts';
import { cn2018 } from './calendars/cn-2018.ts';
import { cn2019 } from './calendars/cn-2019.ts';
import { cn2020 } from './calendars/cn-2020.ts';
import { cn2021 } from './calendars/cn-2021.ts';
import { cn2022 } from './calendars/cn-2022.ts';
import { cn2023 } from './calendars/cn-2023.ts';
import { cn2024 } from './calendars/cn-2024.ts';
import { cn2025 } from './calendars/cn-2025.ts';
import { cn2026 } from './calendars/cn-2026.ts';
import { addDays, type Day, weekday } from './time.ts';

/** Working days as far as they are published. 工作日历 */
export interface Calendar {
  /** The published years, rising. */
  readonly years: readonly CalendarYear[];
  /** The days that differ from the plain week: off, or worked although Saturday or Sunday. */
  readonly exceptions: ReadonlyMap<Day, 'off' | 'work'>;
}

/** Thrown when a day lies in a year whose days off no notice has published yet, or before the first year known here. */
export class CalendarNotPublished extends Error {
  override readonly name = 'CalendarNotPublished';
  readonly year: number;

  constructor(year: number) {
    super(
      `the days off of ${year} are not published, or not loaded: working days of that year cannot be counted`,
    );
    this.year = year;
  }
}

/** Makes a calendar of published years, such as the ones here and a new one; throws RangeError on a gap or a repeated year. */
export function calendarOf(years: readonly CalendarYear[]): Calendar {
  const exceptions = new Map<Day, 'off' | 'work'>();
  const sorted = [...years].sort((a, b) => a.year - b.year);
  for (const [i, { year, off, work }] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && before.year + 1 !== year)
      throw new RangeError(`the calendar has a gap or a double before ${year}`);
    for (const { from, to } of off) for (let d = from; d <= to; d = addDays(d, 1)) exceptions.set(d, 'off');
    for (const d of work) exceptions.set(d, 'work');
  }
  return { years: sorted, exceptions };
}

/** The calendar of the People's Republic by the State Council's notices for 2018–2026. */
export const chinaCalendar: Calendar = calendarOf([
  cn2018,
  cn2019,
  cn2020,
  cn2021,
  cn2022,
  cn2023,
  cn2024,
  cn2025,
  cn2026,
]);

/** Whether a day is worked: a weekday that is not off, or a made-up day. Throws CalendarNotPublished for a year not published. 工作日 */
export function isWorkingDay(on: Day, calendar: Calendar = chinaCalendar): boolean {
  // The exceptions come second: a day off at the end of a year may be known before the year's own notice, a whole year never.
  checkPublished(on, calendar);
  const exception = calendar.exceptions.get(on);
  return exception === undefined ? weekday(on) <= 5 : exception === 'work';
}

/** The last day of `n` working days after `start`, which is not counted (民法典 art. 201); for 0 the start itself, worked or not. */
export function addWorkingDays(start: Day, n: number, calendar: Calendar = chinaCalendar): Day {
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError('working days are counted in whole numbers, zero or more');
  let on = start;
  for (let left = n; left > 0; ) {
    on = addDays(on, 1);
    if (isWorkingDay(on, calendar)) left -= 1;
  }
  return on;
}

/** The day itself when it is worked, else the next one that is. 顺延至工作日 */
export function nextWorkingDay(on: Day, calendar: Calendar = chinaCalendar): Day {
  let next = on;
  while (!isWorkingDay(next, calendar)) next = addDays(next, 1);
  return next;
}

/** How many working days lie after `after` up to and with `until`; zero when `until` is not later. */
export function workingDaysBetween(after: Day, until: Day, calendar: Calendar = chinaCalendar): number {
  let count = 0;
  for (let on = addDays(after, 1); on <= until; on = addDays(on, 1))
    if (isWorkingDay(on, calendar)) count += 1;
  return count;
}

function checkPublished(on: Day, calendar: Calendar): void {
  const year = Number(on.slice(0, 4));
  const first = calendar.years[0];
  const last = calendar.years.at(-1);
  if (!first || !last || year < first.year || year > last.year) throw new CalendarNotPublished(year);
}
