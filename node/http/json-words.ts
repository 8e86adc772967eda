import type { JsonFaultCode } from './strict-json.ts';

/** What is wrong, and what to do about it. */
export type Words = readonly [title: string, remedy: string];

/** What may be wrong with a body of JSON, in Chinese and English. */
export const jsonWords: Readonly<Record<JsonFaultCode, readonly [zh: Words, en: Words]>> = {
  'not-utf8': [
    ['不是 UTF-8 编码（可能是 GBK）', '请把文件另存为 UTF-8'],
    ['not UTF-8; the file may be in GBK', 'save the file as UTF-8'],
  ],
  'byte-order-mark': [
    ['开头有字节序标记(BOM)', '请另存为不带 BOM 的 UTF-8'],
    ['begins with a byte order mark', 'save it as UTF-8 without BOM'],
  ],
  'empty-body': [
    ['内容为空', '请发送一个 JSON 值'],
    ['empty', 'send one JSON value'],
  ],
  'not-json': [
    ['此处不符合 JSON 语法', '请检查引号、逗号和括号'],
    ['not JSON from here on', 'check quotes, commas and brackets'],
  ],
  'duplicate-key': [
    ['同一对象中键名重复', '请只保留一个'],
    ['the same key twice in one object', 'keep one of them'],
  ],
  'forbidden-key': [
    ['不允许的键名', '请删除'],
    ['a key that is not allowed', 'remove it'],
  ],
  'too-many-keys': [
    ['一个对象超过 2,000 个键', '请拆分'],
    ['more than 2,000 keys in one object', 'split it'],
  ],
  'too-deep': [
    ['嵌套超过 16 层', '请减少层级'],
    ['nested deeper than 16', 'flatten it'],
  ],
  'number-too-large': [
    ['数值超出 ±(2^53−1)', '请写成十进制文本（加引号）'],
    ['a number beyond ±(2^53−1)', 'write it as a decimal string, in quotes'],
  ],
  'nul-character': [
    ['含有 NUL 字符', '请删除；若为 UTF-16 文件请另存为 UTF-8'],
    ['a NUL character', 'remove it; save a UTF-16 file as UTF-8'],
  ],
  'control-character': [
    ['字符串中含有控制字符', '请删除或写成 \\n、\\t'],
    ['a control character in a string', 'remove it, or write \\n or \\t'],
  ],
  'lone-surrogate': [
    ['含有不完整的字符', '请按有效的 UTF-8 发送'],
    ['half of a character (a lone surrogate)', 'send valid UTF-8'],
  ],
};
