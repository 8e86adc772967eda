import type { Look } from './browser.ts';

/** A text in the language of a look. */
export const words = ({ language }: Pick<Look, 'language'>, zh: string, en: string): string =>
  language === 'zh' ? zh : en;
