import { f, type MapShape, object, z } from '@yitong/kit';
import table from './data/entries.json' with { type: 'json' };

/** How well a place's coordinates are known: within 5 km, 20 km, the right county; a city's centre; a label point of an area. */
const confidences = ['site', 'approx', 'low', 'city', 'area'] as const;
/** How an entry's places make a shape on the map; a line runs through them in their order. */
const geometries = ['none', 'point', 'points', 'line', 'area'] as const;

const kindCode = f.code(/^[a-z]+(-[a-z]+)*$/, 20);

const entry = object({
  id: f.code(/^[a-z0-9]+(-[a-z0-9]+)*$/, 80),
  zh: f.line(120),
  en: f.line(160),
  kind: kindCode,
  chapter: f.whole(4, 8),
  section: f.whole(0, 4),
  quote: f.line(200),
  action: f.line(40),
  owners: z.array(f.member).min(1),
  geometry: f.choice(geometries),
  places: z.array(
    object({
      code: f.city,
      zh: f.line(40),
      lon: f.number(114, 124),
      lat: f.number(27, 36),
      confidence: f.choice(confidences),
    }),
  ),
  carriedBy: f.code(/^[a-z]+(-[a-z]+)*$/, 40).nullable(),
  note: f.text(500).nullable(),
});

/** One thing that the Outline names: its words, its owners, its places, and the system of Yitong that carries it. 纲要事项 */
export type Entry = z.infer<typeof entry>;

/** All that the Outline names in the chapters at hand, in the order of the text. */
export const entries: readonly Entry[] = z.array(entry).parse(table);

const byId: ReadonlyMap<string, Entry> = new Map(entries.map((one) => [one.id, one]));

/** The entry of an id. */
export function entryOf(id: string): Entry | undefined {
  return byId.get(id);
}

/** Where an entry lies on a map; an area is shown by its label points. */
export function shapeOf(id: string): MapShape | undefined {
  const found = byId.get(id);
  if (found === undefined || found.places.length === 0) return undefined;
  const at = found.places.map(({ lon, lat, zh: name, confidence: accuracy }) => ({
    lon,
    lat,
    name,
    accuracy,
  }));
  const is = found.geometry === 'line' || found.geometry === 'point' ? found.geometry : 'points';
  return { is, at };
}
