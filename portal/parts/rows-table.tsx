import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Declaration, RecordType, Row, Schema } from '../api/types.ts';
import { labelOf, plain, textOf } from '../app/declaration.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { isNumber, Value } from './cells.tsx';
import type { ListQuery } from './declared-list.tsx';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';

interface RowsTableProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  /** Names of the fields that have a column. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** How many there are at the node. */
  readonly count: number;
  /** Members that cannot be reached: their rows are what they last said. */
  readonly away: readonly string[];
  readonly query: ListQuery;
  ask(next: ListQuery): void;
  /** The last rows are near: more are wanted. */
  more(): void;
}

/** Heights of a row before it was seen, px: a line of a table, a card on a phone. */
const lineHeight = 40;
const cardHeight = 165;
/** Rows beyond the window's edges that are there already, and distance to the end at which more are asked for. */
const beyond = 15;
const nearEnd = 60;

/** The rows of a list: a column for each chosen field, the first leading to the whole record; a card each on a phone. Only rows in sight are in the page. */
export function RowsTable(props: RowsTableProps) {
  const { declared, record, columns, rows, count, more, away } = props;
  const place = useRef<HTMLTableElement>(null);
  const fields = columns.map(
    (name) => [name, ownOf(record, record.schema.properties?.[name] ?? {})] as const,
  );
  const isNarrow = matchMedia('(width < 56em)').matches;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? cardHeight : lineHeight),
    overscan: beyond,
    scrollMargin: place.current?.offsetTop ?? 0,
    getItemKey: (at) => rows[at]?.href ?? at,
  });
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  const isNearEnd = (last?.index ?? 0) > rows.length - nearEnd && rows.length < count;
  useEffect(() => {
    if (isNearEnd) more();
  }, [isNearEnd, more]);
  useEffect(leaping, []);
  const margin = virtual.options.scrollMargin;
  return (
    <div className="table-scroll">
      <table className="table cards rows" ref={place} aria-rowcount={count + 1}>
        <caption className="hidden">{textOf(declared, record.name)}</caption>
        <Heads {...props} fields={fields} />
        <tbody>
          <Gap height={(first?.start ?? margin) - margin} />
          {shown.map(({ index, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <tr
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className={away.includes(row.owner) ? 'row-away' : undefined}
              >
                <Cells {...{ row, declared, record, fields }} isAway={away.includes(row.owner)} />
              </tr>
            );
          })}
          <Gap height={virtual.getTotalSize() - ((last?.end ?? margin) - margin)} />
        </tbody>
      </table>
    </div>
  );
}

/** In the list of what a code stands for the code stands for itself: the name has its own column. */
function ownOf(record: RecordType, schema: Schema): Schema {
  const { names, ...code } = plain(schema);
  return names === record.name ? code : schema;
}

/** Home and End take one there at once: a browser that glides begins anew with each press, and a key that is held down would never arrive. */
function leaping(): () => void {
  const leap = (event: KeyboardEvent) => {
    const { key, target, ctrlKey, altKey, metaKey, shiftKey } = event;
    const isPlain = !(ctrlKey || altKey || metaKey || shiftKey);
    const isTyping = target instanceof Element && target.closest('input, select, textarea') !== null;
    if ((key !== 'Home' && key !== 'End') || !isPlain || isTyping) return;
    event.preventDefault();
    scrollTo({ top: key === 'Home' ? 0 : document.documentElement.scrollHeight, behavior: 'instant' });
  };
  addEventListener('keydown', leap);
  return () => removeEventListener('keydown', leap);
}

/** The room of rows that are out of sight. */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr className="gap">
      <td style={{ blockSize: height }} />
    </tr>
  );
}

interface CellsProps extends Pick<RowsTableProps, 'declared' | 'record'> {
  readonly fields: readonly (readonly [string, Schema])[];
}

function Cells({
  row,
  declared,
  record,
  fields,
  isAway,
}: CellsProps & { readonly row: Row; readonly isAway: boolean }) {
  return (
    <>
      {fields.map(([name, schema], at) => {
        const value = <Value value={row.value[name]} schema={schema} declared={declared} of={name} />;
        return (
          <td
            key={name}
            className={at === 0 ? 'card-head' : isNumber(schema) ? 'number' : ''}
            data-label={labelOf(declared, record.name, name)}
          >
            {at === 0 ? <Go to={row.href}>{value}</Go> : value}
          </td>
        );
      })}
      {record.copies === 'all' && (
        <td data-label={t('list.owner')}>
          {row.owner === '' ? t('list.own') : placeName(row.owner)}
          {isAway && <span className="small you"> {t('list.owner-away')}</span>}
        </td>
      )}
    </>
  );
}

function Heads({ declared, record, fields, query, ask }: CellsProps & Pick<RowsTableProps, 'query' | 'ask'>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
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
        {record.copies === 'all' && <th scope="col">{t('list.owner')}</th>}
      </tr>
    </thead>
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
