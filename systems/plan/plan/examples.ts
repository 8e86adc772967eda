import type { Day } from '@yitong/kit';
import type { Milestone, Standing } from './rules/lateness.ts';

/** A worked example of how a milestone stands. */
export interface Example {
  readonly name: string;
  readonly zh: string;
  /** The day on which it is looked at, whose parameters hold. */
  readonly on: Day;
  readonly of: Milestone;
  readonly expect: { readonly standing: Standing; readonly days: number };
}

const planned = '2026-06-30';

/** Both sides of each threshold. */
export const examples: readonly Example[] = [
  {
    name: '31 days before',
    zh: '前 31 天',
    on: '2026-05-30',
    of: { planned, reached: null },
    expect: { standing: 'on-course', days: -31 },
  },
  {
    name: '30 days before',
    zh: '前 30 天',
    on: '2026-05-31',
    of: { planned, reached: null },
    expect: { standing: 'due-soon', days: -30 },
  },
  {
    name: 'the planned day itself',
    zh: '计划当日',
    on: planned,
    of: { planned, reached: null },
    expect: { standing: 'due-soon', days: 0 },
  },
  {
    name: 'the day after',
    zh: '次日',
    on: '2026-07-01',
    of: { planned, reached: null },
    expect: { standing: 'late', days: 1 },
  },
  {
    name: 'reached late: no longer late, but by how much is told',
    zh: '逾期达成',
    on: '2026-12-31',
    of: { planned, reached: '2026-07-10' },
    expect: { standing: 'reached', days: 10 },
  },
  {
    name: 'reached early',
    zh: '提前达成',
    on: '2026-12-31',
    of: { planned, reached: '2026-06-20' },
    expect: { standing: 'reached', days: -10 },
  },
];
