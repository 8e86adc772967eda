/** Texts of a system, and what joins them in the page's language. */
export interface PlaceTexts {
  readonly texts: Readonly<Record<string, string>>;
  /** Between two of whom something is for. */
  readonly and: string;
  readonly others: string;
  of(place: string, whom: string): string;
}

/** What a system says of a name within a parameter that goes without saying. */
const silent = '-';

/**
 * Where a leaf of a parameter is (`visits.inpatient.bands[0].rates[statuses=retired, levels=3].bp`) in the system's words, its texts
 * `%.<name>`; undefined where one of the names has none.
 */
export function placeWords(words: PlaceTexts, path: string): string | undefined {
  const { texts } = words;
  const told: string[] = [];
  for (const part of path.split('.')) {
    const [, name = '', which] = /^([^[]*)(?:\[(.*)\])?$/.exec(part) ?? [];
    const own = texts[`%.${name}`] ?? texts[`=${name}`];
    if (own === undefined) return undefined;
    if (own !== silent) told.push(own);
    if (which !== undefined) told.push(words.of(told.pop() ?? '', whose(words, which)));
  }
  return told.join(' · ');
}

function whose({ texts, and, others }: PlaceTexts, which: string): string {
  if (which === '*') return others;
  // Entries that nothing names are counted, from one as people do.
  if (/^\d+$/.test(which)) return String(Number(which) + 1);
  const words = which.split(', ').flatMap((one) => one.slice(one.indexOf('=') + 1).split(' '));
  return words.map((word) => texts[`=${word}`] ?? word).join(and);
}
