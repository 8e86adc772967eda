import { cityRows, memberRows } from './divisions/cities.ts';
import { countyRows } from './divisions/counties.ts';
import { formerRows } from './divisions/former.ts';

/** A division code of GB/T 2260: two digits each of province, city and county. 行政区划代码 */
export type DivisionCode = `${number}`;
/** The division code of a jurisdiction that runs a node: a province's or a city's. 成员(地区) */
export type Member = DivisionCode;
/** The division code of one of the 41 cities; Shanghai's is 310000. */
export type City = DivisionCode;

/** A member or city with its names. */
export interface Place {
  readonly code: DivisionCode;
  /** Official name. */
  readonly zh: string;
  /** Romanised name, by rule; not an official English name. */
  readonly en: string;
}

/** The four members of the Delta region, in order of code. */
export const members: readonly Place[] = memberRows;

/** The 41 cities of the Delta, in order of code, each with its province. */
export const cities: readonly (Place & { readonly member: Member })[] = cityRows;

/** What is known of a division code; `former` when it is abolished. */
export interface Division extends Omit<Place, 'en'> {
  readonly en?: string;
  readonly level: 'member' | 'city' | 'county';
  readonly former: boolean;
  /** The city that the code's first four digits name today; none for a province, or for a prefecture that is no more. */
  readonly city?: City;
  readonly member: Member;
}

const memberByCode: ReadonlyMap<string, Place> = new Map(members.map((row) => [row.code, row]));
const cityByCode: ReadonlyMap<string, Place> = new Map(cities.map((row) => [row.code, row]));
const SIX_DIGITS = /^[1-9][0-9]{5}$/;

/** Whether the text has the form of a division code: six digits, the first not zero. */
export function isDivisionCode(text: string): text is DivisionCode {
  return SIX_DIGITS.test(text);
}

/** The member of the Delta that a division lies in by its first two digits ('310115' → '310000'); undefined outside the Delta. */
export function memberOf(division: string): Member | undefined {
  return isDivisionCode(division) ? memberByCode.get(`${division.slice(0, 2)}0000`)?.code : undefined;
}

/**
 * The city that a division lies in by its first four digits ('320583' → '320500', '310115' → '310000'); undefined for a province with
 * cities, outside the Delta, and for prefectures that are no more.
 */
export function cityOf(division: string): City | undefined {
  if (!isDivisionCode(division)) return undefined;
  if (division.startsWith('31')) return '310000';
  return cityByCode.get(`${division.slice(0, 4)}00`)?.code;
}

/** Whether a jurisdiction of the Delta with this code may run a node: one of the four provinces or 41 cities. */
export function isMember(code: string): code is Member {
  return memberByCode.has(code) || cityByCode.has(code);
}

/** Whether the code is that of one of the 41 cities. */
export function isCity(code: string): code is City {
  return cityByCode.has(code);
}

/** Name, level and parents of a division of the Delta, abolished ones included; undefined when the code was never in use there. */
export function divisionOf(code: string): Division | undefined {
  const member = memberOf(code);
  if (member === undefined || !isDivisionCode(code)) return undefined;
  const city = cityOf(code);
  const parents = city === undefined ? { member } : { member, city };
  const place = memberByCode.get(code) ?? cityByCode.get(code === '310100' ? '310000' : code);
  if (place) return { code, zh: place.zh, en: place.en, level: levelOf(code), former: false, ...parents };
  const county = Object.hasOwn(countyRows, code) ? countyRows[code] : undefined;
  if (county) return { code, zh: county[0], en: county[1], level: 'county', former: false, ...parents };
  const name = Object.hasOwn(formerRows, code) ? formerRows[code] : undefined;
  return name === undefined ? undefined : { code, zh: name, level: levelOf(code), former: true, ...parents };
}

/** The counties, districts and county-level cities in force of a city, in order of code. */
export function countiesOf(city: City): readonly Place[] {
  return Object.entries(countyRows)
    .filter(([code]) => cityOf(code) === city)
    .flatMap(([code, [zh, en]]) => (isDivisionCode(code) ? [{ code, zh, en }] : []));
}

function levelOf(code: string): Division['level'] {
  if (code.endsWith('0000')) return 'member';
  return code.endsWith('00') ? 'city' : 'county';
}
