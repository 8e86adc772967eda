import type { Fields, Schema } from '../api/types.ts';
import { plain } from '../app/declaration.ts';
import { type Seen, seenQuery } from './seen.ts';

/** Kinds of fields that name something: codes, ids and places. */
const naming = new Set(['code', 'id', 'member', 'city', 'place']);

/** The part of an address that fills a form: what a record says in fields that the form asks for by the same name and that name something; and which version says so. */
export function presetQuery(input: Schema, value: Fields, seen: Seen): string {
  const known = Object.entries(input.properties ?? {}).flatMap(([name, of]) => {
    const text = value[name];
    return naming.has(plain(of).kind ?? '') && typeof text === 'string' ? [[name, text]] : [];
  });
  return `?${new URLSearchParams({ ...Object.fromEntries(known), ...seenQuery(seen) })}`;
}

/** What an address fills a form with: texts of fields that the form has. */
export function presetOf(input: Schema, search: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = Object.keys(input.properties ?? {}).filter((name) => search[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, String(search[name])]));
}
