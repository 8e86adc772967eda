import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { texts as english } from './en.ts';
import { texts as chinese } from './zh-cn.ts';

const top = join(import.meta.dirname, '..');

/** The source of the portal, its catalogues and tests apart. */
function sources(folder: string): readonly string[] {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'texts', 'testing'].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|suite)\.ts$/.test(entry.name) ? [path] : [];
  });
}

const code = sources('').map((path) => [path, readFileSync(join(top, path), 'utf8')] as const);

/** The texts that are asked for by a whole name, and the beginnings of those that are asked for by a name made of parts. */
const asked = new Set(
  code.flatMap(([, text]) =>
    [...text.matchAll(/'([a-z-]+(?:\.[a-zA-Z0-9-]+)+)'/g)].map(([, key = '']) => key),
  ),
);
const begun = code.flatMap(([, text]) =>
  [...text.matchAll(/t\(\s*`([a-z-]+(?:\.[a-z-]+)*\.)\$\{/g)].map(([, key = '']) => key),
);

test('each text is in both languages', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
  for (const [key, text] of Object.entries({ ...chinese, ...english })) expect(text.trim(), key).not.toBe('');
});

test('each text is asked for somewhere', () => {
  const unused = Object.keys(chinese).filter(
    (key) => !asked.has(key) && !begun.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('each name that is asked for has a text', () => {
  const known = new Set(Object.keys(chinese));
  const calls = code.flatMap(([path, text]) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => [path, key] as const),
  );
  expect(calls.filter(([, key]) => !known.has(key))).toEqual([]);
});

test('both languages fill in the same', () => {
  const holes = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
  for (const [key, text] of Object.entries(chinese)) {
    const other = holes(english[key as keyof typeof english]);
    // English says some numbers in words.
    expect(
      other.every((name) => holes(text).includes(name)),
      key,
    ).toBe(true);
    expect(
      holes(text)
        .filter((name) => name !== 'n')
        .every((name) => other.includes(name)),
      key,
    ).toBe(true);
  }
});

test('Chinese has full-width marks between Han characters', () => {
  const half = /\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}/u;
  expect(Object.entries(chinese).filter(([, text]) => half.test(text))).toEqual([]);
});

test('no text stands in a page itself', () => {
  const bare = code
    // The grid of the tile map is a table of names, the keys of its codes.
    .filter(([path]) => path.endsWith('.tsx') && !path.endsWith('tile-map.tsx'))
    .flatMap(([path, text]) => {
      const shown = text.replace(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /\p{Script=Han}/u.test(shown) ? [path] : [];
    });
  expect(bare).toEqual([]);
});

describe('catalogues of office pages', () => {
  const files = readdirSync(join(top, 'office')).filter((name) => name.endsWith('-words.ts'));
  const source = (name: string) => readFileSync(join(top, 'office', name), 'utf8');
  const chineseOf = (name: string) => source(name).split('} as const;')[0] ?? '';
  const pages = code.filter(([path]) => !path.endsWith('-words.ts')).map(([, text]) => text);

  test.each(files)('%s: each text is asked for by the pages that have it', (name) => {
    const own = pages.filter((text) => text.includes(`/${name}'`)).join('\n');
    const keys = [...chineseOf(name).matchAll(/^ {2}'?([a-z][a-z0-9.-]*)'?:/gm)].map(([, key = '']) => key);
    const parts = [...own.matchAll(/say\(\s*`([a-z.-]*)\$\{/g)].map(([, start = '']) => start);
    const unused = keys.filter(
      (key) => !own.includes(`'${key}'`) && !parts.some((start) => start !== '' && key.startsWith(start)),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(unused).toEqual([]);
  });

  test.each(files)('%s: Chinese has full-width marks between Han characters', (name) => {
    expect(chineseOf(name)).not.toMatch(/\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}/u);
  });
});
