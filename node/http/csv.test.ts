import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.for<readonly [says: string, value: unknown, cell: string]>([
  ['a plain text', '沪通铁路', '沪通铁路'],
  ['a comma', 'a,b', '"a,b"'],
  ['a quotation mark', 'say "no"', '"say ""no"""'],
  ['a line break', 'a\nb', '"a\nb"'],
  ['blanks at an end', ' a', '" a"'],
  ['nothing', null, ''],
  ['a number', -5, '-5'],
  ['a negative amount as text', '-500', '-500'],
  ['a formula', '=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ['a formula after blanks', ' =1', "' =1"],
  ['a plus', '+1+1', "'+1+1"],
  ['a minus that is no number', '-1+1', "'-1+1"],
  ['an at', '@SUM(A1)', "'@SUM(A1)"],
  ['a full-width sign', '\uff1d1', "'\uff1d1"],
  ['a tabulator', '\t=1', "'\t=1"],
  ['a list', ['320500', '320600'], '320500; 320600'],
  ['an object', { a: 1 }, '"{""a"":1}"'],
  ['a yes', true, 'true'],
])('a cell with %s', ([, value, cell]) => {
  expect(csvLine([value])).toBe(`${cell}\r\n`);
});

test('a line joins its cells with commas', () => {
  expect(csvLine(['a', 1, undefined, 'b'])).toBe('a,1,,b\r\n');
});
