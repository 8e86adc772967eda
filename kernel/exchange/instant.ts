const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/;
const dayMs = 86_400_000;
const last = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

/** Milliseconds since 1970 of `YYYY-MM-DDTHH:MM:SS.sssZ`, or undefined for any other spelling, day that is not, or leap second. */
export function instantMs(text: string): number | undefined {
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts.slice(1).map(Number);
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return daysBefore(year, month, day) * dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
}

/** `YYYY-MM-DDTHH:MM:SS.sssZ` of milliseconds since 1970; throws outside the years 1970 to 9999. */
export function instantText(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0 || ms > last)
    throw new RangeError(`not a time of 1970–9999: ${ms}`);
  const days = Math.floor(ms / dayMs);
  let year = 1970 + Math.floor(days / 366);
  while (daysBefore(year + 1, 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysBefore(year, month + 1, 1) <= days) month++;
  const day = days - daysBefore(year, month, 1) + 1;
  const rest = ms - days * dayMs;
  const clock = [rest / 3_600_000, (rest / 60_000) % 60, (rest / 1000) % 60].map((n) =>
    padded(Math.floor(n), 2),
  );
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}T${clock.join(':')}.${padded(rest % 1000, 3)}Z`;
}

const cumulated = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function daysBefore(year: number, month: number, day: number): number {
  const y = year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 477; // 477 before 1970
  const before = (cumulated[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0);
  return (year - 1970) * 365 + leapDays + before + day - 1;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function padded(n: number, width: number): string {
  return String(n).padStart(width, '0');
}
