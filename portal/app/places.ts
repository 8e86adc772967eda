import { cityRows, memberRows } from '@yitong/kit/cities';
import { locale } from './texts.ts';

/** The region's members in their fixed order: 沪 苏 浙 皖. */
export const members: readonly { readonly code: string; readonly zh: string; readonly en: string }[] =
  memberRows;
/** The 41 cities in order of code, each with its member. */
export const cities: readonly {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly member: string;
}[] = cityRows;

const byCode = new Map([...cityRows, ...memberRows].map((row) => [row.code as string, row]));
/** Two pairs of cities share their English name. */
const twice = new Set(['320500', '341300', '321200', '331000']);

/** A member or city as people call it; the code itself of a place that is not in the table. */
export function placeName(code: string): string {
  const found =
    byCode.get(code) ?? byCode.get(`${code.slice(0, 4)}00`) ?? byCode.get(`${code.slice(0, 2)}0000`);
  if (found === undefined) return code;
  if (locale !== 'en') return found.zh;
  return twice.has(found.code)
    ? `${found.en} (${byCode.get(`${found.code.slice(0, 2)}0000`)?.en})`
    : found.en;
}

/** The same without 省 or 市, for tables and tiles. */
export function shortName(code: string): string {
  return placeName(code).replace(/[省市]$| \(\w+\)$/, '');
}

const initials: Readonly<Record<string, string>> = {
  '310000': '沪',
  '320000': '苏',
  '330000': '浙',
  '340000': '皖',
};

/** A member's one-character name, which stands on maps and number plates in either language. */
export function initial(code: string): string {
  return initials[code] ?? code.slice(0, 2);
}
