import { useQuery } from '@tanstack/react-query';
import { Columns2 } from 'lucide-react';
import { asked } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { useChoose, useSearch } from '../app/address.ts';
import { textOf } from '../app/declaration.ts';
import { dayText, today } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t, tongueOf } from '../app/texts.ts';
import { say } from '../office/law-words.ts';
import { ParamValue } from '../office/param-value.tsx';
import { DayInput } from '../parts/day-input.tsx';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import '../styles/law.css';

/** One value of a parameter: from which day, by which source. */
interface Entry {
  readonly from: string;
  readonly source: string;
  readonly mark: 'demonstration' | 'to-check' | null;
  readonly value?: unknown;
  readonly money?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly history: readonly Entry[];
  readonly members: Readonly<Record<string, readonly Entry[]>>;
}

/** What stands where a value has no source: its mark says the same in the page's language. */
const unsourced = 'demonstration value';

/** The numbers of a system's law: what is in force on a day, since when, by which source, and where members differ. 参数 */
export function Page() {
  return <OfSystem>{(declared) => <Parameters declared={declared} />}</OfSystem>;
}

function Parameters({ declared }: { readonly declared: Declaration }) {
  const { on = today() } = useSearch();
  const write = useChoose();
  const sheet = useQuery(
    asked<{ readonly data: readonly Parameter[] }>(`/systems/${declared.name}/parameters`),
  );
  const choose = (day: string) => write({ on: day });
  return (
    <>
      <PageHead
        title={t('parameters.title')}
        under={<p>{t('parameters.why')}</p>}
        back={{ to: `/${declared.name}`, title: textOf(declared, declared.name) }}
      >
        <div className="row small">
          <label htmlFor="law-day">{t('parameters.on')}</label>
          <DayInput
            id="law-day"
            className="input-day"
            value={on}
            onChange={(event) => event.target.value && choose(event.target.value)}
          />
        </div>
      </PageHead>
      <Loaded of={sheet} lines={8}>
        {({ data }) => (
          <div className="stack">
            {data.length === 0 && (
              <Sheet>
                <Empty why={say('parameters.none')} />
              </Sheet>
            )}
            {data.map((one) => (
              <ParameterSheet key={one.name} declared={declared} parameter={one} on={on} />
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}

interface SheetProps {
  readonly declared: Declaration;
  readonly parameter: Parameter;
  readonly on: string;
}

function ParameterSheet({ declared, parameter, on }: SheetProps) {
  const { name, history, members } = parameter;
  const rows = [['', history] as const, ...Object.entries(members)];
  return (
    <Sheet
      title={declared.texts[`%${name}`] ?? name}
      aside={
        <span className="row">
          <code>{name}</code>
          {Object.keys(members).length > 1 && (
            <Go to={`/${declared.name}/compare?name=${name}&on=${on}`} className="button button-small">
              <Icon of={Columns2} size={16} />
              {say('compare.open')}
            </Go>
          )}
        </span>
      }
    >
      <div className="table-scroll">
        <table className="table cards">
          <thead>
            <tr>
              {[
                t('parameters.whose'),
                t('parameters.from'),
                t('parameters.value'),
                t('parameters.source'),
              ].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.flatMap(([member, entries]) =>
              entries.map((entry) => (
                <EntryRow
                  key={`${member} ${entry.from}`}
                  declared={declared}
                  member={member}
                  entry={entry}
                  path={`/systems/${declared.name}/parameters/${name}?on=${entry.from}${member === '' ? '' : `&member=${member}`}`}
                  isNow={isInForce(entry, entries, on)}
                />
              )),
            )}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

function isInForce(entry: Entry, entries: readonly Entry[], on: string): boolean {
  return entries.filter(({ from }) => from <= on).at(-1) === entry;
}

function EntryRow({
  declared,
  member,
  entry,
  path,
  isNow,
}: {
  readonly declared: Declaration;
  readonly member: string;
  /** Where the whole value is asked for. */
  readonly path: string;
  readonly entry: Entry;
  readonly isNow: boolean;
}) {
  const { from, source, mark, value, money } = entry;
  return (
    <tr className={isNow ? '' : 'quiet'}>
      <td data-label={t('parameters.whose')}>{member === '' ? t('parameters.region') : placeName(member)}</td>
      <td data-label={t('parameters.from')}>
        <span className="row">
          {dayText(from)}
          {isNow && <span className="chip chip-good">{t('parameters.in-force')}</span>}
        </span>
      </td>
      <td data-label={t('parameters.value')}>
        <ParamValue {...{ declared, path }} of={money && { value, money }} />
      </td>
      <td data-label={t('parameters.source')}>
        <span>
          {source !== unsourced && <span lang={tongueOf(source)}>{source}</span>}{' '}
          {mark !== null && <span className="chip chip-you">{t(`parameters.${mark}`)}</span>}
        </span>
      </td>
    </tr>
  );
}
