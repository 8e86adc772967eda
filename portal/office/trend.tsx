import { useMemo } from 'react';
import type { Sides, Statement } from '../app/books.ts';
import { monthText, whole, yuan } from '../app/format.ts';
import { locale } from '../app/texts.ts';
import { monthsOf } from './bills.ts';
import type { ChartProps } from './chart.tsx';
import { Charted } from './charted.tsx';
import { say } from './money-words.ts';

const shortMonth = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'Asia/Shanghai' });

/** What was owed and due month by month, with all members together. 逐月应付与应收 */
export function Trend({ totals, sides }: { readonly totals: Statement['totals']; readonly sides: Sides }) {
  const months = useMemo(() => monthsOf(totals, sides, undefined), [totals, sides]);
  const chart = useMemo(() => chartOf(months), [months]);
  return (
    <Charted
      title={say('trend.title')}
      chart={chart}
      words={{ chart: say('trend.chart'), table: say('trend.table') }}
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say('trend.month')}</th>
            <th scope="col" className="number">
              {say('trend.owed')}
            </th>
            <th scope="col" className="number">
              {say('trend.due')}
            </th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ period, owed, due }) => (
            <tr key={period}>
              <td>{monthText(period)}</td>
              <td className="number">{yuan(owed)}</td>
              <td className="number">{yuan(due)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Charted>
  );
}

function chartOf(months: ReturnType<typeof monthsOf>): ChartProps {
  const last = months.at(-1);
  const [owed, due] = [yuan(last?.owed ?? 0n), yuan(last?.due ?? 0n)];
  return {
    kind: 'bar',
    label: say('trend.sentence', { month: last === undefined ? '' : monthText(last.period), owed, due }),
    categories: months.map(({ period }) => shortMonth.format(new Date(`${period}-15T12:00:00+08:00`))),
    rows: [
      { name: say('trend.owed'), values: months.map((one) => Number(one.owed) / 100) },
      { name: say('trend.due'), values: months.map((one) => Number(one.due) / 100) },
    ],
    // An amount is never rounded; steps of the axis are whole.
    show: (value) => (Number.isInteger(value) ? whole(value) : yuan(BigInt(Math.round(value * 100)))),
  };
}
