import type { Day, History } from '@yitong/kit';

/** The numbers and days of the rules. */
export interface Law {
  /** Days before a planned day from which a milestone counts as due soon. 临期提醒天数 */
  readonly dueSoonDays: number;
  /** Earliest day that a report may name: anything before is a slip of the pen. 最早日期 */
  readonly firstDay: Day;
  /** Last day that may be planned: how far the Outline looks ahead. 规划展望期末 */
  readonly lastDay: Day;
}

/** Parameters of the region. */
export const parameters: { readonly [N in keyof Law]: History<Law[N]> } = {
  dueSoonDays: [{ from: '2019-12-01', value: 30, source: 'demonstration value', mark: 'demonstration' }],
  firstDay: [
    { from: '2019-12-01', value: '2010-01-01', source: 'demonstration value', mark: 'demonstration' },
  ],
  lastDay: [
    {
      from: '2019-12-01',
      value: '2035-12-31',
      source: '长江三角洲区域一体化发展规划纲要：规划期至 2025 年，展望到 2035 年（该章原文未核对）',
      mark: 'to-check',
    },
  ],
};
