import { cities, shortName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { inSyllables } from './syllables.ts';
import '../styles/tiles.css';

/** The 41 cities on seven columns and nine rows: names and order, no border and no extent. */
const grid = `
 .     徐州   连云港  .     .     .     .
 淮北   宿州   宿迁   淮安   .     .     .
 亳州   蚌埠   滁州   扬州   盐城   .     .
 阜阳   淮南   南京   镇江   泰州   南通   .
 六安   合肥   马鞍山  常州   无锡   苏州   上海
 安庆   铜陵   芜湖   宣城   湖州   嘉兴   .
 .     池州   黄山   杭州   绍兴   宁波   舟山
 .     .     .     衢州   金华   台州   .
 .     .     .     .     丽水   温州   .
`;

const byName = new Map(cities.map(({ zh, code }) => [zh.replace(/市$/, ''), code]));

/** Where each city's tile stands. */
const tiles = grid
  .trim()
  .split('\n')
  .flatMap((line, row) =>
    line
      .trim()
      .split(/\s+/)
      .flatMap((name, col) => {
        const code = byName.get(name);
        return code === undefined ? [] : [{ code, row: row + 1, col: col + 1 }];
      }),
  );

/** What a tile says. */
export interface TileFigures {
  readonly n: number;
  /** How many of them are late: a corner with their number. */
  readonly late: number;
}

interface TileMapProps {
  readonly of: ReadonlyMap<string, TileFigures>;
  /** Least numbers of the second, third and fourth shade. */
  readonly steps: readonly [number, number, number];
  /** Members that cannot be reached: their cities are hatched, and where nothing is known of one no number stands. */
  readonly away?: readonly string[];
  readonly chosen: string | undefined;
  choose(city: string | undefined): void;
}

/** A figure for each city, dark where it is large; a tile is chosen by pressing it, and let go by pressing it again. */
export function TileMap({ of, steps, away = [], chosen, choose }: TileMapProps) {
  const shade = (n: number) => (n === 0 ? 0 : 1 + steps.filter((least) => n >= least).length);
  return (
    <ul className="tile-map">
      {tiles.map(({ code, row, col }) => {
        const { n, late } = of.get(code) ?? { n: 0, late: 0 };
        const isChosen = code === chosen;
        const isAway = away.some((member) => member.slice(0, 2) === code.slice(0, 2));
        return (
          <li key={code} style={{ gridRow: row, gridColumn: col }}>
            <button
              type="button"
              className={`tile shade-${shade(n)}${isAway ? ' tile-away' : ''}`}
              aria-pressed={isChosen}
              onClick={() => choose(isChosen ? undefined : code)}
            >
              <span className="tile-name">{inSyllables(shortName(code))}</span>
              <span className="tile-number">{isAway && n === 0 ? '–' : n}</span>
              {isAway && <span className="hidden">{t('tiles.away')}</span>}
              {late > 0 && (
                <span className="tile-late">
                  {late}
                  <span className="hidden">{t('tiles.late')}</span>
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
