/** A row of a table: a value for each column. */
export type CsvRow = readonly unknown[];

/** What a file of CSV begins with, so that spreadsheets read it as UTF-8. */
export const byteOrderMark = '\ufeff';

/** A line of RFC 4180, with its line end. Lists are joined by `; `, other objects are JSON. */
export function csvLine(row: CsvRow): string {
  return `${row.map((value) => quoted(cellOf(value))).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is preceded by an apostrophe; numbers are left as they are. */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = textOf(value);
  const isFormula = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  return isFormula ? `'${text}` : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isPlain = (one: unknown) => typeof one === 'string' || typeof one === 'number';
  if (Array.isArray(value) && value.every(isPlain)) return value.join('; ');
  return JSON.stringify(value);
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
