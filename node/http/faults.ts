import {
  isFieldReason,
  type Locale,
  type Problem,
  type ProblemError,
  problem,
  reasonText,
} from '@yitong/kit';
import { jsonWords, type Words } from './json-words.ts';
import type { JsonFault } from './strict-json.ts';

/** What the door itself refuses, with status and words. Refusals of a system have their texts in its declaration. */
const faults = {
  'sign-in-needed': [
    401,
    ['需要登录', '请先登录，用令牌(Bearer)再试'],
    ['Sign-in is needed', 'sign in and send the token as Bearer'],
  ],
  'session-ended': [
    401,
    ['登录已结束', '请重新登录，填写的内容仍在本窗口中'],
    ['You are signed out', 'sign in again; what you typed is kept in this window'],
  ],
  'token-refused': [
    401,
    ['令牌无效', '请重新登录'],
    ['The token is not accepted', 'sign in again at the issuer of this node'],
  ],
  'step-up-needed': [
    401,
    ['需要加强认证', '请在登录处再次验证身份后重试：网页会自动引导，程序请按 WWW-Authenticate 取得新令牌'],
    [
      'A fresh and strong sign-in is needed',
      'prove who you are at the issuer again, then send the same once more; programs get a token as WWW-Authenticate says',
    ],
  ],
  'program-not-trusted': [
    403,
    [
      '该程序无权自行办理此事项',
      '请运行人员将其客户端编号列入节点配置 issuer.stepUp.programs，或由人员登录办理',
    ],
    [
      'This program may not do that by itself',
      'have the operator name its client under issuer.stepUp.programs, or let a person do it',
    ],
  ],
  'not-a-person': [
    403,
    ['未以本人身份登录', '请以本人身份登录后查看'],
    ['You are not signed in as a person', 'sign in as yourself to see what is about you'],
  ],
  'not-allowed': [
    403,
    ['无权办理', '请由具备相应角色的人员办理'],
    ['Your roles do not allow this', 'ask someone who has one of the roles named'],
  ],
  'cross-site': [
    403,
    ['请求来自其他网站', '请在本站页面上操作'],
    ['The request came from another site', 'do it on a page of this node itself'],
  ],
  'unknown-page': [
    404,
    ['没有这个地址', '请查看 /openapi.json'],
    ['There is nothing at this address', 'see /openapi.json for what there is'],
  ],
  'not-found': [
    404,
    ['没有这份记录，或无权查看', '请核对编号和本人权限'],
    ['There is no such thing, or it is not for you', 'check the identifier and your roles'],
  ],
  'method-not-allowed': [
    405,
    ['此地址不支持该方法', '请查看 /openapi.json'],
    ['This address does not take that method', 'see /openapi.json'],
  ],
  'slow-request': [
    408,
    ['请求发送过慢', '请检查网络后重试'],
    ['The request came too slowly', 'check the connection and send it again'],
  ],
  'body-too-large': [413, ['内容过大', '请分批发送'], ['The body is too large', 'send it in several parts']],
  'media-type': [
    415,
    ['不支持的内容类型', '请用 application/json,批量请用 application/x-ndjson'],
    ['The media type is not taken', 'send application/json, or application/x-ndjson for many at once'],
  ],
  'blob-type': [
    415,
    ['不接受这种文件', '请上传 PDF、PNG、JPEG、TIFF、CSV、文本、ZIP 或 OFD 文件，内容须与类型相符'],
    [
      'Files of this kind are not taken',
      'send PDF, PNG, JPEG, TIFF, CSV, plain text, ZIP or OFD, with a content of its type',
    ],
  ],
  'blob-name': [
    422,
    [
      '文件名或所涉个人填写不正确',
      '请用 ?name= 给出文件名，在请求头 Yitong-Person 给出有效的公民身份号码，不放在地址里',
    ],
    [
      'The name of the file or the person it concerns is not valid',
      'give ?name= as one line, and a valid citizen number in the header Yitong-Person, not in the address',
    ],
  ],
  'range-not-satisfiable': [
    416,
    ['请求的范围超出文件', '请从文件长度以内的字节开始'],
    ['The range lies beyond the file', 'begin at a byte that the file has'],
  ],
  charset: [
    415,
    ['不支持的字符编码', '请用 UTF-8 编码发送'],
    ['The character encoding is not taken', 'send UTF-8'],
  ],
  'encoded-body': [
    415,
    ['不接受压缩内容', '请去掉 Content-Encoding'],
    ['Encoded bodies are not taken', 'send the body without Content-Encoding'],
  ],
  'issuer-away': [
    503,
    ['无法核验登录', '请稍候再试'],
    ['Sign-in cannot be checked now: the issuer does not answer', 'try again shortly'],
  ],
  'wrong-host': [
    421,
    ['主机名不符', '请使用本节点公布的地址'],
    ['This node does not serve that host name', 'use the address that this node publishes'],
  ],
  'too-many': [
    429,
    ['请求过于频繁', '请稍候再试'],
    ['Too many requests', 'wait as long as Retry-After says'],
  ],
  'too-many-emergencies': [
    429,
    ['一小时内的紧急查阅过多', '请由另一位有权人员查阅，或稍后再试；运行人员和审计人员已获知'],
    [
      'Too many records were read in emergencies within the hour',
      'let somebody else who may do it, or wait; operators and auditors are told',
    ],
  ],
  'headers-too-large': [
    431,
    ['请求头过大', '请减少请求头'],
    ['The headers are too large', 'send fewer or shorter headers'],
  ],
  internal: [
    500,
    ['系统内部错误', '请凭追踪号联系运行人员'],
    ['Something went wrong here', 'tell the operator the trace id'],
  ],
  busy: [503, ['系统繁忙', '请稍候用同一编号重试'], ['The node is busy', 'try the same id again later']],
  'not-ready': [503, ['节点未就绪', '请稍候再试'], ['The node is not ready', 'see the reasons']],
  'bad-request': [
    400,
    ['请求有误', '请按 /openapi.json 修改'],
    ['The request cannot be understood', 'see /openapi.json'],
  ],
  'invalid-json': [
    400,
    ['内容不是可接受的 JSON', '请按所指位置修改'],
    ['The body is not JSON that can be taken', 'correct the place that is named'],
  ],
  'invalid-query': [
    400,
    ['查询条件有误', '请按所指条件修改'],
    ['The query is not valid', 'correct the parameter that is named'],
  ],
  'idempotency-key': [
    400,
    ['Idempotency-Key 不是第 7 版 UUID', '请由发送方生成 UUIDv7,重试时保持不变'],
    ['The Idempotency-Key is not a UUID of version 7', 'mint a UUIDv7 and keep it for every retry'],
  ],
  seen: [
    400,
    ['Yitong-Seen 的写法不对', '请写成记录地址加引号内的版本，如 /lending/loan/1 "3.4096"，版本即其 ETag'],
    [
      'Yitong-Seen is not written as it must be',
      'write the address of a record and its ETag, such as /lending/loan/1 "3.4096"',
    ],
  ],
  'purpose-needed': [
    400,
    ['查阅个人信息须说明用途', '请填写请求头 Yitong-Purpose'],
    ['Reading a person’s data needs a purpose', 'state one in the header Yitong-Purpose'],
  ],
  'purpose-not-allowed': [
    403,
    ['用途不在允许范围内', '请选择本系统声明的用途'],
    ['The purpose is not one that this system declares', 'choose one of those named'],
  ],
  'emergency-too-short': [
    422,
    ['紧急情况说明过短', '请用至少十个字说明是什么紧急情况，本人会看到'],
    ['The emergency is not told', 'say in at least ten characters what it is; the person will read it'],
  ],
  'bulk-line': [
    400,
    ['该行格式不对', '每行应为 {"id":"UUIDv7","input":{…}}'],
    ['The line is not of the required form', 'write each line as {"id":"<UUIDv7>","input":{…}}'],
  ],
  'too-many-lines': [
    413,
    ['行数过多', '每次最多 1,000 行'],
    ['Too many lines', 'send at most 1,000 lines at a time'],
  ],
} as const satisfies Record<string, readonly [number, Words, Words]>;

/** A code of the door's own problems. */
export type FaultCode = keyof typeof faults;

/** Details of one occurrence. */
export interface FaultParts {
  readonly detail?: string;
  readonly remedy?: string;
  readonly errors?: readonly ProblemError[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A problem of the door in the asker's language. */
export function fault(code: FaultCode, locale: Locale, parts: FaultParts = {}): Problem {
  const [status, zh, en] = faults[code];
  const [title, remedy] = locale === 'en' ? en : zh;
  const errors = parts.errors?.map((error) =>
    error.detail === undefined && isFieldReason(error.code)
      ? { ...error, ...reasonText(error.code, locale) }
      : error,
  );
  return problem({ code, title, status, remedy, ...parts, ...(errors === undefined ? {} : { errors }) });
}

/** What is wrong with a body, told by pointer, line and column; its content is never repeated. */
export function jsonProblem(found: JsonFault, locale: Locale): Problem {
  const error = jsonError(found, locale);
  const { remedy } = error;
  return fault('invalid-json', locale, { detail: error.detail, remedy, errors: [error] });
}

/** The same as one entry of `errors`. */
export function jsonError(found: JsonFault, locale: Locale): Required<ProblemError> {
  const [zh, en] = jsonWords[found.code];
  const [detail, remedy] = locale === 'en' ? en : zh;
  const where =
    locale === 'en'
      ? ` (line ${found.line}, column ${found.column})`
      : `(第 ${found.line} 行第 ${found.column} 列)`;
  return { pointer: found.pointer, code: found.code, detail: detail + where, remedy };
}

/** A problem on its way to the error handler, with headers of its own. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly make: (locale: Locale) => Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(make: (locale: Locale) => Problem, headers: Readonly<Record<string, string>> = {}) {
    super('refused');
    this.make = make;
    this.headers = headers;
  }
}

/** Refuses with one of the door's own problems. */
export function refusedWith(
  code: FaultCode,
  parts?: FaultParts,
  headers?: Readonly<Record<string, string>>,
): Refused {
  return new Refused((locale) => fault(code, locale, parts), headers);
}
