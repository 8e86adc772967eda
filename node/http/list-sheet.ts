import { type Locale, memberOf, members, type RecordType, type SystemType, z } from '@yitong/kit';
import type { ShownRow } from './export.ts';
import { type SheetCell, type SheetOf, workbook } from './workbook.ts';

/** Rows of a workbook at most: what people open; a longer list leaves as CSV. */
export const sheetRowsMax = 50_000;

interface Column {
  readonly name: string;
  readonly kind: string;
}

/** A list as a workbook: a column for each declared field under its name in the language asked for, amounts as numbers in yuan. */
export async function listSheet(
  system: Pick<SystemType, 'texts'>,
  record: RecordType,
  rows: readonly ShownRow[],
  locale: Locale,
): Promise<Buffer> {
  const texts = system.texts[locale];
  const columns = record.list.map((name): Column => ({ name, kind: kindOf(record, name) }));
  const sheet: SheetOf = {
    name: (texts[record.name] ?? record.name).slice(0, 31),
    heads: columns.map(({ name }) => texts[`${record.name}.${name}`] ?? name),
    widths: columns.map(({ kind }) => (kind === 'money' ? 16 : 22)),
    rows: rows.map(({ value }) =>
      columns.map((column) => cellOf(Reflect.get(value, column.name), column, texts, locale)),
    ),
  };
  return workbook([sheet]);
}

const Known = z.object({ properties: z.record(z.string(), z.looseObject({ kind: z.string().optional() })) });

function kindOf(record: RecordType, name: string): string {
  const schema = Known.safeParse(z.toJSONSchema(record.schema, { io: 'input', unrepresentable: 'any' }));
  return schema.data?.properties[name]?.kind ?? '';
}

function cellOf(
  value: unknown,
  { kind }: Column,
  texts: Readonly<Record<string, string>>,
  locale: Locale,
): SheetCell {
  if (value === undefined || value === null) return null;
  if (kind === 'money' && /^-?\d+$/.test(String(value))) return { fen: BigInt(String(value)) };
  if (typeof value === 'number') return value;
  if (Array.isArray(value))
    return value.map((one) => String(cellOf(one, { name: '', kind }, texts, locale) ?? '')).join('; ');
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (kind === 'member') return placeText(text, locale);
  return texts[`=${text}`] ?? texts[`#${text}`] ?? text;
}

function placeText(code: string, locale: Locale): string {
  const found = members.find((one) => one.code === (memberOf(code) ?? code));
  return found === undefined ? code : found[locale === 'en' ? 'en' : 'zh'];
}
