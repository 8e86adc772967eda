import { useQuery } from '@tanstack/react-query';
import {
  AsOf,
  asked,
  awayIn,
  type Envelope,
  Go,
  Loaded,
  mayUse,
  PageHead,
  PartialNote,
  type Row,
  Sheet,
  TileMap,
  useChoose,
  useSearch,
  useSession,
} from '@yitong/portal';
import { byCity, type Count, standingOf, total } from './figures.ts';
import { LateList } from './late-list.tsx';
import { StandingBar, StandingWords } from './standing-bar.tsx';
import { words } from './texts.ts';
import './progress.css';

/** A member's part of an entry, as lists show it. */
export interface PartRow {
  readonly name: string;
  readonly nameEn?: string;
  readonly standing: string;
  readonly next: string | null;
  readonly member: string;
  readonly cities: readonly string[];
}

const countPath = (by: string): string => `/plan/item?by=${by}`;

/** How far the Outline is: by chapter, on the map, and what lags. */
export function Page() {
  const session = useSession();
  const counts = useQuery(asked<Envelope<Count>>(countPath('chapter,status,standing')));
  return (
    <Loaded of={counts} lines={10}>
      {(envelope) => {
        const standing = standingOf(envelope.data);
        return (
          <>
            <PageHead title={words('title', { n: total(standing) })} under={<p>{words('why')}</p>}>
              {mayUse(session, 'plan', ['planner']) && (
                <Go to="/plan/reach-milestone" className="button button-main">
                  {words('report')}
                </Go>
              )}
              <Go to="/plan/item" className="button">
                {words('list')}
              </Go>
            </PageHead>
            <div className="stack">
              <PartialNote of={envelope} retry={() => void counts.refetch()} />
              <Chapters counts={envelope.data} />
              <Places />
              <AsOf at={envelope.asOf} />
              <p className="small quiet">{words('note')}</p>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Chapters({ counts }: { readonly counts: readonly Count[] }) {
  const all = standingOf(counts);
  const chapters = [...new Set(counts.map(({ value }) => Number(value['chapter'])))].sort();
  return (
    <div className="sheet chapters">
      <div className="chapter-all">
        <p>
          <span className="one-number">{all.done + all.onCourse}</span> {words('on-course')}
        </p>
        <StandingBar of={all} />
        <StandingWords of={all} />
      </div>
      {chapters.map((chapter) => {
        const of = standingOf(counts.filter(({ value }) => Number(value['chapter']) === chapter));
        return (
          <div key={chapter}>
            <p className="row between">
              <span>{words('chapter', { n: chapter })}</span>
              <span className="quiet">{total(of)}</span>
            </p>
            <StandingBar of={of} />
            <p className={of.late > 0 ? 'small you' : 'small quiet'}>{words('late', { n: of.late })}</p>
          </div>
        );
      })}
    </div>
  );
}

/** The map and, beside it, what lags: everywhere, or in the city that is chosen. */
function Places() {
  const { city } = useSearch();
  const write = useChoose();
  const places = useQuery(asked<Envelope<Count>>(countPath('cities,standing')));
  const late = useQuery(asked<Envelope<Row<PartRow>>>('/plan/item?standing=late&limit=200&sort=next'));
  const choose = (next: string | undefined) => write({ city: next });
  return (
    <div className="two-even">
      <Sheet title={words('map')} aside={words('map.why')}>
        <div className="sheet-body">
          <Loaded of={places} lines={8}>
            {(envelope) => (
              <TileMap
                of={byCity(envelope.data)}
                steps={[10, 20, 40]}
                away={awayIn(envelope)}
                {...{ chosen: city, choose }}
              />
            )}
          </Loaded>
        </div>
      </Sheet>
      <Loaded of={late} lines={8}>
        {({ data }) => <LateList rows={data} city={city} clear={() => choose(undefined)} />}
      </Loaded>
    </div>
  );
}
