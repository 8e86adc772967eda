import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  addDays,
  addMonths,
  addYears,
  ageOn,
  compareDays,
  type Day,
  day,
  days,
  daysBetween,
  endOfDay,
  hours,
  type Instant,
  instantOf,
  isDay,
  isInstant,
  isMonth,
  legalDay,
  legalMonth,
  legalTime,
  minutes,
  months,
  msOf,
  startOfDay,
  weekday,
  workingDays,
  years,
  zonedDay,
} from './time.ts';

const seed = 20_260_101;
const anyMs = fc.integer({ min: msOf('1900-01-01T00:00:00.000Z'), max: msOf('2100-12-31T23:59:59.999Z') });
const anyDay = anyMs.map((ms) => legalDay(ms));

describe('days', () => {
  test.for(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s exists', (text) => {
    expect(isDay(text)).toBe(true);
    expect(day(text)).toBe(text);
  });

  test.for([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-01',
    '20260101',
    '0000-01-01',
    '2026-01-01Z',
    '２026-01-01',
    '2026/01/01',
    '',
  ])('%j is no day', (text) => {
    expect(isDay(text)).toBe(false);
    expect(() => day(text)).toThrow(RangeError);
  });

  it('knows months', () => {
    expect(isMonth('2026-12')).toBe(true);
    expect(isMonth('2026-13')).toBe(false);
    expect(legalMonth('2026-03-31')).toBe('2026-03');
  });

  it('goes a number of days forth and back', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-01-01', '2027-01-01')).toBe(365);
    expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => addDays('2026-01-01', 0.5)).toThrow(RangeError);
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: -40_000, max: 40_000 }),
        (from, n) => daysBetween(from, addDays(from, n)) === n,
      ),
      { seed },
    );
  });

  test.for<readonly [Day, number, Day]>([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-01-31', -2, '2025-11-30'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-03-31', -13, '2025-02-28'],
  ])('%s and %i months is %s (Civil Code art. 202)', ([from, n, expected]) => {
    expect(addMonths(from, n)).toBe(expected);
  });

  it('adds years to 29 February on the last day of February', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
  });

  it('counts the week from Monday', () => {
    expect(weekday('2026-01-05')).toBe(1);
    expect(weekday('2026-01-04')).toBe(7);
    expect(weekday('1969-12-28')).toBe(7);
  });

  it('orders days', () => {
    expect(['2026-01-10', '2025-12-31', '2026-01-09'].map(day).sort(compareDays)).toEqual([
      '2025-12-31',
      '2026-01-09',
      '2026-01-10',
    ]);
    expect(compareDays('2026-01-01', '2026-01-01')).toBe(0);
  });
});

describe('age', () => {
  test.for<readonly [Day, Day, number]>([
    ['1966-05-20', '2026-05-19', 59],
    ['1966-05-20', '2026-05-20', 60],
    ['2000-02-29', '2026-02-28', 25],
    ['2000-02-29', '2026-03-01', 26],
    ['2000-02-29', '2024-02-29', 24],
    ['2000-02-29', '2024-02-28', 23],
    ['2026-01-01', '2026-01-01', 0],
  ])('who was born on %s has on %s completed %i years', ([birth, on, expected]) => {
    expect(ageOn(birth, on)).toBe(expected);
  });

  it('has no answer before birth', () => {
    expect(() => ageOn('2026-01-02', '2026-01-01')).toThrow(RangeError);
  });
});

describe('moments', () => {
  it('reads and writes UTC to the millisecond', () => {
    expect(instantOf(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(msOf('2026-02-28T16:30:00.001Z')).toBe(Date.UTC(2026, 1, 28, 16, 30, 0, 1));
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(instantOf(ms)).toBe(new Date(ms).toISOString());
        expect(msOf(instantOf(ms))).toBe(ms);
      }),
      { seed },
    );
  });

  test.for([
    '2026-02-29T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:60:00.000Z',
    '2016-12-31T23:59:60.000Z',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.000+08:00',
    '2026-01-01',
  ])('%j is no moment', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => msOf(text as Instant)).toThrow(RangeError);
  });

  it('refuses moments that are not whole or out of range', () => {
    for (const ms of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15])
      expect(() => instantOf(ms)).toThrow(RangeError);
  });
});

describe('legal days', () => {
  it('changes the day at 16:00 UTC', () => {
    expect(legalDay('2026-02-28T15:59:59.999Z')).toBe('2026-02-28');
    expect(legalDay('2026-02-28T16:00:00.000Z')).toBe('2026-03-01');
    expect(legalTime('2026-02-28T16:30:05.000Z')).toBe('2026-03-01T00:30:05+08:00');
  });

  it('keeps the summer time of 1986-1991', () => {
    // Summer time: 15:30 UTC is 00:30 of the next day at UTC+9.
    expect(legalDay('1990-07-01T15:30:00.000Z')).toBe('1990-07-02');
    expect(legalDay('1992-07-01T15:30:00.000Z')).toBe('1992-07-01');
    expect(() => legalTime('1990-07-01T15:30:00.000Z')).toThrow(RangeError);
  });

  it('equals Temporal on both sides of each midnight from 1992 to 2100', () => {
    const wrong: number[] = [];
    for (let start = startOfDay('1992-01-01'); start <= startOfDay('2100-12-31'); start += 86_400_000) {
      const today = legalDay(start);
      const same =
        today === zonedDay(start, 'Asia/Shanghai') && today === zonedDay(start + 86_399_999, 'Asia/Shanghai');
      if (!same || legalDay(start + 86_399_999) !== today || startOfDay(today) !== start) wrong.push(start);
    }
    expect(wrong).toEqual([]);
  });

  it('equals Temporal at any moment from 1900 to 2100', () => {
    fc.assert(
      fc.property(anyMs, (ms) => legalDay(ms) === zonedDay(ms, 'Asia/Shanghai')),
      { seed, numRuns: 3000 },
    );
  });

  it('starts and ends where legalDay changes', () => {
    expect(instantOf(startOfDay('2026-03-01'))).toBe('2026-02-28T16:00:00.000Z');
    expect(legalDay(endOfDay('2026-03-01') - 1)).toBe('2026-03-01');
    expect(legalDay(endOfDay('2026-03-01'))).toBe('2026-03-02');
    expect(() => startOfDay('1991-12-31')).toThrow(RangeError);
  });
});

it('states periods as plain data', () => {
  expect([minutes(30), hours(2), days(180), workingDays(5), months(6), years(3)]).toEqual([
    { n: 30, unit: 'minutes' },
    { n: 2, unit: 'hours' },
    { n: 180, unit: 'days' },
    { n: 5, unit: 'workingDays' },
    { n: 6, unit: 'months' },
    { n: 3, unit: 'years' },
  ]);
  expect(() => days(-1)).toThrow(RangeError);
  expect(() => days(1.5)).toThrow(RangeError);
});
