import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type PdfDocument from 'pdfkit';
import type { PaperLine } from './lines.ts';
import { drawTable, type PaperTable } from './table.ts';

/** What a paper shows: a receipt, or a statement. */
export interface Paper {
  readonly language: 'zh-CN' | 'en';
  readonly product: string;
  readonly whose: string;
  readonly title: string;
  readonly under: string;
  readonly lines: readonly PaperLine[];
  /** Tables below the lines, as a statement has them. */
  readonly tables?: readonly PaperTable[];
  /** Text of the QR code. */
  readonly code: string;
  readonly scan: string;
  /** Sentences below the facts. */
  readonly notes: readonly string[];
  readonly attached?: string | undefined;
  readonly at: Date;
}

const edge = 56;
const bottom = 40;
const wide = 595.28 - 2 * edge;
const qrSize = 148;
/** Width of the labels: values stand one under the other, beside the code and below it. */
const column = 140;
/** Room beside the code, and where the paper is free again below it. */
const beside = wide - qrSize - 24;
const belowCode = edge + 44 + qrSize + 26;
const ink = { deep: '#0A3A66', text: '#14202C', quiet: '#475565', hair: '#DCE3EA' };
const fonts = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');

/** A tagged PDF of one paper: the Chinese font is cut down to what it shows. */
export async function pdfOf(paper: Paper): Promise<Buffer> {
  const { default: Pdf } = await import('pdfkit');
  const pdf = new Pdf({
    size: 'A4',
    margins: { top: edge, left: edge, right: edge, bottom },
    tagged: true,
    lang: paper.language,
    pdfVersion: '1.7',
    displayTitle: true,
    info: { Title: paper.title, Author: paper.whose, CreationDate: paper.at },
    font: join(fonts, 'NotoSansHans-Regular.otf'),
  });
  const parts: Buffer[] = [];
  const ended = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
  });
  head(pdf, paper);
  await code(pdf, paper);
  pdf.y = Math.max(pdf.y, edge + 44);
  title(pdf, paper);
  facts(pdf, paper);
  for (const table of paper.tables ?? []) drawTable(pdf, table, ink);
  notes(pdf, paper);
  if (paper.attached !== undefined)
    pdf.file(Buffer.from(paper.attached), { name: 'evidence.json', type: 'application/json' });
  pdf.end();
  return ended;
}

type Pdf = InstanceType<typeof PdfDocument>;

/** How words are set: in the Chinese font an apostrophe has a sign's whole width unless its narrow form is asked for. */
const set = ({ language }: Paper): PDFKit.Mixins.TextOptions =>
  language === 'en' ? { features: ['pwid'] } : {};

/** The mark, and whose paper it is. */
function head(pdf: Pdf, paper: Paper): void {
  const { product } = paper;
  pdf.save().translate(edge, edge - 4);
  pdf.roundedRect(0, 0, 26, 26, 5.7).fill(ink.deep);
  pdf.translate(3.6, 3.6).scale(0.588);
  pdf
    .path('M3 8h1.5c4.5 0 3.5 8 8 8h7c4.5 0 3.5-8 8-8H29M3 24h1.5c4.5 0 3.5-8 8-8h7c4.5 0 3.5 8 8 8H29')
    .lineWidth(3.6)
    .lineCap('round')
    .lineJoin('round')
    .stroke('#FFFFFF')
    .restore();
  pdf.fillColor(ink.text).fontSize(14);
  const beside = edge + 34 + pdf.widthOfString(product) + 12;
  pdf.text(product, edge + 34, edge - 1, { lineBreak: false });
  pdf
    .fillColor(ink.quiet)
    .fontSize(10)
    .text(paper.whose, beside, edge + 3, set(paper));
}

/** The QR code at the upper right, drawn as squares so that every printer keeps it sharp. */
async function code(pdf: Pdf, paper: Paper): Promise<void> {
  const { default: encodeQR } = await import('qr');
  const rows = encodeQR(paper.code, 'raw', { ecc: 'low', border: 1 });
  const side = qrSize / rows.length;
  const left = edge + wide - qrSize;
  const top = edge + 44;
  pdf.save().fillColor('#000000');
  for (const [y, row] of rows.entries())
    for (const [x, isDark] of row.entries())
      if (isDark) pdf.rect(left + x * side, top + y * side, side + 0.02, side + 0.02);
  pdf.fill('#000000').restore();
  pdf
    .fillColor(ink.quiet)
    .fontSize(9)
    .text(paper.scan, left, top + qrSize + 6, { ...set(paper), width: qrSize, align: 'center' });
}

function title(pdf: Pdf, paper: Paper): void {
  pdf
    .fillColor(ink.text)
    .fontSize(20)
    .text(paper.title, edge, edge + 44, { ...set(paper), width: beside });
  pdf
    .moveDown(0.3)
    .fillColor(ink.quiet)
    .fontSize(10)
    .text(paper.under, { ...set(paper), width: beside });
  pdf.y += 14;
}

/** Label and value line by line, the first of them beside the code; amounts at the right edge, one under the other. */
function facts(pdf: Pdf, paper: Paper): void {
  const words = set(paper);
  for (const { label, text, isAmount, isHead } of paper.lines) {
    if (pdf.y > pdf.page.height - bottom - 24) pdf.addPage();
    if (isHead === true) {
      pdf.y = Math.max(pdf.y, belowCode);
      pdf
        .moveDown(0.4)
        .fillColor(ink.text)
        .fontSize(11.5)
        .text(label, edge, pdf.y, { ...words, width: wide });
      rule(pdf, ink.text, 0.9, wide);
      continue;
    }
    const room = pdf.y < belowCode ? beside : wide;
    const y = pdf.y + 2;
    pdf
      .fillColor(ink.quiet)
      .fontSize(10)
      .text(label, edge, y, { ...words, width: column - 10 });
    const below = pdf.y;
    pdf
      .fillColor(ink.text)
      .text(
        text,
        edge + column,
        y,
        isAmount ? { width: room - column, align: 'right' } : { ...words, width: room - column },
      );
    pdf.y = Math.max(pdf.y, below);
    rule(pdf, ink.hair, 0.6, room);
  }
  pdf.y = Math.max(pdf.y, belowCode);
}

function rule(pdf: Pdf, colour: string, width: number, long: number): void {
  const y = pdf.y + 2;
  pdf
    .moveTo(edge, y)
    .lineTo(edge + long, y)
    .lineWidth(width)
    .stroke(colour);
  pdf.y = y + 1;
}

function notes(pdf: Pdf, paper: Paper): void {
  pdf.y += 10;
  for (const sentence of paper.notes)
    pdf
      .fillColor(ink.quiet)
      .fontSize(9)
      .text(sentence, edge, pdf.y, { ...set(paper), width: wide, lineGap: 1 })
      .moveDown(0.3);
}
