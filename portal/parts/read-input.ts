import type { Schema } from '../api/types.ts';
import { isNullable, plain } from '../app/declaration.ts';
import { type TextKey, t } from '../app/texts.ts';

/** What stands in a form's controls: texts, marks, and what is made of them. */
export type Raw = string | boolean | readonly Raw[] | { readonly [name: string]: Raw };

/** A fault that the page itself sees before anything is sent; the node decides the rest. */
export interface Fault {
  /** JSON pointer into the input. */
  readonly pointer: string;
  readonly text: string;
}

/** An input as the node takes it, and what is wrong with it. */
export interface Read {
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

/** Reads what stands in the controls by a schema; what is empty and need not be there is left out, or null where that means none. */
export function readRaw(schema: Schema, raw: Raw | undefined, pointer = '', isRequired = true): Read {
  const known = plain(schema);
  if (known.kind === 'file') return readFile(schema, raw, pointer, isRequired);
  if (known.properties !== undefined && raw !== undefined && isGroup(raw))
    return readGroup(known, raw, pointer);
  if (known.type === 'array') return readMany(known, raw, pointer);
  if (isEmpty(raw)) return empty(schema, pointer, isRequired);
  if (typeof raw === 'boolean') return { value: raw, faults: [] };
  return readText(known, String(raw).trim(), pointer);
}

/** A file is named by what the node answered; one that is still on its way has no hash yet. */
function readFile(schema: Schema, raw: Raw | undefined, pointer: string, isRequired: boolean): Read {
  if (raw === undefined || !isGroup(raw)) return empty(schema, pointer, isRequired);
  if (raw['sha256'] === undefined)
    return { value: undefined, faults: [{ pointer, text: t('fault.file-under-way') }] };
  return { value: { ...raw, size: Number(raw['size']) }, faults: [] };
}

function readGroup(schema: Schema, raw: { readonly [name: string]: Raw }, pointer: string): Read {
  const value: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const isNeeded = schema.required?.includes(name) ?? false;
    const read = readRaw(inner, raw[name], `${pointer}/${name}`, isNeeded);
    faults.push(...read.faults);
    if (read.value !== undefined) value[name] = read.value;
  }
  return { value, faults };
}

function readMany({ items = {}, minItems = 0 }: Schema, raw: Raw | undefined, pointer: string): Read {
  const rows = Array.isArray(raw) ? (raw as readonly Raw[]).filter((row) => !isEmpty(row)) : [];
  const read = rows.map((row, at) => readRaw(items, row, `${pointer}/${at}`));
  const faults = read.flatMap((one) => one.faults);
  if (rows.length < minItems) faults.push({ pointer, text: t('fault.required') });
  return { value: read.map((one) => one.value), faults };
}

function empty(schema: Schema, pointer: string, isRequired: boolean): Read {
  if (isNullable(schema)) return { value: null, faults: [] };
  if (!isRequired) return { value: undefined, faults: [] };
  return {
    value: undefined,
    faults: [{ pointer, text: t(isChoice(schema) ? 'fault.choose' : 'fault.required') }],
  };
}

/** A text as its kind is written on the wire, or what is wrong with it. */
function readText(schema: Schema, text: string, pointer: string): Read {
  const read = readers[schema.kind ?? '']?.(text) ?? text;
  if (typeof read !== 'object') return { value: read, faults: [] };
  return { value: undefined, faults: [{ pointer, text: t(read.fault, read.values ?? {}) }] };
}

type ReadText = (
  text: string,
) => string | number | { readonly fault: TextKey; readonly values?: Record<string, number> };

const readers: Readonly<Record<string, ReadText>> = {
  money: (text) => fenOf(text) ?? { fault: 'fault.money' },
  'cn-id': citizenId,
  'credit-code': (text) => text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase(),
  date: (text) => (isDay(text) ? text : { fault: 'fault.date' }),
  month: (text) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : { fault: 'fault.month' }),
  count: (text) => (/^-?\d+$/.test(text) ? Number(text) : { fault: 'fault.whole' }),
  number: (text) => (Number.isFinite(Number(text)) ? Number(text) : { fault: 'fault.number' }),
  'basis-points': (text) =>
    /^\d+(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : { fault: 'fault.number' },
};

/** Yuan as people write them — `1,280.5`, `¥1280`, `1280 元` — in fen; undefined for anything else. */
export function fenOf(text: string): string | undefined {
  const bare = text.normalize('NFKC').replace(/[,\s¥元]/g, '');
  const [, yuan, cents = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(bare) ?? [];
  return yuan === undefined ? undefined : String(BigInt(yuan) * 100n + BigInt(cents.padEnd(2, '0')));
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A citizen number in its one form (GB 11643): spaces, full-width digits and a small x are put right. */
function citizenId(text: string): ReturnType<ReadText> {
  const id = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  if (id.length !== 18) return { fault: 'fault.id-length', values: { length: id.length } };
  const sum = weights.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  return /^\d{17}[\dX]$/.test(id) && '10X98765432'[sum % 11] === id[17] ? id : { fault: 'fault.id-check' };
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function isChoice({ kind = '' }: Schema): boolean {
  return ['choice', 'member', 'city', 'place', 'yes-no'].includes(kind);
}

function isGroup(raw: Raw): raw is { readonly [name: string]: Raw } {
  return typeof raw === 'object' && !Array.isArray(raw);
}

function isEmpty(raw: Raw | undefined): boolean {
  if (raw === undefined || raw === '') return true;
  if (typeof raw === 'string') return raw.trim() === '' || raw === '--';
  if (typeof raw === 'boolean') return false;
  return Object.values(raw).every(isEmpty);
}
