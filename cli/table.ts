/** Columns a text takes on a terminal: Chinese characters and full-width forms take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text.replaceAll(escapes, '')) columns += wide.test(character) ? 2 : 1;
  return columns;
}

/** The terminal's colour codes. */
const escapes = /\u001b\[[0-9;]*m/g;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;

/** Cuts a text to a number of columns, with an ellipsis where something is missing. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const size = wide.test(character) ? 2 : 1;
    if (used + size > columns - 1) break;
    kept += character;
    used += size;
  }
  return `${kept}…`;
}

/** Fills a text with blanks up to a number of columns; numbers stand to the right. */
export function pad(text: string, columns: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, columns - columnsOf(text)));
  return right ? blanks + text : text + blanks;
}

const columnMost = 28;

/**
 * Rows as lines of text within a width. No column is wider than 28; those at the end that find no room are left out, and the
 * head says so with an ellipsis. A column of numbers stands to the right.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const natural = head.map((title, i) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[i] ?? ''))),
  );
  const widths = fitting(natural, width);
  const right = widths.map((_, i) => rows.length > 0 && rows.every((row) => isAmount(row[i] ?? '')));
  const draw = (cells: readonly string[]) =>
    widths
      .map((columns, i) => pad(shorten(cells[i] ?? '', columns), columns, right[i]))
      .join('  ')
      .trimEnd();
  const more = widths.length < head.length ? '  …' : '';
  return [draw(head) + more, ...rows.map(draw)];
}

/** Widths of the columns that there is room for; the last one takes what is left. */
function fitting(natural: readonly number[], width: number): readonly number[] {
  const widths: number[] = [];
  let left = width;
  for (const [i, wish] of natural.entries()) {
    const gap = i === 0 ? 0 : 2;
    const isLast = i === natural.length - 1;
    const room = left - gap - (isLast ? 0 : 3);
    const columns = Math.min(wish, isLast ? room : columnMost);
    if (columns > room || (columns < wish && columns < 8)) break;
    widths.push(columns);
    left -= columns + gap;
  }
  return widths;
}

function isAmount(text: string): boolean {
  return text === '' || /^-?[\d,]+(\.\d+)?( ?%)?$/.test(text);
}
