import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { asked } from '../api/client.ts';
import type { Declaration, Fields, History, RecordType, RecordView } from '../api/types.ts';
import { useParams, useSearch } from '../app/address.ts';
import { labelOf, nameIn, purposeFor, reachOf, textOf } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { mayUse, useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Facts, Value } from '../parts/cells.tsx';
import { closedBy } from '../parts/closed-by.ts';
import { FilesOf } from '../parts/files-of.ts';
import { Go } from '../parts/go.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { presetQuery } from '../parts/preset.ts';
import { ReceiptLink } from '../parts/receipt-link.tsx';
import type { Seen } from '../parts/seen.ts';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Loaded } from '../parts/states.tsx';
import { WaySheet } from '../parts/way.tsx';
import { NotFound } from './not-found.tsx';

/** A record, whole: its facts, what it was before, and what can be done about it. */
export function Page() {
  const { name = '' } = useParams();
  return (
    <OfSystem>
      {(declared) => {
        const record = declared.records.find((one) => one.name === name);
        return record === undefined ? <NotFound /> : <RecordPage declared={declared} record={record} />;
      }}
    </OfSystem>
  );
}

interface RecordProps {
  readonly declared: Declaration;
  readonly record: RecordType;
}

function RecordPage({ declared, record }: RecordProps) {
  const { subject = '', key } = useParams();
  const { owner } = useSearch();
  const session = useSession();
  const kind = textOf(declared, record.name);
  const reach = reachOf(session, declared.name, record);
  const purpose = purposeFor(declared, record, reach);
  const path = `/${record.type}/${encode(subject)}${key === undefined ? '' : `/${encode(key)}`}`;
  const query = owner === undefined ? '' : `?owner=${owner}`;
  const found = useQuery({
    ...asked<RecordView>(`${path}${query}`, purpose),
    enabled: session !== undefined,
  });
  const history = useQuery({
    ...asked<History>(`/history${path}${query}`, purpose),
    enabled: found.isSuccess,
  });
  // A person’s name is no title: it would stand in the browser’s tab.
  const name = record.readers.includes('public') && found.isSuccess ? nameIn(found.data.value) : undefined;
  const { refetch: read } = found;
  const { refetch: readHistory } = history;
  const again = useCallback(() => void Promise.all([read(), readHistory()]), [read, readHistory]);
  return (
    <>
      <PageHead
        title={name ?? kind}
        under={
          found.data !== undefined && (
            <>
              {name !== undefined && `${kind} · `}
              <Whose of={found.data} />
            </>
          )
        }
        back={{ to: `/${record.type}`, title: t('record.list', { name: kind }) }}
      >
        {found.isSuccess && found.data.owner === '' && <ReceiptLink path={path} purpose={purpose} />}
      </PageHead>
      <Loaded of={found} lines={8}>
        {(view) => (
          <div className="two">
            <div className="stack">
              <Sheet title={t('record.facts')}>
                <div className="sheet-body">
                  <FilesOf value={{ path, query, purpose }}>
                    <Facts value={view.value} schema={record.schema} declared={declared} of={record.name} />
                  </FilesOf>
                </div>
              </Sheet>
              <Loaded of={history}>
                {({ way }) => <WaySheet way={way} of={{ type: record.type, subject, again }} />}
              </Loaded>
            </div>
            <div className="stack">
              <Acts
                {...{ declared, record }}
                value={view.value}
                seen={{ href: `${path}${query}`, at: view.at }}
              />
              <Sheet title={t('record.history')}>
                <div className="sheet-body">
                  <Loaded of={history}>
                    {({ data }) => <Versions data={data} declared={declared} record={record} />}
                  </Loaded>
                </div>
              </Sheet>
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

/** A sealed subject begins with ~, which stays as it is in an address. */
const encode = (part: string): string => encodeURIComponent(part);

function Whose({ of }: { readonly of: RecordView }) {
  return (
    <span className="small">
      {of.owner === '' ? t('record.own') : t('record.copy', { name: placeName(of.owner) })} ·{' '}
      <code>{of.at}</code>
    </span>
  );
}

/** What someone may do about the same subject: the commands that are declared for it; what the record says already stands in their forms. */
function Acts({
  declared,
  record,
  value,
  seen,
}: RecordProps & { readonly value: Fields; readonly seen: Seen }) {
  const session = useSession();
  const acts = declared.commands.filter(
    ({ about, by }) => about === record.about && mayUse(session, declared.name, by),
  );
  if (acts.length === 0) return null;
  return (
    <Sheet title={t('record.acts')}>
      <ul className="list">
        {acts.map((one) => {
          const why = closedBy(one, record.name, value);
          return (
            <li key={one.name}>
              <Go to={`/${one.type}${presetQuery(one.input, value, seen)}`} className="list-link">
                <span>
                  {textOf(declared, one.name)}
                  {why !== undefined && (
                    <span className="quiet small block">{textOf(declared, `!${why}`)}</span>
                  )}
                </span>
              </Go>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}

function Versions({ data, declared, record }: RecordProps & { readonly data: History['data'] }) {
  return (
    <ol className="timeline">
      {data.map((version, at) => (
        <li key={version.at}>
          <p>
            <time dateTime={version.time}>{momentText(version.time, true)}</time>
          </p>
          <Change now={version.value} before={data[at + 1]?.value} declared={declared} record={record} />
        </li>
      ))}
    </ol>
  );
}

type ChangeProps = RecordProps & {
  readonly now: Fields | null | undefined;
  readonly before: Fields | null | undefined;
};

/** The fields that a version changed. */
function Change({ now, before, declared, record }: ChangeProps) {
  if (now === null) return <p className="quiet small">{t('record.removed')}</p>;
  if (now === undefined) return <p className="quiet small">{t('record.erased')}</p>;
  if (before === null || before === undefined) return <p className="quiet small">{t('record.made')}</p>;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const changed = names.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));
  return (
    <dl className="facts small">
      {changed.map((name) => (
        <div key={name} className="fact">
          <dt>{labelOf(declared, record.name, name)}</dt>
          <dd>
            <Value
              value={now[name]}
              schema={record.schema.properties?.[name] ?? {}}
              declared={declared}
              of={name}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
