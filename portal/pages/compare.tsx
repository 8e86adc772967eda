import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asked } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { useChoose, useSearch } from '../app/address.ts';
import { today } from '../app/format.ts';
import { members, shortName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { type Beside, onDay, sideBySide } from '../office/flat.ts';
import { LawLeaf, type LawValue } from '../office/law-leaf.tsx';
import { placeWords } from '../office/law-place.ts';
import { say } from '../office/law-words.ts';
import { DayInput } from '../parts/day-input.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AllGood, Empty, Loaded } from '../parts/states.tsx';
import '../styles/law.css';

/** What stands in the page's address. */
type Search = Readonly<Record<string, string>>;

/** One parameter at two members, leaf by leaf, on one day. 两地对照 */
export function Page() {
  return <OfSystem>{(declared) => <Compare declared={declared} />}</OfSystem>;
}

function Compare({ declared }: { readonly declared: Declaration }) {
  const search = useSearch();
  const choose = useChoose();
  const name = search['name'] ?? declared.parameters[0] ?? '';
  const on = search['on'] ?? today();
  const [left, right] = [search['left'] ?? '310000', search['right'] ?? '330000'];
  const set = (key: string, value: string) => choose({ name, on, left, right, ...search, [key]: value });
  const title = declared.texts[`%${name}`] ?? name;
  return (
    <>
      <PageHead
        title={say('compare.title')}
        under={<p>{say('compare.why', { name: title })}</p>}
        back={{ to: `/${declared.name}/parameters`, title: t('parameters.title') }}
      >
        <div className="row small">
          <label htmlFor="law-day">{t('parameters.on')}</label>
          <DayInput
            id="law-day"
            className="input-day"
            value={on}
            onChange={(event) => event.target.value && set('on', event.target.value)}
          />
        </div>
      </PageHead>
      {name === '' ? (
        <Sheet>
          <Empty why={say('parameters.none')} />
        </Sheet>
      ) : (
        <Sides declared={declared} wish={{ name, on, left, right }} search={search} set={set} />
      )}
    </>
  );
}

interface SidesProps {
  readonly declared: Declaration;
  readonly wish: {
    readonly name: string;
    readonly on: string;
    readonly left: string;
    readonly right: string;
  };
  readonly search: Search;
  set(key: string, value: string): void;
}

function Sides({ declared, wish: { name, on, left, right }, search, set }: SidesProps) {
  const path = (member: string) => `/systems/${declared.name}/parameters/${name}?member=${member}&on=${on}`;
  const one = useQuery(asked<LawValue>(path(left)));
  const other = useQuery(asked<LawValue>(path(right)));
  return (
    <Loaded of={one} lines={8}>
      {(a) => (
        <Loaded of={other} lines={8}>
          {(b) => {
            const own = partOf(a.value, search['leftPart']);
            const theirs = partOf(b.value, search['rightPart']);
            return (
              <div className="stack">
                <div className="sheet compare-choice">
                  <Choice label={say('compare.left')} member={left} set={(code) => set('left', code)} />
                  <PartChoice of={own} set={(key) => set('leftPart', key)} />
                  <Choice label={say('compare.right')} member={right} set={(code) => set('right', code)} />
                  <PartChoice of={theirs} set={(key) => set('rightPart', key)} />
                </div>
                <Rows
                  declared={declared}
                  rows={sideBySide(onDay(own.value, on), onDay(theirs.value, on))}
                  left={left}
                  right={right}
                  money={[...a.money, ...b.money]}
                />
              </div>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface Part {
  readonly value: unknown;
  readonly key: string | undefined;
  readonly keys: readonly string[];
}

/** Of a table by codes one entry: two members' tables have different codes, and what is compared is what stands under them. */
function partOf(value: unknown, wanted: unknown): Part {
  const keys = Object.keys(Object(value)).filter((key) => /^[0-9]{6}/.test(key));
  if (keys.length === 0) return { value, key: undefined, keys: [] };
  const key = keys.find((one) => one === wanted) ?? keys[0] ?? '';
  return { value: Reflect.get(Object(value), key), key, keys };
}

function Choice({
  label,
  member,
  set,
}: {
  readonly label: string;
  readonly member: string;
  set(code: string): void;
}) {
  return (
    <label className="filter">
      <span className="small quiet">{label}</span>
      <select value={member} onChange={(event) => set(event.target.value)}>
        {members.map(({ code }) => (
          <option key={code} value={code}>
            {shortName(code)}
          </option>
        ))}
      </select>
    </label>
  );
}

function PartChoice({ of: { key, keys }, set }: { readonly of: Part; set(key: string): void }) {
  if (key === undefined) return null;
  return (
    <label className="filter">
      <span className="small quiet">{say('compare.part')}</span>
      <select value={key} onChange={(event) => set(event.target.value)}>
        {keys.map((one) => (
          <option key={one} value={one}>
            {`${shortName(one.slice(0, 6))} ${one.slice(7)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Rows that are shown before more are asked for: two catalogues differ in thousands. */
const rowsAtOnce = 100;

/** Only what differs; how much there is in all is said above. */
function Rows({
  declared,
  rows,
  left,
  right,
  money,
}: {
  readonly declared: Declaration;
  readonly rows: readonly Beside[];
  readonly left: string;
  readonly right: string;
  readonly money: readonly string[];
}) {
  const [most, setMost] = useState(rowsAtOnce);
  const differing = rows.filter((row) => row.left !== row.right);
  const more = Math.min(rowsAtOnce, differing.length - most);
  if (differing.length === 0) return <AllGood>{say('compare.equal')}</AllGood>;
  const heads = [say('compare.path'), shortName(left), shortName(right)];
  return (
    <Sheet title={say('compare.only')} aside={say('compare.count', { n: differing.length, of: rows.length })}>
      <div className="table-scroll">
        <table className="table cards">
          <thead>
            <tr>
              {heads.map((head, at) => (
                <th key={`${head} ${at}`} scope="col" className={at === 0 ? '' : 'number'}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.slice(0, most).map(({ path, left: own, right: theirs }) => (
              <tr key={path}>
                <td className="card-head" data-label={heads[0]}>
                  <PlaceOf declared={declared} path={path} />
                </td>
                <td className="number" data-label={heads[1]}>
                  <LawLeaf {...{ declared, path, money }} text={own} />
                </td>
                <td className="number" data-label={heads[2]}>
                  <LawLeaf {...{ declared, path, money }} text={theirs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && (
        <p className="sheet-body">
          <button type="button" className="button button-small" onClick={() => setMost(most + more)}>
            {say('compare.more', { n: more })}
          </button>
        </p>
      )}
    </Sheet>
  );
}

/** Where it stands: in the system's words, and as the rules name it. */
function PlaceOf({ declared: { texts }, path }: { readonly declared: Declaration; readonly path: string }) {
  const of = (place: string, whom: string) => say('compare.for', { place, whom });
  const joins = { texts, of, and: say('compare.and'), others: say('compare.others') };
  const words = placeWords(joins, path);
  if (words === undefined) return <code>{path}</code>;
  return (
    <>
      {words}
      <code className="place-code quiet">{path}</code>
    </>
  );
}
