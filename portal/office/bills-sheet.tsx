import { useQuery } from '@tanstack/react-query';
import { FileText, Scale } from 'lucide-react';
import { asked } from '../api/client.ts';
import { useChoose, useSearch } from '../app/address.ts';
import type { Books, Sides, Statement } from '../app/books.ts';
import { yuanParts } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { locale, t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Loaded } from '../parts/states.tsx';
import { Yuan } from '../parts/words.tsx';
import { type Bill, billsOf } from './bills.ts';
import { say } from './money-words.ts';
import { TrailSteps } from './trail.tsx';

interface BillsProps {
  readonly peer: string;
  readonly period: string;
  readonly sides: Sides;
  readonly books: readonly Books[];
}

/** The bills between two members in a month: the sum, each bill, and what stands behind the one that is open. */
export function Bills({ peer, period, sides, books }: BillsProps) {
  const statement = useQuery(asked<Statement>(`/ledger/statement?peer=${peer}&period=${period}&limit=1000`));
  const own = books.find((one) => one.peer === peer);
  const [whole, cents] = yuanParts((own?.due ?? 0n) - (own?.owed ?? 0n));
  return (
    <Sheet
      title={t('statement.with', { name: placeName(peer) })}
      aside={
        <span className="row">
          <a
            className="button button-small"
            href={`/ledger/statement?peer=${peer}&period=${period}&format=pdf&language=${locale}`}
            aria-label={say('statement.paper', { name: placeName(peer) })}
            download
          >
            <Icon of={FileText} size={16} />
            PDF
          </a>
          <Go to={`/statement/differences?peer=${peer}&period=${period}`} className="button button-small">
            <Icon of={Scale} size={16} />
            {say('statement.compare')}
          </Go>
        </span>
      }
    >
      <div className="sheet-body">
        <p className="one-number">
          {whole}
          <small>.{cents}</small>
        </p>
        <p className="small quiet">{t('statement.net-why')}</p>
      </div>
      <Loaded of={statement}>
        {({ entries, next = null }) => (
          <>
            <BillList bills={billsOf(entries, sides)} />
            {next !== null && (
              <p className="sheet-body small quiet">{say('statement.shown-of', { n: entries.length })}</p>
            )}
          </>
        )}
      </Loaded>
    </Sheet>
  );
}

/** Bills one below the other, in a list that scrolls by itself; one that is pressed opens beneath it. */
function BillList({ bills }: { readonly bills: readonly Bill[] }) {
  const search = useSearch();
  const write = useChoose();
  const open = search['at'];
  const choose = (at: string | undefined) => write({ ...search, at });
  const title = say('statement.bills', { n: bills.length });
  return (
    <>
      <p className="bills-head small quiet">
        {title}
        <span>{say('statement.choose')}</span>
      </p>
      <ul className="bills" tabIndex={0} aria-label={title}>
        {bills.map((bill, at) => (
          <BillRow
            key={bill.at}
            bill={bill}
            number={at + 1}
            isOpen={bill.at === open}
            toggle={() => choose(bill.at === open ? undefined : bill.at)}
          />
        ))}
      </ul>
    </>
  );
}

interface BillRowProps {
  readonly bill: Bill;
  readonly number: number;
  readonly isOpen: boolean;
  toggle(): void;
}

function BillRow({ bill: { at, isOwed, isBack, fen }, number, isOpen, toggle }: BillRowProps) {
  return (
    <li className={isOpen ? 'chosen' : ''}>
      <button type="button" className="bill-line" aria-expanded={isOpen} onClick={toggle}>
        <span className="quiet bill-line-number">{number}</span>
        <span>
          {say(isOwed ? 'statement.owed' : 'statement.due')} ·{' '}
          {say(isBack ? 'statement.back' : 'statement.bill')}
        </span>
        <Yuan fen={fen} />
      </button>
      {isOpen && <TrailSteps at={at} />}
    </li>
  );
}
