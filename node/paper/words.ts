import { cities, divisionOf, type Locale, type SystemType } from '@yitong/kit';
import { fieldWord } from './field-words.ts';

const chinese = {
  product: '一通',
  whose: '长三角公共服务一体化',
  receipt: '{title}凭证',
  signed: '由{member}签名，{time}',
  about: '当事人',
  id: '编号',
  none: '无',
  yes: '是',
  no: '否',
  'after-amount': '元',
  'before-value': '：',
  'between-values': '；',
  scan: '验证方法',
  how: '用手机扫描二维码，或打开 {origin}/verify 上传本文件。不用登录，任何人都可以验证。',
  key: '签名密钥 {key}，见成员目录第 {directory} 版',
  evidence: '附件 evidence.json 是双方成员的签名证据，可以离线验证。',
  shows: '本凭证只说明签发时的状态。以后的变化，请持有人重新下载。',
  demonstration: '演示系统，人员、机构和金额均为虚构，不作任何凭据。',
};

const english: typeof chinese = {
  product: 'Yitong',
  whose: 'Yangtze River Delta, one public service',
  receipt: '{title}: receipt',
  signed: 'Signed by {member}, {time}',
  about: 'Person',
  id: 'Number',
  none: 'none',
  yes: 'yes',
  no: 'no',
  'after-amount': ' yuan',
  'before-value': ': ',
  'between-values': '; ',
  scan: 'How to verify',
  how: 'Scan the code with a phone, or open {origin}/verify and hand in this file. Anyone can, without signing in.',
  key: 'Signing key {key}, see version {directory} of the members’ directory',
  evidence:
    'The attached evidence.json holds the signatures of both members and can be verified without a network.',
  shows:
    'This receipt tells how things stood when it was signed. For later changes its holder gets a new one.',
  demonstration:
    'A demonstration: people, institutions and amounts are made up; this is evidence of nothing.',
};

/** A text of the paper in one language, filled in. */
export type PaperWords = (name: keyof typeof chinese, values?: Readonly<Record<string, string>>) => string;

/** The paper's own texts in a language. */
export function paperWords(locale: Locale): PaperWords {
  const texts = locale === 'en' ? english : chinese;
  return (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
}

/** The words that a system's declaration has for its fields and choices, as its pages use them. */
export function systemWords({ texts }: Pick<SystemType, 'texts'>, locale: Locale) {
  const known: Readonly<Record<string, string>> = texts[locale];
  return {
    title: (name: string): string => known[name] ?? name,
    label: (of: string, field: string): string =>
      known[`${of}.${field}`] ?? known[`.${field}`] ?? fieldWord(field, locale),
    choice: (value: string): string => known[`=${value}`] ?? known[`#${value}`] ?? value,
  };
}

/** English names that two cities share. */
const shared = new Set(
  cities
    .filter(({ en, code }) => cities.some((other) => other.en === en && other.code !== code))
    .map(({ en }) => en),
);

/** A member, city or county as people call it; its code where it has no name in the language. */
export function placeWord(code: string, locale: Locale): string {
  const found = divisionOf(code);
  if (locale !== 'en' || found === undefined) return found?.zh ?? code;
  const name = found.en ?? code;
  return shared.has(name) ? `${name} (${divisionOf(found.member)?.en})` : name;
}
