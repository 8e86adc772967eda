import { expect, test } from 'vitest';
import { placeWord } from './words.ts';

test.for([
  ['a member', '340000', '安徽省', 'Anhui'],
  ['a city', '330100', '杭州市', 'Hangzhou'],
  ['one of two cities of the same English name', '320500', '苏州市', 'Suzhou (Jiangsu)'],
  ['the other of the two', '341300', '宿州市', 'Suzhou (Anhui)'],
  ['a county', '330106', '西湖区', 'Xihu'],
  ['a code that is no place', '990000', '990000', '990000'],
] as const)('%s has a name by which it can be told', ([, code, chinese, english]) => {
  expect(placeWord(code, 'zh-CN')).toBe(chinese);
  expect(placeWord(code, 'en')).toBe(english);
});
