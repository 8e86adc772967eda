import { choiceText, dayText, Go, type Row, useDeclaration, Words, yuan } from '@yitong/portal';
import type { SettlementRow } from './records.ts';
import { words } from './texts.ts';
import { useHospital } from './use-hospital.ts';
import './bill.css';

/** A bill in a list: where and when, and who pays how much of it. */
export function BillRow({ row }: { readonly row: Row<SettlementRow> }) {
  const { hospital, decidingDate, total, owed, state, visit } = row.value;
  const { name } = useHospital(hospital, row.id.split('.')[0] ?? '');
  const texts = useDeclaration('medical-settlement').data?.texts ?? {};
  const yours = BigInt(total) - BigInt(owed);
  return (
    <li className={state === 'settled' ? 'edge-news' : ''}>
      <Go to={row.href} className="list-link">
        <span className="stack bill-row">
          <span className="row between">
            <span className="strong">
              <Words of={name} />
            </span>
            <span className="small quiet">{dayText(decidingDate)}</span>
          </span>
          <span className="small quiet">
            {choiceText({ texts }, visit)} · {choiceText({ texts }, state)} · {words('total')} {yuan(total)}{' '}
            {words('yuan')}
          </span>
          <span className="split-bar">
            <span className="pay-pool" style={{ flexGrow: Number(owed) }} />
            <span className="pay-cash" style={{ flexGrow: Number(yours) }} />
          </span>
          <span className="row between small">
            <span>
              {words('bills.funds')} <strong>{yuan(owed)}</strong>
            </span>
            <span className="you">
              {words('bills.you')} <strong>{yuan(yours)}</strong>
            </span>
          </span>
        </span>
      </Go>
    </li>
  );
}
