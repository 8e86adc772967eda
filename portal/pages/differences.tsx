import { useQuery } from '@tanstack/react-query';
import { RefreshCw, TriangleAlert } from 'lucide-react';
import { asked } from '../api/client.ts';
import type { Source } from '../api/types.ts';
import { useSearch } from '../app/address.ts';
import { clockText, monthText, yuan } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { say } from '../office/money-words.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AllGood, Empty, Loaded } from '../parts/states.tsx';
import { BookReaders } from '../parts/watchers.tsx';
import { Yuan } from '../parts/words.tsx';

/** Two books of a month side by side. */
interface Compared {
  readonly member: string;
  readonly asOf: string;
  readonly sources: readonly Source[];
  readonly same: number;
  readonly fen: string;
  readonly all: number;
  readonly data: readonly Difference[];
}

interface Difference {
  readonly transfer: string;
  readonly account: string;
  readonly at: string | null;
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** What two members' books of a month do not have in common, with both sides and what to do. 账目核对 */
export function Page() {
  return (
    <BookReaders title={say('differences.plain')}>
      <Watched />
    </BookReaders>
  );
}

function Watched() {
  const { peer = '', period = '' } = useSearch();
  if (/^[0-9]{6}$/.test(peer) && /^[0-9]{4}-(0[1-9]|1[0-2])$/.test(period))
    return <Beside peer={peer} period={period} />;
  const back = { to: '/statement', title: say('differences.back') };
  return (
    <>
      <PageHead title={say('differences.plain')} under={<p>{say('differences.why')}</p>} back={back} />
      <Sheet>
        <Empty why={say('differences.which')}>
          <div>
            <Go to="/statement" className="button button-main">
              {say('differences.back')}
            </Go>
          </div>
        </Empty>
      </Sheet>
    </>
  );
}

function Beside({ peer, period }: { readonly peer: string; readonly period: string }) {
  const name = placeName(peer);
  const found = useQuery(asked<Compared>(`/ledger/differences?peer=${peer}&period=${period}`));
  return (
    <>
      <PageHead
        title={say('differences.title', { month: monthText(period), name })}
        under={<p>{say('differences.why')}</p>}
        back={{ to: `/statement?peer=${peer}&period=${period}`, title: say('differences.back') }}
      >
        <button
          type="button"
          className="button"
          onClick={() => void found.refetch()}
          disabled={found.isFetching}
        >
          <Icon of={RefreshCw} size={18} />
          {say('differences.again')}
        </button>
      </PageHead>
      <Loaded of={found} lines={6} from={[peer]}>
        {(compared) => (
          <Result of={compared} name={name} statement={`/statement?peer=${peer}&period=${period}`} />
        )}
      </Loaded>
    </>
  );
}

interface ResultProps {
  readonly of: Compared;
  readonly name: string;
  readonly statement: string;
}

function Result({ of, name, statement }: ResultProps) {
  const { same, fen, all, data, asOf, sources } = of;
  const theirs = sources[0]?.asOf ?? null;
  if (theirs === null)
    return (
      <div className="sheet note edge-you" role="status">
        <Icon of={TriangleAlert} />
        <p>{say('differences.away', { name })}</p>
      </div>
    );
  const times = say('differences.as-of', { ours: clockText(asOf, true), theirs: clockText(theirs, true) });
  if (all === 0)
    return (
      <AllGood>
        <p className="strong">{say('differences.none', { n: same, amount: yuan(fen) })}</p>
        <p className="small quiet">{times}</p>
      </AllGood>
    );
  return (
    <div className="stack">
      <div className="sheet note edge-you" role="status">
        <Icon of={TriangleAlert} />
        <div>
          <p className="strong">{say('differences.some', { n: same, of: all })}</p>
          <p>{say('differences.remedy')}</p>
          {data.length < all && <p>{say('differences.first', { n: data.length })}</p>}
          <p className="small quiet">{times}</p>
        </div>
      </div>
      <Sheet>
        <Table rows={data} statement={statement} />
      </Sheet>
    </div>
  );
}

function Table({ rows, statement }: { readonly rows: readonly Difference[]; readonly statement: string }) {
  const heads = [
    say('differences.entry'),
    say('differences.ours'),
    say('differences.theirs'),
    say('differences.reason'),
  ];
  return (
    <div className="table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th key={head} scope="col" className={at === 1 || at === 2 ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.account} ${row.transfer}`}>
              <td className="mono" data-label={heads[0]}>
                {row.at === null ? (
                  row.transfer
                ) : (
                  <Go to={`${statement}&at=${row.at.replace('.', '-')}`}>{row.transfer}</Go>
                )}
              </td>
              <Side fen={row.ours} label={heads[1] ?? ''} />
              <Side fen={row.theirs} label={heads[2] ?? ''} />
              <td data-label={heads[3]}>{say(`differences.${reasonOf(row)}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function reasonOf({ ours, theirs }: Difference): 'missing-here' | 'missing-there' | 'amount' {
  if (ours === null) return 'missing-here';
  return theirs === null ? 'missing-there' : 'amount';
}

function Side({ fen, label }: { readonly fen: string | null; readonly label: string }) {
  return (
    <td className="number" data-label={label}>
      {fen === null ? <span className="quiet">–</span> : <Yuan fen={fen} />}
    </td>
  );
}
