import { expect, test } from 'vitest';
import { placeWords } from './law-place.ts';

const texts = {
  '%.visits': '-',
  '=inpatient': '普通住院',
  '%.deductible': '起付标准',
  '%.amounts': '-',
  '%.nth': '各次金额',
  '=retired': '退休',
  '=3': '三级',
};
const words = {
  texts,
  and: '、',
  others: '其余',
  of: (place: string, whom: string) => `${place}（${whom}）`,
};

test('a place in a parameter is told in the system’s words, with whom it is for', () => {
  const told = (whom: string) => placeWords(words, `visits.inpatient.deductible.amounts[${whom}].nth`);
  expect(told('statuses=retired, levels=3')).toBe('普通住院 · 起付标准（退休、三级） · 各次金额');
  expect(told('0')).toBe('普通住院 · 起付标准（1） · 各次金额');
  expect(told('*')).toBe('普通住院 · 起付标准（其余） · 各次金额');
});

test('where one name has no words, the place has none', () => {
  expect(placeWords(words, 'visits.inpatient.unknown')).toBeUndefined();
});
