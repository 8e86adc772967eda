import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { asked } from '../api/client.ts';
import { booksOf, booksPath, monthsOf, type Sides, type Statement } from '../app/books.ts';
import { useMirrors } from '../app/declaration.ts';
import { monthText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Yuan } from '../parts/words.tsx';

/** What the newest month comes to with each member, on the front page of those who clear it. */
export function BooksNow() {
  const statement = useQuery(asked<Statement>(booksPath));
  const mirrors = useMirrors();
  return (
    <Loaded of={statement} lines={3}>
      {(found) => (
        <Loaded of={mirrors} lines={3}>
          {(sides) => <Month of={found} sides={sides} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Month({ of: { totals }, sides }: { readonly of: Statement; readonly sides: Sides }) {
  const period = monthsOf(totals).at(-1);
  if (period === undefined) return <Empty why={t('statement.empty')} />;
  return (
    <section>
      <div className="section-head">
        <h2>{t('statement.title', { month: monthText(period) })}</h2>
        <span className="small quiet">{t('statement.net-why')}</span>
      </div>
      <ul className="sheet list">
        {booksOf(totals, sides, period).map(({ peer, owed, due }) => (
          <li key={peer}>
            <Go to={`/statement?period=${period}&peer=${peer}`} className="list-link">
              <span>{placeName(peer)}</span>
              <strong>
                <Yuan fen={due - owed} />
              </strong>
              <Icon of={ChevronRight} />
            </Go>
          </li>
        ))}
      </ul>
    </section>
  );
}
