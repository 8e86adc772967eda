import type { Day } from '../time.ts';

/** A notice of the General Office of the State Council on the days off of a year. */
export interface CalendarNotice {
  /** Document number. 发文字号 */
  readonly number: string;
  readonly published: Day;
  readonly url: string;
}

/** What the notices for one year say; a few days of the last week of the year before may be among them. */
export interface CalendarYear {
  readonly year: number;
  readonly notices: readonly CalendarNotice[];
  /** Days off, first and last included, weekends among them too. 放假 */
  readonly off: readonly { readonly name: string; readonly from: Day; readonly to: Day }[];
  /** Saturdays and Sundays that are worked. 调休上班 */
  readonly work: readonly Day[];
}
