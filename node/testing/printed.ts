import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** A PDF as someone holds it in hand: its first page, and what a phone reads from its QR code. */
export interface Printed {
  readonly picture: Picture;
  readonly code: string;
}

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');

/** Draws the first page as a printer would and reads the code from the picture, with programs that know nothing of ours. Throws without a code. */
export async function printed(pdf: Uint8Array): Promise<Printed> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const page = document.getPage(0);
    const { data, width, height } = await page.render({ scale: 3, render: 'bitmap' });
    document.destroy();
    const picture = { data, width, height };
    return { picture, code: await codeIn(picture) };
  } finally {
    library.destroy();
  }
}

/** What a PDF's pages say, page by page, as somebody who marks and copies it gets it. */
export async function textsOf(pdf: Uint8Array): Promise<readonly string[]> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const texts = Array.from({ length: document.getPageCount() }, (_, at) => document.getPage(at).getText());
    document.destroy();
    return texts;
  } finally {
    library.destroy();
  }
}

/** A picture in memory. */
export interface Picture {
  /** Four bytes a pixel. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

async function codeIn({ data, width, height }: Picture): Promise<string> {
  const binary = readFileSync(wasm);
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(binary).buffer } });
  const pixels = new Uint8ClampedArray(data);
  const [found] = await readBarcodes(
    { data: pixels, width, height, colorSpace: 'srgb' } as Parameters<typeof readBarcodes>[0],
    {
      formats: ['QRCode'],
    },
  );
  if (found === undefined) throw new Error('there is no code in the picture');
  return found.text;
}
