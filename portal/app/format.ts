import { permilles } from './permille.ts';
import { locale } from './texts.ts';

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

const zone = 'Asia/Shanghai';
/** Milliseconds that the region's clocks are ahead of UTC, all year. */
const aheadMs = 8 * 3_600_000;

/** Forms of dates in words, each made when it is first needed: the first costs a phone as much as all else that a page begins with. */
const forms = {
  day: later({ year: 'numeric', month: 'long', day: 'numeric' }),
  shortDay: later({ month: 'long', day: 'numeric' }),
  month: later({ year: 'numeric', month: 'long' }),
};

function later(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  let form: Intl.DateTimeFormat | undefined;
  return () => {
    form ??= new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    return form;
  };
}

/** What the region's clocks and calendars show at a moment: `YYYY-MM-DDThh:mm:ss`. */
function shown(at: string | number): string {
  return new Date(new Date(at).getTime() + aheadMs).toISOString().slice(0, 19);
}

/** A legal day `YYYY-MM-DD` in words; the year is left out with `short`. */
export function dayText(day: string, short = false): string {
  return spaced((short ? forms.shortDay() : forms.day()).format(new Date(`${day}T12:00:00+08:00`)));
}

/** A month `YYYY-MM` in words. */
export function monthText(month: string): string {
  return spaced(forms.month().format(new Date(`${month}-15T12:00:00+08:00`)));
}

/** A moment as day and time of the region, with seconds where evidence is meant. */
export function momentText(instant: string | number, precise = false): string {
  return `${spaced(forms.day().format(new Date(instant)))} ${clockText(instant, precise)}`;
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

/** Chinese dates with thin breath around the digits, as the region's typography has it. */
function spaced(text: string): string {
  return locale === 'en' ? text : text.replace(/(\d)(?=[年月日])/g, '$1 ').replace(/([年月])(?=\d)/g, '$1 ');
}

/** The hour of day in the region, 0 to 23. */
export function clockHour(at: number): number {
  return Number(shown(at).slice(11, 13));
}
