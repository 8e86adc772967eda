import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { get } from '../api/client.ts';
import type { Declaration, Envelope, RecordType, Row } from '../api/types.ts';
import { purposeFor, reachOf, textOf } from '../app/declaration.ts';
import { whole } from '../app/format.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { NotAllowed } from './declared-command.tsx';
import { Filters } from './filters.tsx';
import { Icon } from './icon.tsx';
import { RowsTable } from './rows-table.tsx';
import { PageHead } from './sheet.tsx';
import { AsOf, Broken, Empty, PartialNote, SignInNeeded, Waiting } from './states.tsx';

/** Rows of a page of a list. */
const pageRows = 100;

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
  const reach = reachOf(session, declared.name, record);
  const body = () => {
    if (session === undefined) return <Waiting />;
    if (reach === 'none')
      return session.who === null ? (
        <SignInNeeded />
      ) : (
        <NotAllowed declared={declared} roles={record.readers} />
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
  const query = textsOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const ask = (next: ListQuery) => void navigate({ to: '.', search: next, replace: true });
  const rows = useRows(record, query, purpose);
  const pages = rows.data?.pages ?? [];
  const [first] = pages;
  const shown = pages.flatMap(({ data }) => data);
  return (
    <div className="stack">
      <Filters declared={declared} record={record} query={query} ask={ask} />
      {first !== undefined && <PartialNote of={first} />}
      {purpose !== undefined && (
        <p className="small quiet">{t('list.purpose', { purpose: textOf(declared, `$${purpose}`) })}</p>
      )}
      {rows.error !== null && <Broken error={rows.error} retry={() => void rows.refetch()} />}
      {rows.isPending && <Waiting lines={8} />}
      {first !== undefined && (
        <div className="sheet">
          {shown.length === 0 ? (
            <Empty why={t(Object.keys(query).length === 0 ? 'list.empty' : 'list.no-match')} />
          ) : (
            <RowsTable declared={declared} record={record} rows={shown} query={query} ask={ask} />
          )}
        </div>
      )}
      {first !== undefined && (
        <div className="row between">
          <div className="row">
            {rows.hasNextPage && (
              <button
                type="button"
                className="button"
                disabled={rows.isFetchingNextPage}
                onClick={() => void rows.fetchNextPage()}
              >
                {t(rows.isFetchingNextPage ? 'state.loading' : 'list.more')}
              </button>
            )}
            <p className="small quiet" role="status">
              {t('list.shown', { n: shown.length, of: whole(first.count ?? shown.length) })}
            </p>
          </div>
          <div className="row">
            <AsOf at={first.asOf} />
            <a
              className="button button-small"
              href={exportHref(record, query, purpose)}
              download={`${record.name}.csv`}
            >
              <Icon of={Download} size={16} />
              CSV
            </a>
          </div>
        </div>
      )}
    </div>
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

function exportHref(record: RecordType, query: ListQuery, purpose: string | undefined): string {
  const asked = new URLSearchParams({
    ...query,
    format: 'csv',
    ...(purpose === undefined ? {} : { purpose }),
  });
  return `/${record.type}?${asked}`;
}

function textsOf(search: Readonly<Record<string, unknown>>): ListQuery {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
}
