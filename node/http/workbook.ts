import writeXlsxFile from 'write-excel-file/node';

/** A cell: a text, a whole number, an amount in fen, or nothing. */
export type SheetCell = string | number | { readonly fen: bigint } | null;

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
  return { value: Number(cell.fen) / 100, type: Number, format: '#,##0.00' };
}
