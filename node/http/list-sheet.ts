import type { Locale, RecordType, SystemType } from '@yitong/kit';
import { fieldsOf, plain, type Schema, valueText, type Ways } from '../paper/lines.ts';
import { paperWords, placeWord, systemWords } from '../paper/words.ts';
import { isNamed } from './code-names.ts';
import type { ShownRow } from './export.ts';
import { type SheetCell, type SheetOf, workbook } from './workbook.ts';

/** Rows of a workbook at most: what people open; a longer list leaves as CSV. */
export const sheetRowsMax = 50_000;

interface Column {
  readonly head: string;
  readonly width: number;
  cell(row: ShownRow): SheetCell;
}

const units = {
  'zh-CN': { money: '（元）', instant: '（北京时间）', from: '来自', code: '（代码）' },
  en: { money: ' (yuan)', instant: ' (UTC+8)', from: 'From', code: ' (code)' },
} as const;

/** What a list is made a sheet of. */
export interface ListSheet {
  readonly system: SystemType;
  readonly record: RecordType;
  readonly rows: readonly ShownRow[];
  /** The member whose own rows name no owner. */
  readonly member: string;
  readonly locale: Locale;
  /** Names of what codes in the rows stand for. */
  readonly nameOf: Ways['nameOf'];
}

/** A list as a workbook: a column for each declared field under its name in the language asked for; amounts, shares, days and times as what they are, all else in the words of the pages. */
export async function listSheet(list: ListSheet): Promise<Buffer> {
  const { system, record, rows, member, locale, nameOf } = list;
  const ways: Ways = { ...systemWords(system, locale), locale, own: paperWords(locale), nameOf };
  const columns = [
    ...fieldColumns({ system, record, ways }),
    ...(record.copies === 'all' ? [ownerColumn(member, locale)] : []),
  ];
  const sheet: SheetOf = {
    name: (system.texts[locale][record.name] ?? record.name).slice(0, 31),
    heads: columns.map(({ head }) => head),
    widths: columns.map(({ width }) => width),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
  return workbook([sheet]);
}

/** Widths in characters of a Latin letter; others are texts. */
const widths: Readonly<Record<string, number>> = {
  money: 16,
  count: 10,
  number: 12,
  'basis-points': 12,
  date: 12,
  month: 10,
  instant: 20,
  'yes-no': 10,
  name: 36,
  text: 36,
};

interface Sheeted {
  readonly system: SystemType;
  readonly record: RecordType;
  readonly ways: Ways;
}

function fieldColumns(of: Sheeted): readonly Column[] {
  const fields = fieldsOf(of.record);
  return of.record.list.flatMap((name) =>
    columnsOf(of, {
      schema: fields[name] ?? {},
      name,
      head: of.ways.label(of.record.name, name),
      valueIn: ({ value }) => Reflect.get(value, name),
    }),
  );
}

interface Field {
  readonly schema: Schema;
  readonly name: string;
  readonly head: string;
  valueIn(row: ShownRow): unknown;
}

/** A column for a field; one for each part of what is made of parts; the name, then the code of what is known by a name. */
function columnsOf(of: Sheeted, field: Field): readonly Column[] {
  const { kind = '', properties, names, items } = plain(field.schema);
  const { ways } = of;
  if (properties !== undefined && kind !== 'file' && kind !== 'bilingual')
    return Object.entries(properties).flatMap(([name, schema]) =>
      columnsOf(of, {
        schema,
        name,
        head: `${field.head}${ways.own('before-value')}${ways.label(field.name, name)}`,
        valueIn: (row) => Reflect.get(Object(field.valueIn(row)), name),
      }),
    );
  const named = names ?? plain(items ?? {}).names;
  if (named !== undefined && named !== of.record.name && isNamed(of.system, named)) {
    const codes: Ways = { ...ways, nameOf: () => undefined };
    const codeHead = `${field.head}${units[ways.locale].code}`;
    return [columnOf(field, 'name', ways), columnOf({ ...field, head: codeHead }, kind, codes)];
  }
  return [columnOf(field, kind, ways)];
}

function columnOf({ schema, name, head, valueIn }: Field, kind: string, ways: Ways): Column {
  const unit = kind === 'money' || kind === 'instant' ? units[ways.locale][kind] : '';
  return {
    head: `${head}${unit}`,
    width: widths[kind] ?? 22,
    cell: (row) => {
      const value = valueIn(row);
      if (value === undefined || value === null) return null;
      return numberOf(value, kind) ?? valueText(schema, value, name, ways);
    },
  };
}

function ownerColumn(member: string, locale: Locale): Column {
  const cell = ({ owner }: ShownRow) => placeWord(owner || member, locale);
  return { head: units[locale].from, width: 12, cell };
}

/** What is a number or a time, as one; undefined for all that is words. */
function numberOf(value: unknown, kind: string): SheetCell | undefined {
  if (typeof value === 'number') return kind === 'basis-points' ? { share: value } : value;
  if (typeof value !== 'string') return undefined;
  if (kind === 'money' && /^-?\d+$/.test(value)) return { fen: BigInt(value) };
  if (kind === 'date') return { day: value };
  if (kind === 'month') return { month: value };
  return kind === 'instant' ? { moment: value } : undefined;
}
