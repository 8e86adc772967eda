/** A leaf of a value: where it is, and what stands there. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Every leaf of a value with the path to it, such as `visits.inpatient.bands[0].bp`. */
export function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null))
      return [{ path, text: value.map(String).join(', ') }];
    return value.flatMap((one, at) => leavesOf(one, `${path}[${at}]`));
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      leavesOf(inner, path === '' ? name : `${path}.${name}`),
    );
  return [{ path, text: value === null || value === undefined ? '–' : String(value) }];
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
