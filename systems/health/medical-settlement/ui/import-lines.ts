/** A line of a hospital's file: code of the item, quantity, unit price in yuan. */
export interface ImportedLine {
  readonly code: string;
  readonly quantity: string;
  readonly price: string;
}

/** Lines of a text with commas, semicolons or tabs between code, quantity and unit price; a first line of headings is passed over. `faults`: numbers of lines that are none. */
export function linesIn(text: string): {
  readonly lines: readonly ImportedLine[];
  readonly faults: readonly number[];
} {
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((row, at) => ({ cells: row.split(/[,;\t]/).map((cell) => cell.trim()), number: at + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const lines: ImportedLine[] = [];
  const faults: number[] = [];
  for (const { cells, number } of rows) {
    const [code = '', quantity = '', price = ''] = cells;
    const isWhole = isNumber(quantity) && isNumber(price);
    if (/^[0-9A-Za-z]{2,24}$/.test(code) && isWhole) lines.push({ code, quantity, price });
    else if (number !== 1 || /[0-9]/.test(quantity)) faults.push(number);
  }
  return { lines, faults };
}

const isNumber = (text: string): boolean => /^\d{1,9}(?:\.\d{1,4})?$/.test(text);
