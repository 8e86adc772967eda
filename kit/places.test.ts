import { describe, expect, it, test } from 'vitest';
import { countyRows } from './divisions/counties.ts';
import { formerRows } from './divisions/former.ts';
import {
  cities,
  cityOf,
  countiesOf,
  divisionOf,
  isCity,
  isDivisionCode,
  isMember,
  memberOf,
  members,
} from './places.ts';

describe('the Delta', () => {
  it('has four members, 41 cities, 305 counties, and 466 codes that are no more', () => {
    expect(members.map(({ code }) => code)).toEqual(['310000', '320000', '330000', '340000']);
    expect(cities).toHaveLength(41);
    expect(new Set(cities.map(({ code }) => code)).size).toBe(41);
    expect(Object.keys(countyRows)).toHaveLength(305);
    expect(Object.keys(formerRows)).toHaveLength(466);
    expect(members.map(({ code }) => cities.filter((city) => city.member === code).length)).toEqual([
      1, 13, 11, 16,
    ]);
  });

  it('finds every county through its city', () => {
    const found = cities.flatMap((city) => countiesOf(city.code));
    expect(found).toHaveLength(305);
    for (const city of cities) expect(countiesOf(city.code).length).toBeGreaterThan(0);
    expect(countiesOf('320500')).toContainEqual({ code: '320583', zh: '昆山市', en: 'Kunshan' });
  });
});

test.for<readonly [string, string | undefined, string | undefined]>([
  ['310000', '310000', '310000'],
  ['310100', '310000', '310000'],
  ['310115', '310000', '310000'],
  ['310230', '310000', '310000'],
  ['320583', '320500', '320000'],
  ['320000', undefined, '320000'],
  ['341421', undefined, '340000'],
  ['110105', undefined, undefined],
  ['32058', undefined, undefined],
  ['abcdef', undefined, undefined],
])('%s lies in city %s of member %s', ([code, city, member]) => {
  expect(cityOf(code)).toBe(city);
  expect(memberOf(code)).toBe(member);
});

test.for([
  { code: '340000', expected: { zh: '安徽省', level: 'member', former: false } },
  { code: '310100', expected: { zh: '上海市', level: 'city', former: false, city: '310000' } },
  { code: '331100', expected: { zh: '丽水市', en: 'Lishui', level: 'city', former: false } },
  {
    code: '310115',
    expected: { zh: '浦东新区', level: 'county', former: false, city: '310000', member: '310000' },
  },
  { code: '341421', expected: { zh: '庐江县', level: 'county', former: true, member: '340000' } },
  { code: '330104', expected: { zh: '江干区', level: 'county', former: true, city: '330100' } },
  { code: '341400', expected: { zh: '巢湖市', level: 'city', former: true } },
])('knows what $code is called', ({ code, expected }) => {
  expect(divisionOf(code)).toMatchObject(expected);
});

it('knows no codes outside the Delta and none that never were', () => {
  for (const code of ['110105', '310199', '3101', '', 'constructor', '__proto__'])
    expect(divisionOf(code)).toBeUndefined();
  expect(isDivisionCode('031000')).toBe(false);
});

it('lets provinces and cities be members, and only cities be cities', () => {
  expect([isMember('340000'), isMember('340100'), isMember('340104'), isMember('110000')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([isCity('310000'), isCity('340100'), isCity('340000')]).toEqual([true, true, false]);
});
