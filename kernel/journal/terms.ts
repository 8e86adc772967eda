import { addMonths, legalDay } from '@yitong/kit';
import type { RetentionClass } from '../store/rows.ts';

/** Classes whose term ends, with their years. */
export const terms: readonly { readonly class: RetentionClass; readonly years: number }[] = [
  { class: '1y', years: 1 },
  { class: '5y', years: 5 },
  { class: '15y', years: 15 },
  { class: '30y', years: 30 },
];

/** Months for which an accepted id is known, by its own time: those refused as too old are 400 days (K10). */
const idMonths = 14;

/** The newest legal month (`YYYY-MM`) of which every day is as many years past. */
export function monthOver(nowMs: number, years: number): string {
  return monthBefore(nowMs, 12 * years + 1);
}

/** The newest legal month whose ids are no longer known. */
export function oldestIds(nowMs: number): string {
  return monthBefore(nowMs, idMonths + 1);
}

function monthBefore(nowMs: number, months: number): string {
  return addMonths(legalDay(nowMs), -months).slice(0, 7);
}
