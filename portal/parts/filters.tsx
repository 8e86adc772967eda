import { ListFilter } from 'lucide-react';
import { type ChangeEvent, type FormEvent, type ReactNode, useId, useState } from 'react';
import type { Declaration, RecordType, Schema } from '../api/types.ts';
import { choiceText, labelOf, plain } from '../app/declaration.ts';
import { cities, members, placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { DayInput } from './day-input.tsx';
import type { ListQuery } from './declared-list.tsx';
import { Icon } from './icon.tsx';
import { fenOf } from './read-input.ts';

interface FiltersProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly query: ListQuery;
  ask(next: ListQuery): void;
}

/** One control for each field that the list is found by; what is chosen stands in the page's address. */
export function Filters({ declared, record, query, ask }: FiltersProps) {
  const [texts, setTexts] = useState<ListQuery>(query);
  // Whom a list is about is said in no address.
  const fields = record.find.filter(
    (name) => name !== record.person && record.schema.properties?.[name] !== undefined,
  );
  const isSearched = record.search.length > 0;
  if (fields.length === 0 && !isSearched) return null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask(Object.fromEntries(Object.entries(texts).filter(([, value]) => value.trim() !== '')));
  };
  const clear = () => {
    setTexts({});
    ask({});
  };
  const isChosen = Object.keys(query).some((name) => name !== 'sort');
  return (
    <Folded isFolded={fields.length > few} isOpen={isChosen}>
      <form className="filters" onSubmit={send} aria-label={t('list.filters')}>
        {isSearched && (
          <div className="filter">
            <label htmlFor={`${record.name}-q`}>{t('list.search')}</label>
            <input
              id={`${record.name}-q`}
              type="search"
              value={texts['q'] ?? ''}
              onChange={(event) => setTexts({ ...texts, q: event.target.value })}
            />
          </div>
        )}
        {fields.map((name) => (
          <Filter
            key={name}
            label={labelOf(declared, record.name, name)}
            schema={plain(record.schema.properties?.[name] ?? {})}
            declared={declared}
            name={name}
            query={texts}
            change={(next) => setTexts({ ...texts, ...next })}
          />
        ))}
        <div className="row">
          <button type="submit" className="button button-small">
            <Icon of={ListFilter} size={16} />
            {t('list.filter')}
          </button>
          {isChosen && (
            <button type="button" className="button button-plain button-small" onClick={clear}>
              {t('list.clear')}
            </button>
          )}
        </div>
      </form>
    </Folded>
  );
}

/** On a phone the filters of a list would fill the screen before its first row: more than these are folded away until one wants them. */
const few = 2;
const isNarrow = matchMedia('(width < 56em)').matches;

interface FoldedProps {
  readonly isFolded: boolean;
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

function Folded({ isFolded, isOpen, children }: FoldedProps) {
  if (!isNarrow || !isFolded) return <div className="sheet">{children}</div>;
  return (
    <details className="sheet" open={isOpen}>
      <summary className="filters-open">{t('list.filters')}</summary>
      {children}
    </details>
  );
}

interface FilterProps {
  readonly label: string;
  readonly schema: Schema;
  readonly declared: Declaration;
  readonly name: string;
  readonly query: ListQuery;
  change(next: ListQuery): void;
}

/** Kinds whose filter is a span from one value to another. */
const spans = new Set(['date', 'month', 'money', 'count']);

function Filter({ label, schema, declared, name, query, change }: FilterProps) {
  const id = useId();
  const { kind = 'text', enum: choices } = schema;
  const value = query[name] ?? '';
  if (spans.has(kind)) return <Span {...{ label, name, query, change, kind }} />;
  const options =
    choices?.map((one) => [String(one), choiceText(declared, String(one))] as const) ?? placesFor(kind);
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      {options === undefined ? (
        <input
          id={id}
          type="text"
          value={value}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      ) : (
        <select id={id} value={value} onChange={(event) => change({ [name]: event.target.value })}>
          <option value="">{t('list.all')}</option>
          {options.map(([code, text]) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function placesFor(kind: string): readonly (readonly [string, string])[] | undefined {
  if (kind === 'member') return members.map(({ code }) => [code, placeName(code)]);
  if (kind === 'city') return cities.map(({ code }) => [code, placeName(code)]);
  return undefined;
}

type SpanProps = Omit<FilterProps, 'schema' | 'declared'> & { readonly kind: string };

function Span({ label, name, query, change, kind }: SpanProps) {
  const toWire = (text: string) => (kind === 'money' ? (fenOf(text) ?? '') : text);
  const ends = [
    ['gte', t('list.from')],
    ['lte', t('list.to')],
  ] as const;
  return (
    <fieldset className="filter span">
      <legend>{label}</legend>
      {ends.map(([end, word]) => {
        const value = query[`${name}.${end}`] ?? '';
        const named = { 'aria-label': `${label} ${word}` };
        const take = ({ target }: ChangeEvent<HTMLInputElement>) =>
          change({ [`${name}.${end}`]: toWire(target.value) });
        return kind === 'date' || kind === 'month' ? (
          <DayInput key={end} {...named} of={kind} value={value} onChange={take} />
        ) : (
          <input
            key={end}
            {...named}
            type="text"
            placeholder={word}
            inputMode={kind === 'money' ? 'decimal' : undefined}
            defaultValue={kind === 'money' ? yuanOf(value) : value}
            onChange={take}
          />
        );
      })}
    </fieldset>
  );
}

function yuanOf(fen: string): string {
  return fen === '' ? '' : String(Number(fen) / 100);
}
