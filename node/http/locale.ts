import type { Locale } from '@yitong/kit';

/** The language of the answer by `Accept-Language` (RFC 9110): the first of ours by weight, English when none is asked for. */
export function localeOf(header: string | undefined): Locale {
  if (header === undefined) return 'en';
  let best: { locale: Locale; weight: number } = { locale: 'en', weight: 0 };
  for (const part of header.slice(0, 200).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const locale = range.startsWith('zh') ? 'zh-CN' : range.startsWith('en') ? 'en' : undefined;
    const weight = weightOf(parameters);
    if (locale !== undefined && weight > best.weight) best = { locale, weight };
  }
  return best.locale;
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.trim().slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
