import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { asked } from '../api/client.ts';
import type { Declaration, FileRef, RecordView, Schema } from '../api/types.ts';
import { choiceText, labelOf, nameIn, plain } from '../app/declaration.ts';
import { basisPoints, dayText, momentText, monthText, whole } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { locale, t } from '../app/texts.ts';
import { Words, Yuan } from './words.tsx';

/** What takes files away is fetched by records that have one. */
const FileLink = lazy(() => import('../office/file-link.tsx').then((own) => ({ default: own.FileLink })));

/** How one kind of field is shown. */
interface Kind {
  /** Numbers stand at the end of their cell. */
  readonly isNumber?: boolean;
  show(value: string, declared: Pick<Declaration, 'texts'>): ReactNode;
}

const mono: Kind = { show: (value) => <code>{value}</code> };
/** A word for one of several things; among them why something was refused. */
const code: Kind = {
  show: (value, { texts }) => texts[`=${value}`] ?? texts[`!${value}`] ?? <code>{value}</code>,
};
const number: Kind = { isNumber: true, show: (value) => whole(Number(value)) };
const place: Kind = { show: (value) => placeName(value) };

/** Every kind of field that declarations know, and how it is shown. */
const kinds: Readonly<Record<string, Kind>> = {
  money: { isNumber: true, show: (fen) => <Yuan fen={fen} /> },
  date: { show: (day) => <time dateTime={day}>{dayText(day)}</time> },
  month: { show: (month) => monthText(month) },
  instant: { show: (instant) => <time dateTime={instant}>{momentText(instant)}</time> },
  member: place,
  city: place,
  place,
  'cn-id': mono,
  'credit-code': mono,
  code,
  id: mono,
  count: number,
  number,
  'basis-points': { isNumber: true, show: (bp) => basisPoints(Number(bp)) },
  'yes-no': { show: (value) => t(value === 'true' ? 'field.yes' : 'field.no') },
  choice: { show: (value, declared) => choiceText(declared, value) },
  url: {
    show: (url) => (
      <a href={url} rel="noreferrer">
        {url}
      </a>
    ),
  },
};

/** Whether a field's values stand at the end of their cell. */
export function isNumber(schema: Schema): boolean {
  return kinds[plain(schema).kind ?? '']?.isNumber ?? false;
}

/** Where a value stands: its schema, its declaration, and the name of what holds it, for the labels inside it. */
export interface Held {
  readonly value: unknown;
  readonly schema: Schema;
  readonly declared: Declaration;
  readonly of: string;
}

/** A value of a record, as its kind is shown; what is made of several parts is shown part by part. */
export function Value({ value, schema, declared, of }: Held): ReactNode {
  const known = plain(schema);
  if (value === undefined || value === null || value === '') return <span className="quiet">–</span>;
  const named = known.names === undefined ? undefined : pathOfName(declared, known.names, String(value));
  if (named !== undefined) return <Named code={String(value)} path={named} />;
  if (known.kind === 'file')
    return (
      <Suspense>
        <FileLink of={value as FileRef} />
      </Suspense>
    );
  const kind = kinds[known.kind ?? ''];
  if (kind !== undefined && typeof value !== 'object') return kind.show(String(value), declared);
  if (Array.isArray(value))
    return <Many value={value} schema={known.items ?? {}} declared={declared} of={of} />;
  if (typeof value === 'object')
    return known.kind === 'bilingual' ? (
      String(Reflect.get(value, locale))
    ) : (
      <Facts value={value} schema={known} declared={declared} of={of} />
    );
  return declared.texts[`${of}.${String(value)}`] ?? <Words of={String(value)} />;
}

/** Where the name of a code is told: of a declared list of codes, or of a record that concerns nobody and is found by the code alone. */
function pathOfName({ name, codeLists, records }: Declaration, names: string, code: string) {
  if (codeLists.includes(names)) return `/systems/${name}/codes/${names}?code=${encodeURIComponent(code)}`;
  const record = records.find((one) => one.name === names);
  if (record === undefined || record.each !== null || record.isPerson || record.person !== null)
    return undefined;
  return `/${record.type}/${encodeURIComponent(code)}`;
}

/** What a code stands for, by the name of what it names; the code itself until that is there. */
function Named({ code, path }: { readonly code: string; readonly path: string }) {
  const found = useQuery({
    ...asked<Partial<RecordView> & { readonly data?: readonly object[] }>(path),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const of = found.data?.data?.[0] ?? found.data?.value;
  const name = of === undefined ? undefined : nameIn(of);
  return name === undefined ? <code>{code}</code> : <Words of={name} />;
}

/** The fields of an object in the order of its schema. */
export function Facts({
  value,
  schema,
  declared,
  of,
  leave = [],
}: Held & { readonly leave?: readonly string[] }) {
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name]) => !leave.includes(name) && Reflect.get(Object(value), name) !== undefined,
  );
  return (
    <dl className="facts">
      {fields.map(([name, inner]) => (
        <div key={name} className="fact">
          <dt>{labelOf(declared, of, name)}</dt>
          <dd>
            <Value value={Reflect.get(Object(value), name)} schema={inner} declared={declared} of={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Many({ value, schema, declared, of }: Omit<Held, 'value'> & { readonly value: readonly unknown[] }) {
  const known = plain(schema);
  if (value.length === 0) return <span className="quiet">{t('field.none')}</span>;
  if (known.properties !== undefined)
    return <Rows value={value} schema={known} declared={declared} of={of} />;
  return (
    <ul className="inline-list">
      {value.map((one) => (
        <li key={String(one)}>
          <Value value={one} schema={known} declared={declared} of={of} />
        </li>
      ))}
    </ul>
  );
}

function Rows({ value, schema, declared, of }: Omit<Held, 'value'> & { readonly value: readonly unknown[] }) {
  const fields = Object.entries(schema.properties ?? {});
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={labelOf(declared, of, of)}>
      <table className="table cards">
        <thead>
          <tr>
            {fields.map(([name, inner]) => (
              <th key={name} scope="col" className={isNumber(inner) ? 'number' : ''}>
                {labelOf(declared, of, name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.map((row, at) => (
            <tr key={at}>
              {fields.map(([name, inner]) => (
                <td
                  key={name}
                  className={isNumber(inner) ? 'number' : ''}
                  data-label={labelOf(declared, of, name)}
                >
                  <Value value={Reflect.get(Object(row), name)} schema={inner} declared={declared} of={of} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
