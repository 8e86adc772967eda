import type { Locale } from '@yitong/kit';

/** Fields that many systems have and few declare a text for, by the words that the pages have for them. */
const words: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  from: { 'zh-CN': '开始', en: 'From' },
  to: { 'zh-CN': '结束', en: 'To' },
  code: { 'zh-CN': '代码', en: 'Code' },
  name: { 'zh-CN': '名称', en: 'Name' },
  date: { 'zh-CN': '日期', en: 'Day' },
  amount: { 'zh-CN': '金额', en: 'Amount' },
  quantity: { 'zh-CN': '数量（万分之一）', en: 'Quantity in 1/10,000' },
  unitPrice: { 'zh-CN': '单价（万分之一分）', en: 'Unit price in 1/10,000 fen' },
  restrictionMet: { 'zh-CN': '符合限定', en: 'Restriction met' },
  at: { 'zh-CN': '位置', en: 'At' },
  param: { 'zh-CN': '参数', en: 'Parameter' },
  lon: { 'zh-CN': '经度', en: 'Longitude' },
  lat: { 'zh-CN': '纬度', en: 'Latitude' },
};

/** What a field that its system has no text for is called. */
export function fieldWord(field: string, locale: Locale): string {
  return words[field]?.[locale] ?? field;
}
