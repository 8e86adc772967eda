/** A leaf of a value: where it is, and what stands there. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Every leaf of a value with the path to it, such as `visits.inpatient.bands[0].rates[statuses=retired, levels=3].bp`: entries of a list go by whom they are for. */
export function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null))
      return [{ path, text: value.map(String).join(', ') }];
    const names = namesOf(value);
    return value.flatMap((one, at) =>
      names === undefined ? leavesOf(one, `${path}[${at}]`) : leavesOf(unnamed(one), `${path}[${names[at]}]`),
    );
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      leavesOf(inner, path === '' ? name : `${path}.${name}`),
    );
  return [{ path, text: value === null || value === undefined ? '–' : String(value) }];
}

/** What a leaf is shown as: `money` names the fields that are fen, days are known by their form, and declarations name basis points so. */
export function leafKind(
  path: string,
  text: string,
  money: readonly string[],
): 'money' | 'basis-points' | 'day' | 'words' {
  const name = path.split('.').at(-1)?.replace(/\[.*$/, '') ?? '';
  if (money.includes(name) && /^-?\d+(?:, -?\d+)*$/.test(text)) return 'money';
  if (/^(?:bp|.*Bp)$/.test(name) && /^\d+$/.test(text)) return 'basis-points';
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'day' : 'words';
}

/** A path at which two values stand beside each other; undefined where one has nothing. */
export interface Beside {
  readonly path: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Two values leaf by leaf, in the order of the first, then what only the second has. */
export function sideBySide(left: unknown, right: unknown): readonly Beside[] {
  const [own, other] = [leavesOf(left), leavesOf(right)];
  const theirs = new Map(other.map(({ path, text }) => [path, text]));
  const known = new Set(own.map(({ path }) => path));
  return [
    ...own.map(({ path, text }) => ({ path, left: text, right: theirs.get(path) })),
    ...other
      .filter(({ path }) => !known.has(path))
      .map(({ path, text }) => ({ path, left: undefined, right: text })),
  ];
}

/** What tells the entries of a list apart: the plain lists in each, such as statuses and levels; undefined where that says nothing. */
function namesOf(list: readonly unknown[]): readonly string[] | undefined {
  const names = list.map((one) =>
    Object.entries(Object(one))
      .flatMap(([name, inner]) => (isNaming(inner) ? [`${name}=${inner.join(' ')}`] : []))
      .join(', '),
  );
  return names.some((name) => name !== '') && new Set(names).size === list.length
    ? names.map((name) => name || '*')
    : undefined;
}

/** An entry without the lists that name it: the path says them. */
function unnamed(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([, inner]) => !isNaming(inner)));
}

const isNaming = (inner: unknown): inner is readonly string[] =>
  Array.isArray(inner) && inner.length > 0 && inner.every(isWord);

const isWord = (one: unknown): boolean => typeof one === 'string' && !/^\d{3,}$/.test(one);

interface Version {
  readonly from: string;
}

/** A value as it is on a day: of each list of dated versions the one that is in force, or null before the first. */
export function onDay(value: unknown, day: string): unknown {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isVersion))
      return onDay(value.filter(({ from }) => from <= day).at(-1) ?? null, day);
    return value.map((one) => onDay(one, day));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, onDay(inner, day)]));
}

function isVersion(one: unknown): one is Version {
  const from: unknown = Reflect.get(Object(one), 'from');
  return typeof from === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(from);
}
