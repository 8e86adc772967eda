import { z } from 'zod';

/** Told instead of a value by a quick way that is not certain of what the schema would say. */
export const unfit = Symbol('unfit');

/** A quick way through a schema. What it gives is what the schema itself would give; where it gives `unfit`, the schema is asked. */
export interface Quick {
  decode(json: unknown): unknown;
  encode(value: unknown): unknown;
}

/** Notes the quick way of a field, and gives the field back. */
export function quickly<S extends z.ZodType>(schema: S, quick: Quick): S {
  ways.set(schema.def, quick);
  return schema;
}

/** `schema.safeParse`, in a fraction of its time where the value fits. */
export function decode<T>(schema: z.ZodType<T>, json: unknown): z.ZodSafeParseResult<T> {
  const value = wayOf(schema).decode(json);
  // The cast is what a quick way promises.
  return value === unfit ? schema.safeParse(json) : { success: true, data: value as T };
}

/** `z.encode`, in a fraction of its time where the value fits. Errors: those of `z.encode`. */
export function encode<S extends z.ZodType>(schema: S, value: z.output<S>): unknown {
  const json = wayOf(schema).encode(value);
  return json === unfit ? z.encode(schema, value) : json;
}

/** By definition, which a schema shares with itself under another description, and not with itself under more checks. */
const ways = new WeakMap<z.core.$ZodTypeDef, Quick>();

/** Made at the first use: a schema is declared once and used for as long as the process lives. */
function wayOf(schema: z.ZodType): Quick {
  const known = ways.get(schema.def);
  if (known) return known;
  const made = compiled(schema);
  ways.set(schema.def, made);
  return made;
}

/** The kinds that declared types are made of; each other schema, and each with checks of its own, is asked itself. */
function compiled(schema: z.ZodType): Quick {
  if (schema instanceof z.ZodArray) return ofList(schema);
  if ((schema.def.checks ?? []).length > 0) return itself(schema);
  if (schema instanceof z.ZodOptional) return unless(undefined, wayOf(asType(schema.unwrap())));
  // Absent is for the object to see; a value is what it would be without the word.
  if (schema instanceof z.ZodExactOptional) return wayOf(asType(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return unless(null, wayOf(asType(schema.unwrap())));
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever) return ofObject(schema);
  if (schema instanceof z.ZodRecord) return ofRecord(schema);
  if (schema instanceof z.ZodEnum) return oneOf(new Set(schema.options));
  if (schema instanceof z.ZodBoolean && !schema.def.coerce) return oneOf(new Set([true, false]));
  return itself(schema);
}

/** The schema itself; what it refuses is found again by the whole schema, which says where. */
function itself(schema: z.ZodType): Quick {
  return {
    decode(json) {
      const read = schema.safeParse(json);
      return read.success ? read.data : unfit;
    },
    encode(value) {
      const written = z.safeEncode(schema, value);
      return written.success ? written.data : unfit;
    },
  };
}

function oneOf(choices: ReadonlySet<unknown>): Quick {
  const same = (value: unknown): unknown => (choices.has(value) ? value : unfit);
  return { decode: same, encode: same };
}

function unless(absent: null | undefined, way: Quick): Quick {
  return {
    decode: (json) => (json === absent ? absent : way.decode(json)),
    encode: (value) => (value === absent ? absent : way.encode(value)),
  };
}

function ofList(schema: z.ZodArray): Quick {
  const lengths = lengthsOf(schema);
  if (!lengths) return itself(schema);
  const way = wayOf(asType(schema.element));
  const each = (list: unknown, direction: keyof Quick): unknown => {
    if (!Array.isArray(list) || list.length < lengths.least || list.length > lengths.most) return unfit;
    const made: unknown[] = [];
    for (const item of list) {
      const one = way[direction](item);
      if (one === unfit) return unfit;
      made.push(one);
    }
    return made;
  };
  return { decode: (json) => each(json, 'decode'), encode: (value) => each(value, 'encode') };
}

function ofObject(schema: z.ZodObject): Quick {
  const fields = Object.entries(schema.shape).map(([name, part]) => {
    const field = asType(part);
    return {
      name,
      way: wayOf(field),
      optional: field instanceof z.ZodOptional || field instanceof z.ZodExactOptional,
    };
  });
  // JSON in order of its names, which is the order of canonical text.
  const ordered = fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const each = (object: unknown, direction: keyof Quick, fields: typeof ordered): unknown => {
    if (!isPlain(object)) return unfit;
    const made: Record<string, unknown> = {};
    let present = 0;
    for (const { name, way, optional } of fields) {
      const found = object[name];
      if (found === undefined) {
        if (optional && !(name in object)) continue;
        return unfit;
      }
      const one = way[direction](found);
      if (one === unfit) return unfit;
      made[name] = one;
      present += 1;
    }
    for (const _name in object) present -= 1;
    return present === 0 ? made : unfit;
  };
  return {
    decode: (json) => each(json, 'decode', fields),
    encode: (value) => each(value, 'encode', ordered),
  };
}

/** Names that one kind of object by names remembers as right: most have few, and the same again. */
const namesMax = 1_000;

/** An object by names of one form. Names from a closed list are all asked for, so those go through the schema. */
function ofRecord(schema: z.ZodRecord): Quick {
  const { keyType, valueType, mode } = schema.def;
  if (keyType._zod.values !== undefined || mode === 'loose') return itself(schema);
  const [names, way] = [wayOf(asType(keyType)), wayOf(asType(valueType))];
  const met = { decode: new Set<string>(), encode: new Set<string>() };
  const isName = (name: string, direction: keyof Quick): boolean => {
    if (met[direction].has(name)) return true;
    if (name === '__proto__' || names[direction](name) !== name) return false;
    if (met[direction].size < namesMax) met[direction].add(name);
    return true;
  };
  const each = (object: unknown, direction: keyof Quick): unknown => {
    if (!isPlain(object) || Object.getOwnPropertySymbols(object).length > 0) return unfit;
    const made: Record<string, unknown> = {};
    const parts = Object.entries(object);
    if (direction === 'encode') parts.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, part] of parts) {
      const one = way[direction](part);
      if (one === unfit || !isName(name, direction)) return unfit;
      made[name] = one;
    }
    return made;
  };
  return { decode: (json) => each(json, 'decode'), encode: (value) => each(value, 'encode') };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Bounds of a list's length; undefined when the list has other checks. */
function lengthsOf(schema: z.ZodArray): { readonly least: number; readonly most: number } | undefined {
  let [least, most] = [0, Number.POSITIVE_INFINITY];
  for (const check of schema.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckMinLength) least = Math.max(least, check._zod.def.minimum);
    else if (check instanceof z.core.$ZodCheckMaxLength) most = Math.min(most, check._zod.def.maximum);
    else return undefined;
  }
  return { least, most };
}

/** Zod's core names its parts by a wider type; all of them here are made by `z`. */
function asType(schema: z.core.SomeType): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('a schema that was not made by z');
}
