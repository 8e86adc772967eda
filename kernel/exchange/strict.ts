/** A part of a document that breaks its rule: `at` is its JSON pointer, `reason` quotes no content. */
export class Malformed extends Error {
  override readonly name = 'Malformed';

  constructor(at: string, reason: string) {
    super(`${at === '' ? 'the document' : at} ${reason}`);
  }
}

/** A file's JSON. Errors: `Malformed`. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Malformed('', 'is not JSON');
  }
}

/** The result of a reader that throws `Malformed`, as a value; other errors pass. */
export function attempt<T>(
  read: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, detail: error.message };
    throw error;
  }
}

/** An object with all needed and no names beyond the optional ones. */
export function fields(
  value: unknown,
  at: string,
  names: { readonly needed: readonly string[]; readonly optional?: readonly string[] },
): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new Malformed(at, 'is not an object');
  for (const name of names.needed)
    if (!Object.hasOwn(value, name)) throw new Malformed(at, `has no "${name}"`);
  for (const name of Object.keys(value))
    if (!names.needed.includes(name) && names.optional?.includes(name) !== true)
      throw new Malformed(at, 'has a name that is not allowed');
  return value;
}

/** A string that fits. */
export function text(value: unknown, at: string, what: string, fits: (text: string) => boolean): string {
  if (typeof value !== 'string' || !fits(value)) throw new Malformed(at, `is not ${what}`);
  return value;
}

/** A whole number from `min` to `max`. */
export function count(value: unknown, at: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
    throw new Malformed(at, `is not a whole number from ${min} to ${max}`);
  return value;
}

/** A list of which each item is read in turn. */
export function list<T>(value: unknown, at: string, item: (value: unknown, at: string) => T): readonly T[] {
  if (!isList(value)) throw new Malformed(at, 'is not a list');
  return value.map((one, index) => item(one, `${at}/${index}`));
}

/** An object read as the list of its entries. */
export function entries<T>(
  value: unknown,
  at: string,
  item: (name: string, value: unknown, at: string) => T,
): readonly T[] {
  if (!isObject(value)) throw new Malformed(at, 'is not an object');
  return Object.entries(value).map(([name, one]) => item(name, one, `${at}/${name}`));
}

/** Throws when two items share a name. */
export function distinct(names: readonly string[], at: string, what: string): void {
  if (new Set(names).size !== names.length) throw new Malformed(at, `names ${what} twice`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
