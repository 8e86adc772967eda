import writeXlsxFile from 'write-excel-file/node';

/**
 * A cell: a text, a whole number, an amount in fen, a share in 1/10,000, a day, a month or a moment (in JSON form; its time is the region's), or nothing. What is
 * a number or a time to people is one in the sheet, so that it can be summed and sorted.
 */
export type SheetCell =
  | string
  | number
  | { readonly fen: bigint }
  | { readonly share: number }
  | { readonly day: string }
  | { readonly month: string }
  | { readonly moment: string }
  | null;

/** A sheet of a workbook, its heads first. */
export interface SheetOf {
  readonly name: string;
  readonly heads: readonly string[];
  /** Width of each column in characters. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/** Media type of a workbook. */
export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A workbook (XLSX); amounts are numbers in yuan, heads stay in sight. A text is never taken for a formula: its cell is a text. */
export function workbook(sheets: readonly SheetOf[]): Promise<Buffer> {
  const written = sheets.map(({ name, heads, widths, rows }) => ({
    sheet: name,
    stickyRowsCount: 1,
    columns: widths.map((width) => ({ width })),
    data: [
      heads.map((value) => ({ value, fontWeight: 'bold' as const, bottomBorderStyle: 'thin' as const })),
      ...rows.map((row) => row.map(cellOf)),
    ],
  }));
  return writeXlsxFile(written, { fontFamily: 'Calibri', fontSize: 11 }).toBuffer();
}

function cellOf(cell: SheetCell) {
  if (cell === null) return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'string') return { value: cell, type: String };
  if ('fen' in cell) return { value: Number(cell.fen) / 100, type: Number, format: '#,##0.00' };
  if ('share' in cell) return { value: cell.share / 10_000, type: Number, format: '0.00%' };
  if ('day' in cell) return dated(`${cell.day}T00:00:00Z`, 'yyyy-mm-dd');
  if ('month' in cell) return dated(`${cell.month}-01T00:00:00Z`, 'yyyy-mm');
  return dated(cell.moment, 'yyyy-mm-dd hh:mm:ss', regionMs);
}

/** Sheets know no zones: what stands in one is read as the time of the region. */
const regionMs = 8 * 3_600_000;

function dated(instant: string, format: string, later = 0) {
  return { value: new Date(Date.parse(instant) + later), type: Date, format };
}
