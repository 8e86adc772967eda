import { expect, test } from 'vitest';
import { exists, text } from './tree.ts';

// Pages that say "this holds" name the test that shows it: `path` “sentence”. Each is looked up, so that no promise outlives its test.

const named = /`([\w./-]+\.ts)` “([^”]+)”/g;

interface Page {
  readonly path: string;
  /** Every row of a table must name a test, or say "not yet" or "not here". */
  readonly rows: number;
}

const pages: readonly Page[] = [
  { path: 'docs/explanation/threats.md', rows: 76 },
  { path: 'docs/explanation/what-we-promise.md', rows: 17 },
];

test.for(pages)('each test that $path names exists and contains the sentence', ({ path }) => {
  const found = [...text(path).matchAll(named)].map(([, file = '', sentence = '']) => ({ file, sentence }));
  const wrong = found
    .filter(({ file, sentence }) => !exists(file) || !plain(text(file)).includes(plain(sentence)))
    .map(({ file, sentence }) => `${file}: ${exists(file) ? `has no “${sentence}”` : 'is not there'}`);
  expect(wrong).toEqual([]);
});

/** Code writes a sentence within quotes of its own, or over two lines. */
function plain(source: string): string {
  return source.replace(/[‘’]/g, "'").replace(/\s+/g, ' ');
}

test.for(pages)('each row of $path names a test, or says why there is none', ({ path, rows }) => {
  const lines = text(path)
    .split('\n')
    .filter((line) => /^\| \*{0,2}\d+/.test(line));
  expect(lines.length).toBeGreaterThanOrEqual(rows);
  const silent = lines.filter((line) => !/` “/.test(line) && !/\*\*(not yet|not here)\*\*: \w/.test(line));
  expect(silent).toEqual([]);
});
