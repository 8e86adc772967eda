import { AllGood, dayText, Go, locale, type Row, Sheet, shortName, today, whole } from '@yitong/portal';
import type { PartRow } from './progress.tsx';
import { words } from './texts.ts';

interface LateListProps {
  readonly rows: readonly Row<PartRow>[];
  readonly city: string | undefined;
  clear(): void;
}

/** Days from a legal day to today. */
function daysSince(day: string): number {
  return Math.max(0, Math.round((Date.parse(today()) - Date.parse(day)) / 86_400_000));
}

/** What lags, the longest first, with the day on which it was due. */
export function LateList({ rows, city, clear }: LateListProps) {
  const shown = city === undefined ? rows : rows.filter(({ value }) => value.cities.includes(city));
  const most = Math.max(1, ...shown.map(({ value }) => (value.next === null ? 0 : daysSince(value.next))));
  const title = city === undefined ? words('late.title') : words('late.of', { name: shortName(city) });
  const all =
    city === undefined ? undefined : (
      <button type="button" className="plain-link" onClick={clear}>
        {words('late.clear')}
      </button>
    );
  if (shown.length === 0) return <AllGood>{words('late.none')}</AllGood>;
  return (
    <Sheet title={title} aside={all}>
      <div className="late-scroll" tabIndex={0} role="group" aria-label={title}>
        <table className="table cards">
          <thead>
            <tr>
              <th scope="col">{words('item')}</th>
              <th scope="col">{words('next')}</th>
              <th scope="col">{words('member')}</th>
              <th scope="col" className="number">
                {words('days')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <LateRow key={row.href} row={row} most={most} />
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

function LateRow({ row, most }: { readonly row: Row<PartRow>; readonly most: number }) {
  const { name, nameEn, next, member } = row.value;
  const days = next === null ? 0 : daysSince(next);
  return (
    <tr>
      <td data-label={words('item')}>
        <Go to={row.href}>{locale === 'en' ? (nameEn ?? name) : name}</Go>
      </td>
      <td data-label={words('next')}>{next === null ? '–' : dayText(next)}</td>
      <td data-label={words('member')}>{shortName(member)}</td>
      <td className="number" data-label={words('days')}>
        <span className="late-days">
          <span className="late-bar" style={{ inlineSize: `${(days / most) * 3.5}rem` }} />
          {whole(days)}
        </span>
      </td>
    </tr>
  );
}
