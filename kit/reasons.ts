/** A language of the product. */
export type Locale = 'zh-CN' | 'en';

/** What is wrong with one field, and what to do: neither ever holds the value itself. */
export interface ReasonText {
  readonly detail: string;
  readonly remedy: string;
}

/** Why a field is refused, whatever the system. */
export type FieldReason = keyof typeof english;

const english = {
  required: ['the field is missing', 'give a value'],
  'unknown-field': ['no such field is known here', 'remove it, or check its spelling'],
  'wrong-type': ['the value is of the wrong JSON type', 'see the schema for the type'],
  'not-one-of': ['the value is not one of those allowed', 'choose one that the schema lists'],
  'too-long': ['the value is too long', 'shorten it'],
  'too-short': ['the value is too short or empty', 'give the whole value'],
  'too-large': ['the number is too large', 'check the number and its unit'],
  'too-small': ['the number is too small', 'check the number and its unit'],
  'not-whole': ['not a whole number within ±(2^53 − 1)', 'write digits only, without decimals'],
  'wrong-form': ['the value has not the required form', 'see the pattern in the schema'],
  money: [
    'not a whole number of fen as decimal text',
    'write fen as text without sign, point or leading zero, such as "1250"',
  ],
  'negative-money': ['the amount is negative', 'give zero or more; take money back by a reversal'],
  day: ['not a day that exists, written YYYY-MM-DD', 'check the day against the calendar'],
  month: ['not a month written YYYY-MM', 'write it such as 2026-01'],
  instant: ['not a moment in UTC to the millisecond', 'write it such as 2026-01-31T08:30:00.000Z'],
  member: ['no member or city of the region has this code', 'give the GB/T 2260 code of a member'],
  city: ['not the code of one of the region’s cities', 'give the six-digit GB/T 2260 code of a city'],
  place: ['no division of the region has or had this code', 'give the six-digit GB/T 2260 code'],
  'citizen-id-format': ['not an identity number of 18 characters', 'give 17 digits and a digit or X'],
  'citizen-id-division': [
    'the first digits of the identity number name no province',
    'copy the number from the card again',
  ],
  'citizen-id-birth-date': [
    'the identity number holds no possible day of birth',
    'copy the number from the card again',
  ],
  'citizen-id-check-digit': [
    'the check digit of the identity number is wrong',
    'copy the number from the card again; two digits may be swapped',
  ],
  'credit-code-format': [
    'not a unified social credit code',
    'give 18 digits and capitals; I, O, S, V and Z never occur',
  ],
  'credit-code-check-digit': [
    'the check character of the credit code is wrong',
    'copy the code from the licence again',
  ],
  'control-character': [
    'the text holds a control character',
    'remove it; free text may hold line breaks and tabs',
  ],
  'invisible-character': [
    'the text holds an invisible or direction-changing character',
    'type the text again instead of pasting it',
  ],
  'not-text': ['the text holds half of a character (a lone surrogate)', 'send the text as valid UTF-8'],
  'not-normalised': ['the identifier is not in Unicode form NFC', 'type it again, or normalise it to NFC'],
  url: ['not an address that begins with https:// or http://', 'give the whole address'],
  hash: ['not a SHA-256 in 64 small hexadecimal digits', 'compute it again over the file’s bytes'],
  id: ['not a UUID of version 7', 'let the sender make one, such as by uuid v7'],
  coordinate: [
    'not a longitude and latitude in degrees',
    'give WGS 84 degrees: longitude −180 to 180, latitude −90 to 90',
  ],
  invalid: ['the value is not allowed', 'see the description of the field'],
} as const satisfies Record<string, readonly [detail: string, remedy: string]>;

const chinese: Record<FieldReason, readonly [detail: string, remedy: string]> = {
  required: ['缺少该字段', '请填写'],
  'unknown-field': ['没有这个字段', '请删除，或检查拼写'],
  'wrong-type': ['值的 JSON 类型不对', '请查看接口说明中的类型'],
  'not-one-of': ['不在可选范围内', '请从列出的选项中选择'],
  'too-long': ['内容过长', '请缩短'],
  'too-short': ['内容过短或为空', '请填写完整'],
  'too-large': ['数值过大', '请检查数值和单位'],
  'too-small': ['数值过小', '请检查数值和单位'],
  'not-whole': ['不是 ±(2^53 − 1) 以内的整数', '请只填数字，不带小数'],
  'wrong-form': ['格式不符', '请按说明中的格式填写'],
  money: ['不是以“分”为单位的整数文本', '请填写以分计的整数文本，不带正号、小数点和前导零，如 "1250"'],
  'negative-money': ['金额为负', '请填写零或正数；退回款项请办理冲正'],
  day: ['不是存在的日期(YYYY-MM-DD)', '请核对日期'],
  month: ['不是月份(YYYY-MM)', '请按 2026-01 的格式填写'],
  instant: ['不是精确到毫秒的 UTC 时刻', '请按 2026-01-31T08:30:00.000Z 的格式填写'],
  member: ['不是本区域成员的代码', '请填写成员的行政区划代码(GB/T 2260)'],
  city: ['不是本区域城市的代码', '请填写城市的六位行政区划代码(GB/T 2260)'],
  place: ['本区域没有（也未曾有过）这个行政区划代码', '请填写六位行政区划代码(GB/T 2260)'],
  'citizen-id-format': ['不是 18 位公民身份号码', '请填写 17 位数字加 1 位数字或 X'],
  'citizen-id-division': ['公民身份号码的前几位不是省份代码', '请对照证件重新填写'],
  'citizen-id-birth-date': ['公民身份号码中的出生日期不可能', '请对照证件重新填写'],
  'citizen-id-check-digit': ['公民身份号码校验码不符', '请对照证件重新填写，注意相邻数字是否颠倒'],
  'credit-code-format': ['不是统一社会信用代码', '请填写 18 位数字和大写字母，不含 I、O、S、V、Z'],
  'credit-code-check-digit': ['统一社会信用代码校验码不符', '请对照营业执照重新填写'],
  'control-character': ['文本中有控制字符', '请删除；自由文本中只可有换行和制表符'],
  'invisible-character': ['文本中有不可见字符或改变书写方向的字符', '请手工重新输入，不要粘贴'],
  'not-text': ['文本中有不完整的字符', '请按有效的 UTF-8 发送'],
  'not-normalised': ['标识符不是 Unicode NFC 形式', '请重新输入，或转换为 NFC'],
  url: ['不是以 https:// 或 http:// 开头的网址', '请填写完整网址'],
  hash: ['不是 64 位小写十六进制的 SHA-256 值', '请对文件重新计算'],
  id: ['不是第 7 版 UUID', '请由发送方重新生成'],
  coordinate: ['不是以度计的经纬度', '请填写 WGS 84 经度(−180 至 180)和纬度(−90 至 90)'],
  invalid: ['值不允许', '请查看字段说明'],
};

/** What is wrong and the remedy, in one language. */
export function reasonText(reason: FieldReason, locale: Locale): ReasonText {
  const [detail, remedy] = locale === 'en' ? english[reason] : chinese[reason];
  return { detail, remedy };
}

/** Whether a text is one of the reasons. */
export function isFieldReason(text: unknown): text is FieldReason {
  return typeof text === 'string' && Object.hasOwn(english, text);
}
