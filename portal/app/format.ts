import { permilles } from './permille.ts';
import { locale, t } from './texts.ts';

/** U+2212, as long as a digit is wide. */
const minus = '−';

/** Fen (decimal text) as yuan with two decimals and groups, without the sign of the currency: `-1234567` → `−12,345.67`. */
export function yuan(fen: string | bigint): string {
  const [whole, cents] = yuanParts(fen);
  return `${whole}.${cents}`;
}

/** The same in two parts, for the one number of a page, whose decimals are smaller. */
export function yuanParts(fen: string | bigint): readonly [whole: string, cents: string] {
  const amount = BigInt(fen);
  const absolute = amount < 0n ? -amount : amount;
  const whole = (absolute / 100n).toLocaleString('en-US');
  return [`${amount < 0n ? minus : ''}${whole}`, String(absolute % 100n).padStart(2, '0')];
}

/** Shares of parts in a whole, in percent with one decimal; those of all parts add up to a hundred. */
export function percents(parts: readonly bigint[], whole: bigint): readonly string[] {
  const form = { style: 'percent', minimumFractionDigits: 1 } as const;
  return permilles(parts, whole).map((permille) => (permille / 1_000).toLocaleString(locale, form));
}

/** Basis points as a percentage, as short as it can be. */
export function basisPoints(bp: number): string {
  return (bp / 10_000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 2 });
}

/** Milliseconds that the region's clocks are ahead of UTC, all year. */
const aheadMs = 8 * 3_600_000;

/** What the region's clocks and calendars show at a moment: `YYYY-MM-DDThh:mm:ss`. */
function shown(at: string | number): string {
  return new Date(new Date(at).getTime() + aheadMs).toISOString().slice(0, 19);
}

/** A day or month in words by the texts, not by `Intl`: making its first form of dates costs a phone as much as all else that a page begins with. */
function inWords(key: 'date.day' | 'date.day-short' | 'date.month', date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const name = t('date.months').split(' ')[Number(month) - 1] ?? month;
  return t(key, { year, month: name, day: String(Number(day)) });
}

/** A legal day `YYYY-MM-DD` in words; the year is left out with `short`. */
export function dayText(day: string, short = false): string {
  return inWords(short ? 'date.day-short' : 'date.day', day);
}

/** A month `YYYY-MM` in words. */
export function monthText(month: string): string {
  return inWords('date.month', month);
}

/** A moment as day and time of the region, with seconds where evidence is meant. */
export function momentText(instant: string | number, precise = false): string {
  return `${dayText(shown(instant).slice(0, 10))} ${clockText(instant, precise)}`;
}

/** A moment's time of day. */
export function clockText(instant: string | number, precise = false): string {
  return shown(instant).slice(11, precise ? 19 : 16);
}

/** A whole number with groups. */
export function whole(n: number): string {
  return n.toLocaleString(locale).replace('-', minus);
}

/** The day today in the region. */
export function today(): string {
  return shown(Date.now()).slice(0, 10);
}

/** The hour of day in the region, 0 to 23. */
export function clockHour(at: number): number {
  return Number(shown(at).slice(11, 13));
}
