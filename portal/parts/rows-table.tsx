import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Declaration, RecordType, Row } from '../api/types.ts';
import { labelOf } from '../app/declaration.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { isNumber, Value } from './cells.tsx';
import type { ListQuery } from './declared-list.tsx';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';

interface RowsTableProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly rows: readonly Row[];
  readonly query: ListQuery;
  ask(next: ListQuery): void;
}

/** The rows of a list: a column for each declared field, the first leading to the whole record; a card each on a phone. */
export function RowsTable({ declared, record, rows, query, ask }: RowsTableProps) {
  const fields = record.list.map((name) => [name, record.schema.properties?.[name] ?? {}] as const);
  const hasOwners = record.copies === 'all';
  return (
    <div className="table-scroll">
      <table className="table cards">
        <caption className="hidden">{labelOf(declared, record.name, record.name)}</caption>
        <thead>
          <tr>
            {fields.map(([name, schema]) => (
              <th
                key={name}
                scope="col"
                className={isNumber(schema) ? 'number' : ''}
                aria-sort={sortOf(query, name)}
              >
                <Heading
                  label={labelOf(declared, record.name, name)}
                  name={name}
                  record={record}
                  query={query}
                  ask={ask}
                />
              </th>
            ))}
            {hasOwners && <th scope="col">{t('list.owner')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.href}>
              {fields.map(([name, schema], at) => (
                <td
                  key={name}
                  className={isNumber(schema) ? 'number' : ''}
                  data-label={labelOf(declared, record.name, name)}
                >
                  {at === 0 ? (
                    <Go to={row.href}>
                      <Value value={row.value[name]} schema={schema} declared={declared} of={name} />
                    </Go>
                  ) : (
                    <Value value={row.value[name]} schema={schema} declared={declared} of={name} />
                  )}
                </td>
              ))}
              {hasOwners && (
                <td data-label={t('list.owner')}>
                  {row.owner === '' ? t('list.own') : placeName(row.owner)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sortOf({ sort }: ListQuery, name: string): 'ascending' | 'descending' | undefined {
  if (sort === name) return 'ascending';
  return sort === `-${name}` ? 'descending' : undefined;
}

type HeadingProps = Pick<RowsTableProps, 'record' | 'query' | 'ask'> & {
  readonly label: string;
  readonly name: string;
};

function Heading({ label, name, record, query, ask }: HeadingProps) {
  if (!record.find.includes(name)) return label;
  const order = sortOf(query, name);
  const next = order === 'ascending' ? `-${name}` : name;
  return (
    <button type="button" className="sort" onClick={() => ask({ ...query, sort: next })}>
      {label}
      {order !== undefined && <Icon of={order === 'ascending' ? ArrowUp : ArrowDown} size={16} />}
    </button>
  );
}
