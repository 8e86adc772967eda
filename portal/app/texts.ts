import type { texts as chinese } from '../texts/zh-cn.ts';

/** Name of a text of the portal. */
export type TextKey = keyof typeof chinese;
/** Languages of the portal as paths begin with them. */
export type Language = 'zh' | 'en';
/** What a text is filled with. */
export type Values = Readonly<Record<string, string | number>>;

/** The language of the page, by its path. */
export const language: Language = location.pathname.startsWith('/en') ? 'en' : 'zh';
/** The same as tag for `Intl` and for the node. */
export const locale = language === 'en' ? 'en' : 'zh-CN';

let known: Readonly<Record<TextKey, string>> | undefined;
const plural = new Intl.PluralRules(locale);

/** Fetches the texts of the page's language; nothing is shown before. */
export async function loadTexts(): Promise<void> {
  const { texts } = language === 'en' ? await import('../texts/en.ts') : await import('../texts/zh-cn.ts');
  known = texts;
}

/** A text of the portal in the page's language; `{name}` is filled from `values`, `a|b` is chosen by the plural of `{n}`. */
export function t(key: TextKey, values: Values = {}): string {
  return filled(known?.[key] ?? key, values);
}

/** Fills a text: `{name}` from `values`; of `a|b` the first for one, the second for many. */
export function filled(text: string, values: Values): string {
  const [one = '', many] = text.split('|');
  const form = many === undefined || plural.select(Number(values['n'] ?? 0)) === 'one' ? one : many;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(locale) : (value ?? '');
  });
}

/** One of two texts that stand together, such as a system's page brings. */
export function chosen(of: { readonly 'zh-CN': string; readonly en: string }): string {
  return of[locale];
}

/** Reads a system's own catalogue of its pages, in the page's language. */
export function wordsOf<K extends string>(of: {
  readonly 'zh-CN': Readonly<Record<K, string>>;
  readonly en: Readonly<Record<K, string>>;
}): (key: K, values?: Values) => string {
  return (key, values = {}) => filled(of[locale][key], values);
}

/** The language of a text that is shown as its maker wrote it, such as the title of a notice; undefined where it is the page's. */
export function tongueOf(text: string): 'zh-CN' | undefined {
  return language === 'en' && /\p{Script=Han}/u.test(text) ? 'zh-CN' : undefined;
}
