import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { get } from '../api/client.ts';
import type { Declaration, Envelope, RecordType, Row } from '../api/types.ts';
import { useChoose, useSearch } from '../app/address.ts';
import { listReachOf, purposeFor, textOf } from '../app/declaration.ts';
import { whole } from '../app/format.ts';
import { useChanges } from '../app/live.ts';
import { mayUse, useSession } from '../app/session.ts';
import { locale, t } from '../app/texts.ts';
import { Columns, columnsOf } from './columns.tsx';
import { NotAllowed } from './declared-command.tsx';
import { Filters } from './filters.tsx';
import { Icon, StateMark } from './icon.tsx';
import { RowsTable } from './rows-table.tsx';
import { PageHead } from './sheet.tsx';
import { AsOfWords, awayIn, Broken, Empty, PartialNote, SignInNeeded, Waiting } from './states.tsx';

/** Fetched by the few who meet it. */
const BreakGlass = lazy(() =>
  import('../office/break-glass.tsx').then((own) => ({ default: own.BreakGlass })),
);

/** Rows of a page of a list. */
const pageRows = 200;

/** What a list is asked for, as it stands in the page's address: filters by field, and `sort`. */
export type ListQuery = Readonly<Record<string, string>>;

/** The page of a record's list: filters and order in the address, more rows on demand, the whole as a file. */
export function DeclaredList({
  declared,
  record,
}: {
  readonly declared: Declaration;
  readonly record: RecordType;
}) {
  const session = useSession();
  const back = { to: `/${declared.name}`, title: textOf(declared, declared.name) };
  const reach = listReachOf(session, declared.name, record);
  const body = () => {
    if (session === undefined) return <Waiting />;
    if (reach === 'none' && mayUse(session, declared.name, record.breakGlass))
      return (
        <Suspense fallback={<Waiting />}>
          <BreakGlass declared={declared} record={record} />
        </Suspense>
      );
    if (reach === 'none')
      return session.who === null ? (
        <SignInNeeded />
      ) : (
        <NotAllowed declared={declared} roles={record.readers.filter((role) => role !== 'self')} />
      );
    return <List declared={declared} record={record} purpose={purposeFor(declared, record, reach)} />;
  };
  return (
    <>
      <PageHead title={textOf(declared, record.name)} back={back} />
      {body()}
    </>
  );
}

interface ListProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly purpose: string | undefined;
}

function List({ declared, record, purpose }: ListProps) {
  const { columns, ...query } = useSearch();
  const go = useChoose();
  const ask = (next: ListQuery) => go({ ...next, ...(columns === undefined ? {} : { columns }) });
  const rows = useRows(record, query, purpose);
  const [first] = rows.data?.pages ?? [];
  const shown = (rows.data?.pages ?? []).flatMap(({ data }) => data);
  const chosen = columnsOf(record, columns);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = rows;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const count = first?.count ?? shown.length;
  return (
    <div className="stack">
      <Filters declared={declared} record={record} query={query} ask={ask} />
      {first !== undefined && <PartialNote of={first} retry={() => void rows.refetch()} />}
      {purpose !== undefined && (
        <p className="small quiet">{t('list.purpose', { purpose: textOf(declared, `$${purpose}`) })}</p>
      )}
      {rows.error !== null && <Broken error={rows.error} retry={() => void rows.refetch()} />}
      {rows.isPending && <Waiting lines={8} />}
      {first !== undefined && (
        <>
          <div className="row between list-tools">
            <p className="small quiet" role="status">
              {t('list.shown', { n: shown.length, of: whole(count) })} · <AsOfWords at={first.asOf} />
            </p>
            <div className="row">
              <Live record={record} pages={rows.data?.pages.length ?? 0} again={rows.refetch} />
              <Columns
                declared={declared}
                record={record}
                shown={chosen}
                choose={(next) => go(next === undefined ? query : { ...query, columns: next })}
              />
              {(['csv', 'xlsx'] as const).map((format) => (
                <a
                  key={format}
                  className="button button-small"
                  href={exportHref(record, query, purpose, format)}
                  download={`${record.name}.${format}`}
                >
                  <Icon of={Download} size={16} />
                  {format.toUpperCase()}
                </a>
              ))}
            </div>
          </div>
          <div className="sheet">
            {shown.length === 0 ? (
              <Empty why={t(Object.keys(query).length === 0 ? 'list.empty' : 'list.no-match')} />
            ) : (
              <RowsTable
                {...{ declared, record, query, ask, more, count }}
                columns={chosen}
                rows={shown}
                away={awayIn(first)}
              />
            )}
          </div>
          {isFetchingNextPage && <p className="small quiet">{t('state.loading')}</p>}
        </>
      )}
    </div>
  );
}

interface LiveProps {
  readonly record: RecordType;
  readonly pages: number;
  again(): Promise<unknown>;
}

/** Changes are shown as they come; in a long list only on demand, so that nothing moves under one's eyes. */
function Live({ record, pages, again }: LiveProps) {
  const [hasNews, setNews] = useState(false);
  const changed = useCallback(() => {
    if (pages > 1) setNews(true);
    else void again();
  }, [pages, again]);
  const state = useChanges(record.type, changed);
  const show = () => {
    setNews(false);
    void again();
  };
  if (hasNews)
    return (
      <button type="button" className="button button-small" onClick={show}>
        {t('list.changed')}
      </button>
    );
  if (state === 'opening') return null;
  return (
    <span className={state === 'lost' ? 'mark-word small you' : 'mark-word small quiet'}>
      <StateMark state={state === 'lost' ? 'away' : 'good'} />
      {t(state === 'lost' ? 'list.stale' : 'list.live')}
    </span>
  );
}

function useRows(record: RecordType, query: ListQuery, purpose: string | undefined) {
  return useInfiniteQuery({
    queryKey: [`/${record.type}`, query, purpose ?? ''],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === '' ? { count: 'true' } : { cursor: pageParam };
      const asked = new URLSearchParams({ ...query, limit: String(pageRows), ...cursor });
      return get<Envelope<Row>>(`/${record.type}?${asked}`, { purpose, signal });
    },
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

function exportHref(
  record: RecordType,
  query: ListQuery,
  purpose: string | undefined,
  format: 'csv' | 'xlsx',
): string {
  const asked = new URLSearchParams({
    ...query,
    format,
    ...(format === 'xlsx' ? { language: locale } : {}),
    ...(purpose === undefined ? {} : { purpose }),
  });
  return `/${record.type}?${asked}`;
}
