import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import type { Envelope } from '../api/types.ts';
import { useSearch } from '../app/address.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { NodeTabs } from '../office/node-tabs.tsx';
import { say } from '../office/node-words.ts';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AsOf, Broken, Empty, Waiting } from '../parts/states.tsx';
import { Watchers } from '../parts/watchers.tsx';
import { type Access, Purpose, useAccessWords } from './accesses.tsx';

/** A reading, with the person whose data it was, masked. */
interface Reading extends Access {
  readonly person: string;
  readonly list: boolean;
}

/** Who read whose data at this member: for audits, the newest first. 查阅审计 */
export function Page() {
  return (
    <Watchers title={say('reads.title')}>
      <Watched />
    </Watchers>
  );
}

function Watched() {
  const { purpose = '' } = useSearch();
  const reads = useInfiniteQuery({
    queryKey: ['/reads', purpose],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Envelope<Reading>>(`/reads?${readsQuery(purpose, pageParam)}`, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const [first] = reads.data?.pages ?? [];
  const rows = (reads.data?.pages ?? []).flatMap(({ data }) => data);
  return (
    <>
      <PageHead title={say('reads.title')} under={<p>{say('reads.why')}</p>}>
        <NodeTabs at="reads" />
      </PageHead>
      <div className="stack">
        {reads.error !== null && <Broken error={reads.error} retry={() => void reads.refetch()} />}
        {reads.isPending && <Waiting lines={8} />}
        {first !== undefined && (
          <>
            <Sheet>{rows.length === 0 ? <Empty why={say('reads.none')} /> : <Table rows={rows} />}</Sheet>
            <div className="row between">
              {reads.hasNextPage ? (
                <button type="button" className="button" onClick={() => void reads.fetchNextPage()}>
                  {say('reads.more')}
                </button>
              ) : (
                <span />
              )}
              <AsOf at={first.asOf} />
            </div>
          </>
        )}
      </div>
    </>
  );
}

function readsQuery(purpose: string, cursor: string): URLSearchParams {
  return new URLSearchParams({
    limit: '50',
    ...(purpose === '' ? {} : { purpose }),
    ...(cursor === '' ? {} : { cursor }),
  });
}

function Table({ rows }: { readonly rows: readonly Reading[] }) {
  const heads = [
    t('accesses.when'),
    t('accesses.who'),
    say('reads.person'),
    t('accesses.purpose'),
    t('accesses.what'),
  ];
  return (
    <div className="table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            // One reading of a list is one row for each person in it.
            <ReadingRow key={`${row.id} ${row.person}`} row={row} heads={heads} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ReadingRow({ row, heads }: { readonly row: Reading; readonly heads: readonly string[] }) {
  const [purpose, what] = useAccessWords(row);
  return (
    <tr>
      <td data-label={heads[0]}>
        <time dateTime={row.at}>{momentText(row.at, true)}</time>
      </td>
      <td data-label={heads[1]}>
        <span>
          {placeName(row.member)} <span className="mono quiet">{row.reader}</span>
        </span>
      </td>
      <td className="mono" data-label={heads[2]}>
        {row.person.replace(/^person:/, '')}
      </td>
      <td data-label={heads[3]}>
        <Purpose of={row} words={purpose} />
      </td>
      <td data-label={heads[4]}>
        <span>
          {what} {row.list && <span className="chip chip-quiet">{say('reads.list')}</span>}
        </span>
      </td>
    </tr>
  );
}
