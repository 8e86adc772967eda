import { useQuery } from '@tanstack/react-query';
import {
  AsOf,
  asked,
  Empty,
  type Envelope,
  Go,
  Loaded,
  PageHead,
  type Row,
  Sheet,
  SignInNeeded,
  useSession,
} from '@yitong/portal';
import { BillRow } from './bill-row.tsx';
import { billsPath } from './paths.ts';
import type { SettlementRow } from './records.ts';
import { words } from './texts.ts';

/** All bills of whoever looks. */
export function Page() {
  const session = useSession();
  const isPerson = session?.who?.isPerson === true;
  const bills = useQuery({ ...asked<Envelope<Row<SettlementRow>>>(billsPath), enabled: isPerson });
  return (
    <>
      <PageHead title={words('bills')} under={<p>{words('bills.why')}</p>} />
      {session !== undefined && !isPerson ? (
        <SignInNeeded />
      ) : (
        <Loaded of={bills} lines={6}>
          {({ data, asOf }) => (
            <div className="stack">
              <Sheet>
                {data.length === 0 ? (
                  <NoBills />
                ) : (
                  <ul className="list">
                    {data.map((row) => (
                      <BillRow key={row.href} row={row} />
                    ))}
                  </ul>
                )}
              </Sheet>
              <AsOf at={asOf} />
            </div>
          )}
        </Loaded>
      )}
    </>
  );
}

/** No bill yet: what to do before there is one. */
export function NoBills() {
  return (
    <Empty why={words('bills.none')}>
      <div>
        <Go to="/medical-settlement/file" className="button">
          {words('bills.file')}
        </Go>
      </div>
    </Empty>
  );
}
