import type { Schema } from '../api/types.ts';
import { plain } from '../app/declaration.ts';
import type { Raw } from '../parts/read-input.ts';

/** What stands in the controls for an input in its JSON form: the other way of `readRaw`. */
export function rawOf(schema: Schema, value: unknown): Raw {
  const known = plain(schema);
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((one) => rawOf(known.items ?? {}, one));
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, rawOf(known.properties?.[name] ?? {}, inner)]),
    );
  if (known.kind === 'money') return yuanOf(String(value));
  if (known.kind === 'basis-points') return String(Number(value) / 100);
  return String(value);
}

function yuanOf(fen: string): string {
  const digits = fen.replace('-', '').padStart(3, '0');
  return `${fen.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Names of the fields in which two groups of controls differ. */
export function changedFields(
  a: Readonly<Record<string, Raw>>,
  b: Readonly<Record<string, Raw>>,
): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );
}
