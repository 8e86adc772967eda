import { useQuery } from '@tanstack/react-query';
import { asked, type Envelope, Go, Loaded, type Row } from '@yitong/portal';
import { BillRow } from './bill-row.tsx';
import { NoBills } from './bills.tsx';
import { billsPath } from './paths.ts';
import type { SettlementRow } from './records.ts';
import { words } from './texts.ts';

const shownMax = 3;

/** The newest bills, on the front page of the person. */
export function Part() {
  const bills = useQuery(asked<Envelope<Row<SettlementRow>>>(billsPath));
  return (
    <section>
      <div className="section-head">
        <h2>{words('bills.recent')}</h2>
        <Go to="/medical-settlement/bills">{words('bills.all')}</Go>
      </div>
      <Loaded of={bills} lines={3}>
        {({ data }) => (
          <div className="sheet">
            {data.length === 0 ? (
              <NoBills />
            ) : (
              <ul className="list">
                {data.slice(0, shownMax).map((row) => (
                  <BillRow key={row.href} row={row} />
                ))}
              </ul>
            )}
          </div>
        )}
      </Loaded>
    </section>
  );
}
