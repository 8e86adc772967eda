import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Sheet } from '../parts/sheet.tsx';
import { Waiting } from '../parts/states.tsx';
import type { ChartProps } from './chart.tsx';
import '../styles/charts.css';

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }));

interface ChartedProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly chart: ChartProps;
  /** Words of the switch. */
  readonly words: { readonly chart: string; readonly table: string };
  /** The same figures as a table. */
  readonly children: ReactNode;
}

/** Figures as a chart or as a table, as one likes; the sentence below says what matters. The chart's program is fetched when it is shown. */
export function Charted({ title, aside, chart, words, children }: ChartedProps) {
  const [isTable, setTable] = useState(false);
  return (
    <Sheet
      title={title}
      aside={
        <span className="row">
          {aside}
          <span className="switch" role="group" aria-label={title}>
            {[false, true].map((table) => (
              <button
                key={String(table)}
                type="button"
                aria-current={isTable === table ? 'true' : undefined}
                aria-pressed={isTable === table}
                onClick={() => setTable(table)}
              >
                {table ? words.table : words.chart}
              </button>
            ))}
          </span>
        </span>
      }
    >
      {isTable ? (
        <div className="table-scroll">{children}</div>
      ) : (
        <div className="sheet-body">
          <Suspense fallback={<Waiting lines={6} />}>
            <Chart {...chart} />
          </Suspense>
          <p className="small quiet">{chart.label}</p>
        </div>
      )}
    </Sheet>
  );
}
