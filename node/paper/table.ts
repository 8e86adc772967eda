import type PdfDocument from 'pdfkit';

/** A table of a paper; its last row may be a sum. */
export interface PaperTable {
  readonly title: string;
  readonly heads: readonly string[];
  /** Width of each column as a share of the paper's; together 1. */
  readonly widths: readonly number[];
  /** Which columns are amounts or counts, at their right edge. */
  readonly isNumber: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
  readonly sum?: readonly string[];
}

type Pdf = InstanceType<typeof PdfDocument>;
type Ink = Readonly<Record<'text' | 'quiet' | 'hair', string>>;

const rowHeight = 17;
const size = 9;

/** Draws a table at the paper's full width; where a page ends, the heads stand again on the next. */
export function drawTable(pdf: Pdf, table: PaperTable, ink: Ink): void {
  const { left } = edgesOf(pdf);
  needs(pdf, 5 * rowHeight);
  pdf.y += 14;
  pdf.fillColor(ink.text).fontSize(12).text(table.title, left, pdf.y);
  pdf.y += 4;
  row(pdf, table, table.heads, ink.quiet);
  rule(pdf, ink.text, 1.1);
  for (const cells of table.rows) {
    if (needs(pdf, rowHeight)) {
      row(pdf, table, table.heads, ink.quiet);
      rule(pdf, ink.text, 1.1);
    }
    row(pdf, table, cells, ink.text);
    rule(pdf, ink.hair, 0.6);
  }
  if (table.sum === undefined) return;
  needs(pdf, rowHeight);
  rule(pdf, ink.text, 1.1);
  row(pdf, table, table.sum, ink.text);
}

function row(pdf: Pdf, { widths, isNumber }: PaperTable, cells: readonly string[], colour: string): void {
  const { left, width } = edgesOf(pdf);
  const top = pdf.y + 4;
  let at = left;
  pdf.fillColor(colour).fontSize(size);
  for (const [n, cell] of cells.entries()) {
    const room = (widths[n] ?? 0) * width - 6;
    const beside = isNumber[n] === true ? Math.max(0, room - pdf.widthOfString(cell)) : 0;
    pdf.text(cell, at + beside, top, { lineBreak: false });
    at += room + 6;
  }
  pdf.y = top + rowHeight - 6;
}

function rule(pdf: Pdf, colour: string, thick: number): void {
  const { left, width } = edgesOf(pdf);
  pdf
    .moveTo(left, pdf.y)
    .lineTo(left + width - 6, pdf.y)
    .lineWidth(thick)
    .stroke(colour);
}

/** Whether a new page had to be begun for so many points. */
function needs(pdf: Pdf, height: number): boolean {
  if (pdf.y + height < pdf.page.height - pdf.page.margins.bottom) return false;
  pdf.addPage();
  return true;
}

function edgesOf({ page }: Pdf): { readonly left: number; readonly width: number } {
  const { left, right } = page.margins;
  return { left, width: page.width - left - right };
}
