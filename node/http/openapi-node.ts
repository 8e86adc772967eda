import { personHeader } from './about-one.ts';
import { fileTypes } from './media-types.ts';
import { parameter, standardProblems } from './openapi-parts.ts';

type Json = Readonly<Record<string, unknown>>;

const anything: Json = { 'application/json': { schema: {} } };

function get(operationId: string, summary: string, parameters: readonly Json[] = [], more: Json = {}): Json {
  const responses = { 200: { description: summary, content: anything }, ...standardProblems };
  return { get: { operationId, tags: ['node'], summary, parameters, responses, ...more } };
}

function post(
  operationId: string,
  summary: string,
  parameters: readonly Json[],
  schema?: Json,
  more: Json = {},
): Json {
  const responses = { 200: { description: summary, content: anything }, ...standardProblems };
  const request =
    schema === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema } } } };
  return { post: { operationId, tags: ['node'], summary, parameters, ...request, responses, ...more } };
}

const open: Json = { security: [{}] };
const events: Json = {
  ...open,
  description: 'text/event-stream; `Last-Event-ID` resumes, an event `reset` means: read the list anew',
};
const release: Json = {
  type: 'object',
  required: ['how', 'reason'],
  properties: { how: { enum: ['run', 'refuse'] }, reason: { type: 'string', minLength: 3, maxLength: 500 } },
  additionalProperties: false,
};

const accept: Json = {
  type: 'object',
  required: ['reason'],
  properties: { reason: { type: 'string', minLength: 3, maxLength: 500 } },
  additionalProperties: false,
};

const shown: Json = {
  type: 'object',
  properties: {
    text: { type: 'string', maxLength: 1_000_000, description: 'Text of a QR code, or an evidence file' },
    pdf: { type: 'string', maxLength: 1_000_000, contentEncoding: 'base64', description: 'A receipt' },
  },
  additionalProperties: false,
};

const file: Json = {
  type: 'object',
  description: 'What a command names where its schema has a field of kind `file`',
  properties: {
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    size: { type: 'integer', minimum: 0 },
    type: { type: 'string' },
    name: { type: 'string', maxLength: 200 },
  },
};
const bytes: Json = { schema: {} };
const blobPaths: Json = {
  '/blobs': {
    post: {
      operationId: 'takeFile',
      tags: ['node'],
      summary: '上传附件 · keep a file; its answer is what a command then names',
      parameters: [
        {
          ...parameter('name', 'query', 'Name of the file, one line of at most 200 characters'),
          required: true,
        },
        parameter(
          personHeader,
          'header',
          'Citizen number of whom it concerns: each handing over is on that list',
        ),
        parameter('purpose', 'query', 'What it is for'),
      ],
      requestBody: {
        required: true,
        description: 'The bytes themselves, at most 256 MiB, with the content of their media type',
        content: Object.fromEntries(fileTypes.map((type) => [type, bytes])),
      },
      responses: {
        201: { description: 'Kept', content: { 'application/json': { schema: file } } },
        ...standardProblems,
      },
    },
  },
  '/blobs/{sha256}': get(
    'giveFile',
    '下载附件 · a file, for who brought it or may read the record that names it',
    [
      parameter('sha256', 'path', 'SHA-256 of the file, hex'),
      parameter('in', 'query', 'Address of the record that names it, as lists give it in `href`'),
      parameter('purpose', 'query', 'Why, where the record concerns a person'),
      parameter('Range', 'header', '`bytes=<first>-` goes on from there'),
    ],
    { description: 'Always as an attachment; `206` for a range, `416` beyond the end' },
  ),
};

/** What a node offers besides its systems. */
export const nodePaths: Json = {
  ...blobPaths,
  '/me': get('me', '我的账户 · who I am here'),
  '/me/accesses': get('myAccesses', '谁查看了我的信息 · who read my data', [
    parameter('limit', 'query', '1 to 200'),
    parameter('cursor', 'query', 'The `next` of the page before'),
  ]),
  '/me/consents': get('myConsents', '我的授权 · what I agreed to, to whom, for what, until when', [
    parameter('limit', 'query', '1 to 200'),
    parameter('cursor', 'query', 'The `next` of the page before'),
  ]),
  '/events': get(
    'events',
    '实时变化 · live changes of a record type',
    [
      { ...parameter('type', 'query', '<system>/<record>'), required: true },
      parameter('subject', 'query', 'Only this subject'),
      parameter('Last-Event-ID', 'header', 'Go on after this event'),
    ],
    events,
  ),
  '/verify': {
    post: {
      ...Object(
        post('verify', '验证凭证或证据 · what a receipt, its code or an evidence file proves', [], shown)[
          'post'
        ],
      ),
      ...open,
    },
  },
  '/ledger/balances': get('balances', '账户余额 · balances', [
    parameter('prefix', 'query', 'Accounts that begin so'),
  ]),
  '/ledger/statement': get('statement', '往来对账单 · owed and due by account, peer and month', [
    parameter('peer', 'query', 'GB/T 2260 code of the other member'),
    parameter('period', 'query', 'YYYY-MM'),
    parameter('limit', 'query', 'Entries, at most 1,000'),
    parameter('cursor', 'query', 'The `next` of the page before'),
    parameter('format', 'query', 'json, xlsx for a workbook of all entries, or pdf for a signed paper'),
    parameter('language', 'query', 'Of the workbook or the paper: zh-CN or en'),
  ]),
  '/ledger/differences': get(
    'differences',
    '账目核对 · the books of a month beside those of the other member',
    [
      { ...parameter('peer', 'query', 'GB/T 2260 code of the other member'), required: true },
      { ...parameter('period', 'query', 'YYYY-MM'), required: true },
    ],
  ),
  '/status/feed': get('statusFeed', '运行状态推送 · the state as it changes, server-sent events', [], {
    description: 'text/event-stream; each event `status` tells all of it',
  }),
  '/status/history': get('statusHistory', '收发速率 · batches by peer and minute in the last hour'),
  '/reads': get('reads', '查阅日志 · who read whose data, newest first, persons masked', [
    parameter('limit', 'query', '1 to 200'),
    parameter('cursor', 'query', 'The `next` of the page before'),
  ]),
  '/status': get('status', '运行状态 · state of node, partitions and peers'),
  '/streams': get('streams', '交换进度 · how far each stream is'),
  '/held': get('held', '挂起事项 · messages that wait for people'),
  '/held/{position}': post(
    'release',
    '放行或不予办理 · run again or refuse',
    [parameter('position', 'path', 'partition.position')],
    release,
  ),
  '/evidence/{id}': get('evidence', '存证文件 · evidence file of a message', [
    parameter('id', 'path', 'Message id, UUIDv7'),
  ]),
  '/evidence': post('verifyEvidence', '核验存证文件 · verify an evidence file offline, step by step', [], {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', description: 'The evidence file as it was saved' },
      directory: { type: 'string', description: 'Hash of the directory to trust' },
    },
    additionalProperties: false,
  }),
  '/trails/{at}': get('trail', '凭据链 · the message behind a place of the journal, and what it did', [
    parameter('at', 'path', 'partition.position, or the id of the message'),
  ]),
  '/ways/{at}': get(
    'wayAt',
    '办理经过 · the way over the members of what a place of the journal belongs to',
    [parameter('at', 'path', 'partition.position, or the id of the message')],
  ),
  '/glasses': get('glasses', '紧急查阅 · emergency readings that nobody has reviewed, or the reviewed ones', [
    parameter('state', 'query', 'open unless said otherwise', { enum: ['open', 'reviewed'] }),
    parameter('cursor', 'query', 'The `next` of the page before'),
  ]),
  '/glasses/{id}': post(
    'reviewGlass',
    '复核紧急查阅 · an auditor looked at one, and what they found',
    [parameter('id', 'path', 'Id of the reading')],
    {
      type: 'object',
      required: ['at', 'remark'],
      properties: {
        at: { type: 'string', format: 'date-time', description: 'When it was read, as the list says' },
        remark: { type: 'string', minLength: 1, maxLength: 500 },
      },
      additionalProperties: false,
    },
  ),
  '/checkpoint': post('checkpoint', '日志检查点 · sign a checkpoint of the journal', []),
  '/directory': get('directory', '区域目录 · versions of the directory, drafts of the next, who signed them'),
  '/directory/drafts': post('proposeDirectory', '提出目录草案 · propose the next version', [], {
    type: 'object',
    required: ['canonical'],
    properties: { canonical: { type: 'string', description: 'The directory as canonical JSON' } },
    additionalProperties: false,
  }),
  '/directory/signatures': post('signDirectory', '签署目录草案 · sign a draft for this member', [], {
    type: 'object',
    required: ['hash', 'key', 'signature'],
    properties: {
      hash: { type: 'string', description: 'Hash of the draft' },
      key: { type: 'string', description: 'Id of the directory key' },
      signature: { type: 'string', description: 'Hex' },
      instead: { type: 'boolean', description: 'Though another draft of that number was signed' },
    },
    additionalProperties: false,
  }),
  '/directory/versions': post('bringDirectory', '带入目录版本 · a version that was signed elsewhere', [], {
    type: 'object',
    required: ['canonical', 'signatures'],
    properties: { canonical: { type: 'string' }, signatures: { type: 'object' } },
    additionalProperties: false,
  }),
  '/clock': post('acceptClock', '认可时钟 · a clock that jumped is right', [], accept),
  '/systems/{system}/examples': get(
    'examples',
    '算例 · worked examples of the rules, with their results',
    [parameter('system', 'path', 'Name of the system')],
    open,
  ),
  '/systems/{system}/rules/{rule}': post(
    'tryRule',
    '试算 · what a rule decides on facts of one’s own',
    [parameter('system', 'path', 'Name of the system'), parameter('rule', 'path', 'Name of the rule')],
    {},
    open,
  ),
  '/systems': get('systems', '系统目录 · what is declared here', [], open),
  '/health': get('health', '存活 · lives', [], open),
  '/ready': get('ready', '就绪 · takes work, or why not', [], open),
  '/metrics': get('metrics', '指标 · figures for Prometheus', [], open),
};
