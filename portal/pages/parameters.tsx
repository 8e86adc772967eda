import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { asked } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { textOf, useDeclaration } from '../app/declaration.ts';
import { dayText, today, whole } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Loaded } from '../parts/states.tsx';

/** One value of a parameter: from which day, by which source. */
interface Entry {
  readonly from: string;
  readonly source: string;
  readonly mark: 'demonstration' | 'to-check' | null;
  readonly length: number;
  readonly value?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly history: readonly Entry[];
  readonly members: Readonly<Record<string, readonly Entry[]>>;
}

/** The numbers of a system's law: what is in force on a day, since when, by which source, and where members differ. 参数 */
export function Page() {
  const { system = '' } = useParams({ strict: false });
  const declaration = useDeclaration(system);
  return <Loaded of={declaration}>{(declared) => <Parameters declared={declared} />}</Loaded>;
}

function Parameters({ declared }: { readonly declared: Declaration }) {
  const { on = today() } = useSearch({ strict: false }) as { readonly on?: string };
  const navigate = useNavigate();
  const sheet = useQuery(
    asked<{ readonly data: readonly Parameter[] }>(`/systems/${declared.name}/parameters`),
  );
  const choose = (day: string) => void navigate({ to: '.', search: { on: day }, replace: true });
  return (
    <>
      <PageHead
        title={t('parameters.title')}
        under={<p>{t('parameters.why')}</p>}
        back={{ to: `/${declared.name}`, title: textOf(declared, declared.name) }}
      >
        <label className="row small">
          {t('parameters.on')}
          <input
            className="input-day"
            type="date"
            value={on}
            onChange={(event) => event.target.value && choose(event.target.value)}
          />
        </label>
      </PageHead>
      <Loaded of={sheet} lines={8}>
        {({ data }) => (
          <div className="stack">
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
    <Sheet title={declared.texts[`%${name}`] ?? name} aside={<code>{name}</code>}>
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
                  member={member}
                  entry={entry}
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
  member,
  entry,
  isNow,
}: {
  readonly member: string;
  readonly entry: Entry;
  readonly isNow: boolean;
}) {
  const { from, source, mark, length, value } = entry;
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
        {value === undefined ? (
          t('parameters.long', { size: whole(length) })
        ) : (
          <code>{JSON.stringify(value)}</code>
        )}
      </td>
      <td data-label={t('parameters.source')}>
        <span>
          {source} {mark !== null && <span className="chip chip-you">{t(`parameters.${mark}`)}</span>}
        </span>
      </td>
    </tr>
  );
}
