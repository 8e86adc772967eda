import type { Locale, ProblemError } from '@yitong/kit';

type Words = readonly [detail: string, remedy: string];

/** What can be wrong with a parameter of a query. */
const faults = {
  'given-once': [
    ['参数重复，或超过 200 个字符', '请只填一次，并缩短'],
    ['given twice, or longer than 200 characters', 'give it once, and shorter'],
  ],
  'unknown-operator': [
    ['没有这种比较方式', '请选用列出的比较方式'],
    ['no such comparison', 'choose one of those named'],
  ],
  'unknown-field': [
    ['不能按此字段查找', '请选用列出的字段'],
    ['this list does not find by that field', 'choose one of the fields named'],
  ],
  'not-one-of': [
    ['不在可选范围内', '请从列出的选项中选择'],
    ['not one of those allowed', 'choose one of those named'],
  ],
  'out-of-range': [
    ['数值超出范围', '请按列出的范围填写'],
    ['the number is out of range', 'keep to the range named'],
  ],
  'not-counted': [
    ['不能按此字段计数', '请选用列出的字段；未列出时此列表不计数'],
    ['this list is not counted by that field', 'choose one of those named; where none is, it is not counted'],
  ],
  'too-many': [
    ['字段过多', '最多选这么多个'],
    ['too many fields', 'name at most so many'],
  ],
  'unknown-cursor': [
    ['不是本节点给出的翻页位置', '请使用上一页的 next'],
    ['not a place that this node gave', 'give the `next` of the page before, with the same order'],
  ],
  'not-a-number': [
    ['不是数字', '请填写十进制数字，金额以分计'],
    ['not a number', 'give decimal digits; money in fen'],
  ],
  'no-citizen-number': [
    ['不是有效的公民身份号码', '请核对后重新填写'],
    ['not a citizen number', 'look at it again and give it whole'],
  ],
  'in-header': [
    ['公民身份号码不放在地址里', '请放在请求头中'],
    ['a citizen number stands in no address', 'say it in the header'],
  ],
  'no-prefix': [
    ['数字没有前缀', '请用 =、gte、lte、gt 或 lt'],
    ['numbers have no prefix', 'use =, gte, lte, gt or lt'],
  ],
} as const satisfies Record<string, readonly [zh: Words, en: Words]>;

/** A code of what is wrong with a parameter. */
export type QueryFaultCode = keyof typeof faults;

/** One parameter's fault in the asker's language; `choices` are names of the API and of no language. */
export function queryFault(
  name: string,
  code: QueryFaultCode,
  locale: Locale,
  choices: readonly string[] = [],
): Required<ProblemError> {
  const [zh, en] = faults[code];
  const [detail, remedy] = locale === 'en' ? en : zh;
  const named = choices.length === 0 ? '' : `: ${choices.join(', ')}`;
  return { pointer: `/${name.slice(0, 60)}`, code, detail: detail + named, remedy };
}
