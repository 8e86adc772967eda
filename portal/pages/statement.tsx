import { useQuery } from '@tanstack/react-query';
import { FileSpreadsheet, FileText, Printer } from 'lucide-react';
import { asked } from '../api/client.ts';
import { useChoose, useSearch } from '../app/address.ts';
import { type Books, booksOf, booksPath, monthsOf, type Sides, type Statement } from '../app/books.ts';
import { useMirrors } from '../app/declaration.ts';
import { monthText, yuan } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { locale, t } from '../app/texts.ts';
import { Bills } from '../office/bills-sheet.tsx';
import { say } from '../office/money-words.ts';
import { Trend } from '../office/trend.tsx';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { NumberHeads } from '../parts/number-heads.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AsOf, Empty, Loaded } from '../parts/states.tsx';
import { BookReaders } from '../parts/watchers.tsx';
import { Yuan } from '../parts/words.tsx';
import '../styles/office.css';

/** What stands in the page's address. */
/** What this member owes and is owed, by peer and month, down to each entry. 往来对账单 */
export function Page() {
  return (
    <BookReaders title={t('nav.statement')}>
      <Watched />
    </BookReaders>
  );
}

function Watched() {
  const session = useSession();
  const statement = useQuery(asked<Statement>(booksPath));
  const mirrors = useMirrors();
  const name = session === undefined ? '' : placeName(session.member);
  if (statement.data === undefined)
    return (
      <>
        <PageHead title={t('nav.statement')} />
        <Loaded of={statement} lines={8}>
          {() => null}
        </Loaded>
      </>
    );
  return (
    <Loaded of={statement} lines={8}>
      {(found) => (
        <Loaded of={mirrors} lines={8}>
          {(sides) => <Shown statement={found} sides={sides} name={name} />}
        </Loaded>
      )}
    </Loaded>
  );
}

interface ShownProps {
  readonly statement: Statement;
  readonly sides: Sides;
  readonly name: string;
}

function Shown({ statement, sides, name }: ShownProps) {
  const { period: wanted, peer } = useSearch();
  const periods = monthsOf(statement.totals);
  const period = wanted ?? periods.at(-1);
  const books = booksOf(statement.totals, sides, period);
  const chosen = peer ?? books[0]?.peer;
  return (
    <>
      <PageHead
        title={period === undefined ? t('nav.statement') : t('statement.title', { month: monthText(period) })}
        under={<p>{t('statement.why', { name })}</p>}
      >
        {periods.length > 1 && <Periods periods={periods} period={period} />}
        {period !== undefined && <Takeaways period={period} />}
      </PageHead>
      {books.length === 0 || period === undefined ? (
        <Sheet>
          <Empty why={t('statement.empty')} />
        </Sheet>
      ) : (
        <div className="two">
          <div className="stack">
            <Matrix books={books} period={period} chosen={chosen} />
            <Trend totals={statement.totals} sides={sides} />
            <AsOf at={statement.asOf} />
          </div>
          {chosen !== undefined && (
            <Bills key={`${chosen} ${period}`} peer={chosen} period={period} sides={sides} books={books} />
          )}
        </div>
      )}
    </>
  );
}

function Periods({
  periods,
  period,
}: {
  readonly periods: readonly string[];
  readonly period: string | undefined;
}) {
  return (
    <nav className="switch" aria-label={t('statement.period')}>
      {periods.slice(-3).map((one) => (
        <Go key={one} to={`/statement?period=${one}`} current={one === period}>
          {monthText(one)}
        </Go>
      ))}
    </nav>
  );
}

/** The statement as a workbook, as a signed PDF, and on paper. */
function Takeaways({ period }: { readonly period: string }) {
  return (
    <span className="row no-print">
      {(['xlsx', 'pdf'] as const).map((format) => (
        <a
          key={format}
          className="button button-small"
          href={`/ledger/statement?period=${period}&format=${format}&language=${locale}`}
          download
        >
          <Icon of={format === 'pdf' ? FileText : FileSpreadsheet} size={16} />
          {format.toUpperCase()}
        </a>
      ))}
      <button type="button" className="button button-small" onClick={() => print()}>
        <Icon of={Printer} size={16} />
        {say('statement.print')}
      </button>
    </span>
  );
}

interface MatrixProps {
  readonly books: readonly Books[];
  readonly period: string;
  readonly chosen: string | undefined;
}

/** A row for each peer: what we owe, what they owe, the difference; the last line sums up. */
function Matrix({ books, period, chosen }: MatrixProps) {
  const write = useChoose();
  const most = BigInt(Math.max(1, ...books.flatMap(({ owed, due }) => [Number(owed), Number(due)])));
  const sum = (of: (one: Books) => bigint) => books.reduce((total, one) => total + of(one), 0n);
  const heads = [t('statement.owed'), t('statement.due'), t('statement.net')];
  const choose = (peer: string) => write({ period, peer });
  return (
    <Sheet>
      <table className="table matrix">
        <caption className="hidden">{t('nav.statement')}</caption>
        <NumberHeads first={t('statement.peer')} heads={heads} />
        <tbody>
          {books.map(({ peer, owed, due }) => (
            <tr key={peer} className={peer === chosen ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  className="plain-link"
                  onClick={() => choose(peer)}
                  aria-pressed={peer === chosen}
                >
                  {placeName(peer)}
                </button>
              </th>
              <Amount amount={owed} most={most} />
              <Amount amount={due} most={most} />
              <td className="number strong">
                <Yuan fen={due - owed} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('statement.sum')}</th>
            <td className="number strong">{yuan(sum(({ owed }) => owed))}</td>
            <td className="number strong">{yuan(sum(({ due }) => due))}</td>
            <td className="number strong">
              <Yuan fen={sum(({ owed, due }) => due - owed)} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Sheet>
  );
}

/** An amount with a small bar of its size under it; nothing is a quiet zero. */
function Amount({ amount, most }: { readonly amount: bigint; readonly most: bigint }) {
  if (amount === 0n) return <td className="number quiet">0</td>;
  return (
    <td className="number">
      {yuan(amount)}
      <span className="size-bar">
        <span style={{ inlineSize: `${Number((amount * 100n) / most)}%` }} />
      </span>
    </td>
  );
}
