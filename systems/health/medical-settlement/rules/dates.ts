import type { Day } from '@yitong/kit';
import type { Interval, Policy } from './types.ts';

/** The day that chooses version, policy year, age, coverage and certificate. */
export function decidingDay(policy: Policy, stay: { readonly admission: Day; readonly discharge: Day }): Day {
  return policy.dateRule === 'admission' ? stay.admission : stay.discharge;
}

/** First day of the policy year (医保年度) that begins on `yearStart` (`MM-DD`) and contains the day. */
export function policyYear(yearStart: string, on: Day): Day {
  const own = `${on.slice(0, 4)}-${yearStart}` as Day;
  if (own <= on) return own;
  return `${String(Number(on.slice(0, 4)) - 1).padStart(4, '0')}-${yearStart}` as Day;
}

/** Whether the interval contains the day; both ends belong to it. */
export function contains(interval: Interval, on: Day): boolean {
  return interval.from <= on && (interval.to === null || on <= interval.to);
}

/** Completed years (周岁); who was born on 29 February completes a year on 1 March of common years. */
export function age(birth: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}
