import { expect, test } from 'vitest';
import { inSyllables } from './syllables.ts';

test.each([
  ['Lianyungang', 'Lian-yun-gang'],
  ["Ma'anshan", "Ma'an-shan"],
  ['Changzhou', 'Chang-zhou'],
  ['Xuancheng', 'Xuan-cheng'],
  ['Huangshan', 'Huang-shan'],
  ["Lu'an", "Lu'an"],
  ['徐州', '徐州'],
])('a tile breaks %s between syllables only', (name, parts) => {
  expect(inSyllables(name).replaceAll('\u200b', '-')).toBe(parts);
});
