import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import {
  addWorkingDays,
  CalendarNotPublished,
  chinaCalendar,
  isWorkingDay,
  workingDaysBetween,
} from './calendar.ts';
import {
  checkCitizenId,
  checkCreditCode,
  citizenIdCheckCharacter,
  citizenIdFrom15,
  creditCodeCheckCharacter,
  organisationCheckCharacter,
} from './identity.ts';
import { deadline } from './period.ts';
import { addMonths, day, days } from './time.ts';

interface Vector {
  readonly id: string;
  readonly group: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

const file = JSON.parse(readFileSync(new URL('./vectors/social-vectors.json', import.meta.url), 'utf8')) as {
  calendar: Record<string, { notice: string; issued: string; off: string[]; work: string[] }>;
  cases: Vector[];
};

const text = (input: Vector['input'], field: string): string => String(input[field]);
const count = (input: Vector['input'], field: string): number => Number(input[field]);
const resultOf = (check: { ok: true } | { ok: false; reason: string }) => ({
  result: check.ok ? 'ok' : check.reason,
});

/** The groups that the kit answers for; all others belong to systems. */
const rules: Record<string, (input: Vector['input']) => unknown> = {
  'id-check': (input) => ({ check: citizenIdCheckCharacter(text(input, 'body17')) }),
  'id-validate': (input) => resultOf(checkCitizenId(text(input, 'id'))),
  'id-15-to-18': (input) => ({ id18: citizenIdFrom15(text(input, 'id15')) }),
  'foreign-permanent-resident-check': (input) => ({ check: citizenIdCheckCharacter(text(input, 'body17')) }),
  'uscc-check': (input) => {
    const body = text(input, 'body17');
    const organisation = `${body.slice(8, 16)}-${organisationCheckCharacter(body.slice(8, 16))}`;
    return { check: creditCodeCheckCharacter(body), organisation_code: organisation };
  },
  'uscc-validate': (input) => resultOf(checkCreditCode(text(input, 'code'))),
  'working-day-add': (input) => {
    try {
      return { date: addWorkingDays(day(text(input, 'start')), count(input, 'working_days')) };
    } catch (error) {
      if (error instanceof CalendarNotPublished) return { error: 'calendar-not-published', year: error.year };
      throw error;
    }
  },
  'is-working-day': (input) => ({ working: isWorkingDay(day(text(input, 'date'))) }),
  'working-days-between': (input) => ({
    count: workingDaysBetween(day(text(input, 'after')), day(text(input, 'until'))),
  }),
  'month-add': (input) => ({ date: addMonths(day(text(input, 'start')), count(input, 'months')) }),
  'natural-day-deadline': (input) => ({
    date: deadline(day(text(input, 'start')), days(count(input, 'days'))),
  }),
};

const ours = file.cases.filter(({ group }) => group in rules);

describe('the published vectors of identity codes and legal days', () => {
  test.for(ours)('$id holds', ({ group, input, expected }) => {
    expect(rules[group]?.(input)).toEqual(expected);
  });

  it('are all there', () => {
    expect(ours).toHaveLength(61);
    for (const group of Object.keys(rules)) expect(ours.some((vector) => vector.group === group)).toBe(true);
  });
});

describe('the vectors’ calendar', () => {
  test.for(Object.entries(file.calendar))(
    'of %s is the calendar here',
    ([year, { notice, issued, off, work }]) => {
      const exceptions = [...chinaCalendar.exceptions].filter(([on]) => on.startsWith(year));
      expect(exceptions.filter(([, kind]) => kind === 'off').map(([on]) => on)).toEqual(off);
      expect(exceptions.filter(([, kind]) => kind === 'work').map(([on]) => on)).toEqual(work);
      const published = chinaCalendar.years.find((row) => String(row.year) === year)?.notices[0];
      expect(published).toMatchObject({ number: notice, published: issued });
    },
  );
});
