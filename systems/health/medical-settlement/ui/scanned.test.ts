import { describe, expect, test } from 'vitest';
import { linesIn } from './import-lines.ts';
import { scanned } from './scanned.ts';

const isCity = (code: string): boolean => code === '340100';

describe('what a scanner types', () => {
  test.each([
    ['34010119900307001X', { person: '34010119900307001X' }],
    ['３４０１０１１９９００３０７００１ｘ', { person: '34010119900307001X' }],
    ['YT1;34010119900307001X;340100', { person: '34010119900307001X', insuredPlace: '340100' }],
    ['340100 34010119900307001X', { person: '34010119900307001X', insuredPlace: '340100' }],
    ['34010119900307001X;999999', { person: '34010119900307001X' }],
  ])('%s is a person', (text, found) => expect(scanned(text, isCity)).toEqual(found));

  test.each(['', '3401011990', '1234567890123456789', 'hello'])('%s is none', (text) =>
    expect(scanned(text, isCity)).toBeUndefined(),
  );
});

describe('lines from a hospital’s file', () => {
  test('come by comma, tab or semicolon, with a heading or without', () => {
    const wanted = [{ code: 'A1', quantity: '2', price: '3.50' }];
    for (const text of [
      'A1,2,3.50',
      'code\tquantity\tprice\r\nA1\t2\t3.50\r\n',
      '项目编码;数量;单价\nA1;2;3.50',
    ])
      expect(linesIn(text)).toEqual({ lines: wanted, faults: [] });
  });

  test('that cannot be read are told by their number', () => {
    expect(linesIn('A1,2,3.50\nA2,x,1\nA3,1')).toEqual({
      lines: [{ code: 'A1', quantity: '2', price: '3.50' }],
      faults: [2, 3],
    });
  });
});
