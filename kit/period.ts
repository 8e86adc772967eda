import { addWorkingDays, type Calendar, chinaCalendar, nextWorkingDay } from './calendar.ts';
import { addDays, addMonths, type Day, endOfDay, legalDay, type Period } from './time.ts';

/**
 * The last day of a period that begins on `start`: the start is not counted, months and years end on the corresponding day or the
 * month's last (民法典 art. 201–202). Throws CalendarNotPublished when working days reach a year not published, and RangeError for
 * minutes and hours, which no day can bear.
 */
export function after(start: Day, period: Period, calendar: Calendar = chinaCalendar): Day {
  switch (period.unit) {
    case 'days':
      return addDays(start, period.n);
    case 'workingDays':
      return addWorkingDays(start, period.n, calendar);
    case 'months':
      return addMonths(start, period.n);
    case 'years':
      return addMonths(start, period.n * 12);
    case 'minutes':
    case 'hours':
      throw new RangeError(`a period in ${period.unit} begins at a moment, not on a day`);
  }
}

/** As `after`, and a last day that is a day of rest moves to the next working day (民法典 art. 203): for deadlines in natural days. */
export function deadline(start: Day, period: Period, calendar: Calendar = chinaCalendar): Day {
  return nextWorkingDay(after(start, period, calendar), calendar);
}

/**
 * The moment at which a period that begins at `ms` has run out, in milliseconds since 1970: minutes and hours exactly; longer units at
 * 24:00 of their last legal day (民法典 art. 203). Throws as `after` does.
 */
export function afterInstant(ms: number, period: Period, calendar: Calendar = chinaCalendar): number {
  if (period.unit === 'minutes') return ms + period.n * 60_000;
  if (period.unit === 'hours') return ms + period.n * 3_600_000;
  return endOfDay(after(legalDay(ms), period, calendar));
}
