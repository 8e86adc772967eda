import type { Locale, RecordType, SystemType } from '@yitong/kit';
import { fieldsOf, kindOf, valueText, type Ways } from '../paper/lines.ts';
import { paperWords, placeWord, systemWords } from '../paper/words.ts';
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
  'zh-CN': { money: '（元）', instant: '（北京时间）', from: '来自' },
  en: { money: ' (yuan)', instant: ' (UTC+8)', from: 'From' },
} as const;

/** What a list is made a sheet of. */
export interface ListSheet {
  readonly system: SystemType;
  readonly record: RecordType;
  readonly rows: readonly ShownRow[];
  /** The member whose own rows name no owner. */
  readonly member: string;
  readonly locale: Locale;
}

/** A list as a workbook: a column for each declared field under its name in the language asked for; amounts, shares, days and times as what they are. */
export async function listSheet({ system, record, rows, member, locale }: ListSheet): Promise<Buffer> {
  const columns = [
    ...fieldColumns(system, record, locale),
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

function fieldColumns(system: SystemType, record: RecordType, locale: Locale): readonly Column[] {
  const words = systemWords(system, locale);
  const ways: Ways = { locale, own: paperWords(locale), choice: words.choice };
  const fields = fieldsOf(record);
  return record.list.map((name) => {
    const kind = kindOf(fields[name] ?? {}) ?? '';
    const unit = kind === 'money' || kind === 'instant' ? units[locale][kind] : '';
    return {
      head: `${words.label(record.name, name)}${unit}`,
      width: widths[kind] ?? 22,
      cell: ({ value }) => cellOf(Reflect.get(value, name), kind, ways),
    };
  });
}

function ownerColumn(member: string, locale: Locale): Column {
  const cell = ({ owner }: ShownRow) => placeWord(owner || member, locale);
  return { head: units[locale].from, width: 12, cell };
}

function cellOf(value: unknown, kind: string, ways: Ways): SheetCell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return kind === 'basis-points' ? { share: value } : value;
  if (typeof value !== 'string') return valueText(kind, value, ways);
  if (kind === 'money' && /^-?\d+$/.test(value)) return { fen: BigInt(value) };
  if (kind === 'date') return { day: value };
  if (kind === 'month') return { month: value };
  return kind === 'instant' ? { moment: value } : valueText(kind, value, ways);
}
