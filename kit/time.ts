import { Temporal } from 'temporal-polyfill';

/** A calendar day `YYYY-MM-DD` of the law, in Asia/Shanghai, years 0001–9999. */
export type Day = `${number}-${number}-${number}`;
/** A calendar month `YYYY-MM`. */
export type Month = `${number}-${number}`;
/** A moment in UTC to the millisecond, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export type Instant = `${Day}T${string}Z`;

/** What a period counts. */
export type PeriodUnit = 'minutes' | 'hours' | 'days' | 'workingDays' | 'months' | 'years';
/** A stretch of time as rules state it: `n` whole units. 期间 */
export interface Period {
  readonly n: number;
  readonly unit: PeriodUnit;
}

const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;
/** China kept summer time last in 1991; from here on Asia/Shanghai is UTC+8 throughout. */
const FIXED_OFFSET_FROM_MS = 694_195_200_000; // 1991-12-31T16:00Z = 1992-01-01 in Shanghai
const MS_MAX = 253_402_271_999_999; // the last millisecond of 9999-12-31 in Shanghai
const MS_MIN = -62_135_596_800_000; // 0001-01-01T00:00Z
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWO: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])\.([0-9]{3})Z$/;

/** Whether the text is a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): text is Day {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const date = digits(text, 8, 10);
  return year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= daysInMonth(year, month);
}

/** The text as a day; throws RangeError when it is none. */
export function day(text: string): Day {
  if (!isDay(text)) throw new RangeError('a day is written YYYY-MM-DD and must exist');
  return text;
}

/** Whether the text is a month written `YYYY-MM`. */
export function isMonth(text: string): text is Month {
  return text.length === 7 && isDay(`${text}-01`);
}

/** Whether the text is a moment written `YYYY-MM-DDTHH:MM:SS.sssZ`; leap seconds are not. */
export function isInstant(text: string): text is Instant {
  return INSTANT.test(text) && isDay(text.slice(0, 10));
}

/** The moment `ms` milliseconds after 1970-01-01T00:00Z; throws RangeError when not whole or outside the years 0001–9999. */
export function instantOf(ms: number): Instant {
  const number = Math.floor(checkMs(ms) / DAY_MS);
  const inDay = ms - number * DAY_MS;
  return `${dayOfNumber(number)}T${clock(inDay)}.${String(inDay % 1000).padStart(3, '0')}Z`;
}

/** Milliseconds since 1970-01-01T00:00Z; throws RangeError when the text is no instant. */
export function msOf(instant: Instant): number {
  const parts = INSTANT.exec(instant);
  const date = instant.slice(0, 10);
  if (!parts || !isDay(date)) throw new RangeError('a moment is written YYYY-MM-DDTHH:MM:SS.sssZ in UTC');
  const [, hours, minutes, seconds, millis] = parts;
  return (
    numberOfDay(date) * DAY_MS +
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 +
    Number(millis)
  );
}

/** The legal day of a moment, in Asia/Shanghai. 法定日期 */
export function legalDay(moment: Instant | number): Day {
  const ms = typeof moment === 'number' ? checkMs(moment) : msOf(moment);
  if (ms < FIXED_OFFSET_FROM_MS) return zonedDay(ms, 'Asia/Shanghai');
  return dayOfNumber(Math.floor((ms + OFFSET_MS) / DAY_MS));
}

/** The legal time of a moment, `YYYY-MM-DDTHH:MM:SS+08:00`; throws RangeError before 1992, when summer time was kept. 北京时间 */
export function legalTime(moment: Instant | number): string {
  const ms = typeof moment === 'number' ? checkMs(moment) : msOf(moment);
  if (ms < FIXED_OFFSET_FROM_MS) throw new RangeError('legal time is given from 1992 on');
  const inDay = (ms + OFFSET_MS) % DAY_MS;
  return `${legalDay(ms)}T${clock(inDay)}+08:00`;
}

/** The day of a moment in any IANA time zone, slowly: for regions and documents outside Asia/Shanghai. */
export function zonedDay(moment: Instant | number, zone: string): Day {
  const ms = typeof moment === 'number' ? checkMs(moment) : msOf(moment);
  return day(Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString());
}

/** The month that a day lies in. */
export function legalMonth(of: Day): Month {
  const [year, month] = parts(of);
  return `${number4(year)}-${two(month)}` as Month;
}

/** The first moment of a legal day (00:00 in Asia/Shanghai), in milliseconds since 1970; throws RangeError before 1992. */
export function startOfDay(of: Day): number {
  const ms = numberOfDay(of) * DAY_MS - OFFSET_MS;
  if (ms < FIXED_OFFSET_FROM_MS) throw new RangeError('the start of a legal day is given from 1992 on');
  return ms;
}

/** The first moment after a legal day, 24:00, when what is due on it is late (民法典 art. 203). */
export function endOfDay(of: Day): number {
  return startOfDay(of) + DAY_MS;
}

/** The day `n` days later, earlier when `n` < 0. */
export function addDays(from: Day, n: number): Day {
  return dayOfNumber(numberOfDay(from) + whole(n));
}

/** The corresponding day `n` months later, or the last day of that month when it has none (民法典 art. 202). */
export function addMonths(from: Day, n: number): Day {
  const [year, month, date] = parts(from);
  const months = year * 12 + (month - 1) + whole(n);
  const newYear = Math.floor(months / 12);
  const newMonth = (months % 12) + 1;
  return dayOfParts(newYear, newMonth, Math.min(date, daysInMonth(newYear, newMonth)));
}

/** The corresponding day `n` years later; 29 February becomes 28 February in a common year (民法典 art. 202). */
export function addYears(from: Day, n: number): Day {
  return addMonths(from, whole(n) * 12);
}

/** Days from `a` to `b`, below zero when `b` is earlier. */
export function daysBetween(a: Day, b: Day): number {
  return numberOfDay(b) - numberOfDay(a);
}

/** Day of the week, 1 Monday … 7 Sunday (ISO 8601). */
export function weekday(of: Day): number {
  return ((((numberOfDay(of) + 3) % 7) + 7) % 7) + 1;
}

/** Completed years of age (周岁) on a day; who was born on 29 February completes a year on 1 March of common years. Throws before birth. */
export function ageOn(birth: Day, on: Day): number {
  if (on < birth) throw new RangeError('there is no age before the day of birth');
  const [year, month, date] = parts(birth);
  const [onYear, onMonth, onDate] = parts(on);
  const reached = onMonth > month || (onMonth === month && onDate >= date);
  return onYear - year - (reached ? 0 : 1);
}

/** Orders days: below zero when `a` is earlier. */
export function compareDays(a: Day, b: Day): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** So many minutes. */
export function minutes(n: number): Period {
  return period(n, 'minutes');
}
/** So many hours. */
export function hours(n: number): Period {
  return period(n, 'hours');
}
/** So many natural days. 自然日 */
export function days(n: number): Period {
  return period(n, 'days');
}
/** So many working days. 工作日 */
export function workingDays(n: number): Period {
  return period(n, 'workingDays');
}
/** So many months. */
export function months(n: number): Period {
  return period(n, 'months');
}
/** So many years. */
export function years(n: number): Period {
  return period(n, 'years');
}

function period(n: number, unit: PeriodUnit): Period {
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(`a period of ${unit} must be a whole number, zero or more`);
  return { n, unit };
}

function whole(n: number): number {
  if (!Number.isSafeInteger(n)) throw new RangeError('days, months and years are counted in whole numbers');
  return n;
}

function checkMs(ms: number): number {
  if (!Number.isInteger(ms) || ms < MS_MIN || ms > MS_MAX)
    throw new RangeError('a moment is a whole number of milliseconds within the years 0001-9999');
  return ms;
}

/** The digits of `text` between two places as a number, −1 when one of them is no digit. */
function digits(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    n = n * 10 + digit;
  }
  return n;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

function parts(of: Day): readonly [year: number, month: number, date: number] {
  if (!isDay(of)) throw new RangeError('a day is written YYYY-MM-DD and must exist');
  return [digits(of, 0, 4), digits(of, 5, 7), digits(of, 8, 10)];
}

// Days since 1970-01-01 and back, by eras of 400 years that begin on 1 March (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
function numberOfDay(of: Day): number {
  const [year, month, date] = parts(of);
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

let lastNumber = Number.NaN;
let lastDay: Day = '1970-01-01';

/** The day last asked for is mostly asked for again: what happens now happens today. */
function dayOfNumber(number: number): Day {
  if (number !== lastNumber) {
    lastDay = dayFromNumber(number);
    lastNumber = number;
  }
  return lastDay;
}

function dayFromNumber(number: number): Day {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  return dayOfParts(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date);
}

function dayOfParts(year: number, month: number, date: number): Day {
  if (year < 1 || year > 9999) throw new RangeError('a day must lie within the years 0001-9999');
  return `${number4(year)}-${two(month)}-${two(date)}` as Day;
}

function clock(msInDay: number): string {
  const seconds = Math.floor(msInDay / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function two(n: number): string {
  return TWO[n] ?? String(n);
}

function number4(n: number): string {
  return two(Math.floor(n / 100)) + two(n % 100);
}
