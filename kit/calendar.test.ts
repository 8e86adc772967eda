import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  addWorkingDays,
  CalendarNotPublished,
  calendarOf,
  chinaCalendar,
  isWorkingDay,
  nextWorkingDay,
  workingDaysBetween,
} from './calendar.ts';
import { afterInstant, deadline, after as lastDayOf } from './period.ts';
import {
  addDays,
  type Day,
  days,
  hours,
  instantOf,
  minutes,
  months,
  msOf,
  type Period,
  weekday,
  workingDays,
  years,
} from './time.ts';

const seed = 20_260_101;

describe('the published calendar', () => {
  // Counts of working days a year: for 2024-2026 as the notices' readers publish them.
  test.for<readonly [number, number]>([
    [2018, 250],
    [2019, 250],
    [2020, 249],
    [2021, 250],
    [2022, 249],
    [2023, 249],
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])('%i has %i working days', ([year, expected]) => {
    let count = 0;
    for (let on = `${year}-01-01` as Day; on <= `${year}-12-31`; on = addDays(on, 1))
      if (isWorkingDay(on)) count += 1;
    expect(count).toBe(expected);
  });

  it('makes up work on Saturdays and Sundays only, and never on a day off', () => {
    for (const [on, kind] of chinaCalendar.exceptions)
      if (kind === 'work') expect([on, weekday(on)]).toEqual([on, weekday(on) >= 6 ? weekday(on) : 0]);
    for (const { off, work } of chinaCalendar.years)
      for (const made of work) expect(off.some(({ from, to }) => from <= made && made <= to)).toBe(false);
  });

  it('names a notice with number, day and address for each year', () => {
    for (const { notices } of chinaCalendar.years) {
      expect(notices.length).toBeGreaterThan(0);
      for (const { number, url } of notices) {
        expect(number).toMatch(/^国办发明电〔20\d\d〕\d+号$/);
        expect(url).toMatch(/^https?:\/\/www\.gov\.cn\//);
      }
    }
  });

  test.for<readonly [Day, boolean]>([
    ['2018-12-29', true],
    ['2018-12-31', false],
    ['2019-05-02', false],
    ['2020-01-31', false],
    ['2020-02-01', false],
    ['2020-02-03', true],
    ['2022-12-30', true],
    ['2022-12-31', false],
  ])('%s is worked: %s', ([on, expected]) => {
    expect(isWorkingDay(on)).toBe(expected);
  });

  it('throws for a year not published and names it', () => {
    expect(() => isWorkingDay('2027-01-04')).toThrow(CalendarNotPublished);
    expect(() => isWorkingDay('2017-12-29')).toThrow('2017');
    expect(() => addWorkingDays('2026-12-31', 1)).toThrow('2027');
    expect(() => nextWorkingDay('2017-12-31')).toThrow(CalendarNotPublished);
    expect(addWorkingDays('2027-06-01', 0)).toBe('2027-06-01');
  });

  it('takes a new year and refuses a gap', () => {
    const next = {
      year: 2027,
      notices: [],
      off: [{ name: '元旦', from: '2027-01-01', to: '2027-01-03' }],
      work: [],
    } as const;
    const longer = calendarOf([...chinaCalendar.years, next]);
    expect(isWorkingDay('2027-01-01', longer)).toBe(false);
    expect(addWorkingDays('2026-12-31', 1, longer)).toBe('2027-01-04');
    expect(() => calendarOf([...chinaCalendar.years, { ...next, year: 2028 }])).toThrow('2028');
    expect(() => calendarOf([...chinaCalendar.years, { ...next, year: 2026 }])).toThrow('2026');
  });
});

describe('counting working days', () => {
  it('ends on a working day, with exactly n of them after the start', () => {
    const start = fc.integer({ min: 0, max: 2900 }).map((n) => addDays('2018-01-01', n));
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 60 }), (from, n) => {
        const last = addWorkingDays(from, n);
        return (
          isWorkingDay(last) &&
          workingDaysBetween(from, last) === n &&
          workingDaysBetween(from, addDays(last, -1)) === n - 1
        );
      }),
      { seed },
    );
  });

  it('refuses fractions and negative numbers of days', () => {
    expect(() => addWorkingDays('2026-01-05', -1)).toThrow(RangeError);
    expect(() => addWorkingDays('2026-01-05', 0.5)).toThrow(RangeError);
  });
});

describe('periods', () => {
  test.for<readonly [Day, Period, Day]>([
    ['2026-02-13', workingDays(5), '2026-02-27'],
    ['2026-01-31', months(1), '2026-02-28'],
    ['2024-02-29', years(1), '2025-02-28'],
    ['2026-01-01', days(180), '2026-06-30'],
    ['2026-01-01', days(0), '2026-01-01'],
  ])('from %s, %o ends on %s', ([start, period, expected]) => {
    expect(lastDayOf(start, period)).toBe(expected);
  });

  it('moves a deadline from a day of rest to the next working day', () => {
    expect(lastDayOf('2026-09-18', days(15))).toBe('2026-10-03');
    expect(deadline('2026-09-18', days(15))).toBe('2026-10-08');
    expect(deadline('2026-09-18', days(3))).toBe('2026-09-21');
  });

  it('has no day for minutes and hours', () => {
    expect(() => lastDayOf('2026-01-01', hours(2))).toThrow(RangeError);
    expect(() => lastDayOf('2026-01-01', minutes(2))).toThrow(RangeError);
  });

  it('runs out exactly for minutes and hours, and at 24:00 of the last legal day for longer units', () => {
    const start = msOf('2026-02-13T17:00:00.000Z'); // 14 February, 01:00 in Shanghai
    expect(instantOf(afterInstant(start, minutes(30)))).toBe('2026-02-13T17:30:00.000Z');
    expect(instantOf(afterInstant(start, hours(24)))).toBe('2026-02-14T17:00:00.000Z');
    expect(instantOf(afterInstant(start, days(1)))).toBe('2026-02-15T16:00:00.000Z');
    expect(instantOf(afterInstant(start, workingDays(1)))).toBe('2026-02-24T16:00:00.000Z');
    expect(instantOf(afterInstant(start, months(1)))).toBe('2026-03-14T16:00:00.000Z');
  });
});
