import type { Texts } from '@yitong/kit';
import en from './en.json' with { type: 'json' };
import chinese from './zh-CN.json' with { type: 'json' };

/** Names, fields, refusals, roles and values (`=`) in both languages. */
export const texts: { readonly 'zh-CN': Texts; readonly en: Texts } = { 'zh-CN': chinese, en };
