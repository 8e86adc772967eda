import { expect, test } from 'vitest';
import { textsOf } from '../testing/printed.ts';
import { pdfOf } from './pdf.ts';

test('a table that fills more than one page begins each with its heads and leaves no row out', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => [`entry-${at}`, `${at}.00`]);
  const pdf = await pdfOf({
    language: 'en',
    product: '一通',
    whose: 'Everybody',
    title: 'A long statement',
    under: 'signed',
    lines: [],
    tables: [
      {
        title: 'Entries',
        heads: ['Entry', 'Amount'],
        widths: [0.7, 0.3],
        isNumber: [false, true],
        rows,
        sum: ['Together', '7,140.00'],
      },
    ],
    code: 'https://node.test/verify#word',
    scan: 'scan',
    notes: ['the end'],
    at: new Date('2026-11-24T00:00:00Z'),
  });
  const pages = await textsOf(pdf);
  expect(pages.length).toBeGreaterThan(2);
  const [, ...later] = pages.slice(0, -1);
  for (const page of later) expect(page).toMatch(/^\s*Entry\s+Amount\s+entry-\d+/);
  const found = pages.join('\n').match(/entry-\d+/g);
  expect(found).toEqual(rows.map(([name]) => name));
  expect(pages.at(-1)).toContain('7,140.00');
});
