import { useQuery } from '@tanstack/react-query';
import { GitCompare } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { get } from '../api/client.ts';
import type { Declaration, Fields, History, RecordType, Way } from '../api/types.ts';
import { labelOf, purposeFor, reachOf, textOf } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Value } from './cells.tsx';
import { Icon } from './icon.tsx';
import { useMessageTitle } from './message-title.ts';
import type { Seen } from './seen.ts';
import { Loaded } from './states.tsx';

type Version = History['data'][number];

/** What is compared, and what its person may choose. */
export interface ChangedProps {
  readonly declared: Declaration;
  /** The record as it is addressed now, and the version that the form relies on. */
  readonly seen: Seen;
  /** The node refused it; else it is shown only if there is a newer version. */
  readonly isRefused: boolean;
  /** Goes on with the version that is told; what was entered stays. */
  goOn(at: string): void;
  /** Leaves it: what was entered is forgotten, and the person is led elsewhere. */
  giveUp(): void;
}

/** Somebody changed the record that a form was opened from: both versions side by side, and the choice between going on and giving up. */
export function Changed({ declared, seen, isRefused, ...choice }: ChangedProps) {
  const [, , name = ''] = seen.href.split('/');
  const record = declared.records.find((one) => one.name === name);
  return record === undefined ? null : <Compared {...{ declared, seen, isRefused, record, ...choice }} />;
}

function Compared({
  declared,
  seen,
  isRefused,
  record,
  goOn,
  giveUp,
}: ChangedProps & { readonly record: RecordType }) {
  const session = useSession();
  const purpose = purposeFor(declared, record, reachOf(session, declared.name, record));
  // Asked for anew: what the record's page had read is what is no longer so.
  const history = useQuery({
    queryKey: ['changed', seen.href, seen.at, isRefused],
    queryFn: ({ signal }) => get<History>(`/history${seen.href}`, { purpose, signal }),
    gcTime: 0,
  });
  const isKnown = isRefused || (history.data !== undefined && history.data.at !== seen.at);
  if (!isKnown) return null;
  return (
    <Told isRefused={isRefused}>
      <Loaded of={history}>
        {({ data, way, at }) => (
          <>
            <Who of={data[0]} way={way} />
            <Sides had={data.find((one) => one.at === seen.at)} now={data[0]} {...{ declared, record }} />
            <p>{t('changed.choose')}</p>
            <div className="row">
              <button type="button" className="button button-main" onClick={() => goOn(at)}>
                {t('changed.go-on')}
              </button>
              <button type="button" className="button" onClick={giveUp}>
                {t('changed.give-up')}
              </button>
            </div>
          </>
        )}
      </Loaded>
    </Told>
  );
}

/** It takes the focus when it appears, as what is wrong with a form does. */
function Told({ isRefused, children }: { readonly isRefused: boolean; readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isRefused) box.current?.focus();
  }, [isRefused]);
  return (
    <div className="sheet note edge-you changed" ref={box} tabIndex={-1} role="alert">
      <Icon of={GitCompare} />
      <div className="stack">
        <p className="strong">{t('changed.title')}</p>
        {children}
      </div>
    </div>
  );
}

/** By whom and when: the member whose message led to the newest version, and which it was. */
function Who({ of, way }: { readonly of: Version | undefined; readonly way: Way }) {
  const step = way.steps.findLast(
    ({ step: is, time }) => time === of?.time && (is === 'accepted' || is === 'handled' || is === 'due'),
  );
  const from = way.steps.find(({ id, step: is }) => id === step?.id && (is === 'sent' || is === 'answered'));
  const what = useMessageTitle(step?.type ?? '');
  if (of === undefined || step === undefined) return null;
  const member = placeName((from ?? step).member);
  return <p>{t('changed.by', { member, time: momentText(of.time, true), what })}</p>;
}

interface SidesProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly had: Version | undefined;
  readonly now: Version | undefined;
}

function Sides({ declared, record, had, now }: SidesProps) {
  const names = Object.keys(record.schema.properties ?? {});
  const label = t('changed.title');
  const cell = (of: Fields | null | undefined, name: string) => (
    <Value value={of?.[name]} schema={record.schema.properties?.[name] ?? {}} declared={declared} of={name} />
  );
  const isOther = (name: string) => JSON.stringify(had?.value?.[name]) !== JSON.stringify(now?.value?.[name]);
  return (
    <>
      {had === undefined && <p className="quiet">{t('changed.unknown')}</p>}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{textOf(declared, record.name)}</th>
              {had !== undefined && <Head of={had} title={t('changed.had')} />}
              {now !== undefined && <Head of={now} title={t('changed.now')} />}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{labelOf(declared, record.name, name)}</th>
                {had !== undefined && <td>{cell(had.value, name)}</td>}
                <td className={had !== undefined && isOther(name) ? 'chosen' : undefined}>
                  {cell(now?.value, name)}
                  {had !== undefined && isOther(name) && (
                    <span className="small you"> {t('changed.mark')}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Head({ of, title }: { readonly of: Version; readonly title: string }) {
  return (
    <th scope="col">
      {title} <time dateTime={of.time}>{momentText(of.time, true)}</time>
    </th>
  );
}
