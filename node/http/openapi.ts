import { access } from '@yitong/kernel';
import type { CommandType, RecordType, SystemType } from '@yitong/kit';
import { z } from '@yitong/kit';
import { Emergency } from './break-glass.ts';
import { commandsAt } from './commands.ts';
import type { Door } from './context.ts';
import { historySchema } from './openapi-history.ts';
import { nodePaths } from './openapi-node.ts';
import {
  answerSchema,
  body,
  envelopeSchema,
  idempotencyKey,
  narrowing,
  parameter,
  prefer,
  problemAnswer,
  problemSchema,
  recordSchema,
  seen,
  standardProblems,
} from './openapi-parts.ts';
import { questionOperation } from './openapi-question.ts';

type Json = Readonly<Record<string, unknown>>;

/** The description of this node's API (OpenAPI 3.1), made from the declarations: inputs as schemas, refusals as 409s in their order. */
export function openapi({ systems, config }: Pick<Door, 'systems' | 'config'>): Json {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {
    Problem: problemSchema,
    Answer: answerSchema,
    Record: recordSchema,
    Envelope: envelopeSchema,
    History: historySchema,
  };
  describeCommands({ systems, config }, paths, schemas);
  for (const system of systems) {
    for (const question of system.questions.values()) {
      schemas[schemaName(question.type)] = jsonSchema(question.input);
      paths[`/${question.type}`] = { post: questionOperation(system, question) };
    }
    for (const record of system.records.values()) {
      schemas[schemaName(record.type)] = jsonSchema(record.schema);
      paths[`/${record.type}`] = { get: listOperation(system, record) };
      const one = `/${record.type}/{subject}${record.each === undefined ? '' : '/{key}'}`;
      paths[`/history${one}`] = { get: historyOperation(system, record) };
      paths[`/receipt${one}`] = { get: receiptOperation(system, record) };
      const broken = record.breakGlass && { post: breakGlassOperation(system, record) };
      paths[one] = { get: readOperation(system, record), ...broken };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: `Yitong 一通 · ${config.name.zh} · ${config.name.en}`,
      version: '1',
      summary: '一个区域，多个政府，没有公共数据库 · One region, many governments, no common database',
      description:
        '金额是以分为单位的十进制文本；时间为 UTC，法定日期按北京时间；错误按 RFC 9457 说明，并写明怎么办。\n\n' +
        'Money is decimal text of fen. Times are UTC, legal days are Asia/Shanghai. Problems are RFC 9457 with a remedy.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      ...systems.map((system) => tagOf(system)),
      { name: access.name, description: '本人同意 · what a person agrees to' },
      { name: 'node', description: '节点 · this node itself' },
    ],
    paths: { ...paths, ...nodePaths },
    components: { schemas, securitySchemes: securityOf(config.issuer) },
    security: [{ token: [] }],
  };
}

function describeCommands(
  { systems, config }: Pick<Door, 'systems' | 'config'>,
  paths: Record<string, unknown>,
  schemas: Record<string, unknown>,
): void {
  const examples = new Map(systems.flatMap((system) => [...examplesOf(system, config.member)]));
  for (const command of commandsAt({ systems })) {
    const system = systems.find(({ name }) => name === command.system) ?? access;
    schemas[schemaName(command.type)] = jsonSchema(command.input);
    const type = `/conversations/${command.type}/{subject}/{id}`;
    paths[`/${command.type}`] = { post: commandOperation(system, command, examples.get(command.type)) };
    paths[type] = { get: conversationOperation(system, command) };
  }
}

function securityOf(issuer: string): Json {
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return {
    token: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'at+jwt',
      description: `Access token of ${issuer}`,
    },
    signIn: { type: 'openIdConnect', openIdConnectUrl: discovery },
  };
}

function tagOf({ name, texts }: SystemType): Json {
  return { name, description: `${texts['zh-CN'][name] ?? name} · ${texts.en[name] ?? name}` };
}

function commandOperation(system: SystemType, command: CommandType, example: unknown): Json {
  const schema = { $ref: `#/components/schemas/${schemaName(command.type)}` };
  const lines = {
    schema: { type: 'string', description: 'Lines {"id": "<UUIDv7>", "input": {…}}, at most 1,000' },
  };
  const json = { schema, ...(example === undefined ? {} : { example }) };
  return {
    operationId: schemaName(command.type),
    tags: [system.name],
    summary: bilingual(system, command.name),
    description: `Roles: ${command.by.join(', ') || 'nobody'}. About: \`${command.about.kind}\`.${command.stepUp ? stepUpText : ''}`,
    parameters: [idempotencyKey, seen, prefer],
    requestBody: { required: true, content: { 'application/json': json, 'application/x-ndjson': lines } },
    responses: {
      200: body(
        '#/components/schemas/Answer',
        'The conversation ended in time (`Prefer: wait`); or, for lines, one answer a line',
      ),
      202: body('#/components/schemas/Answer', 'Taken and durable; `Location` says where to look'),
      409: problemAnswer(refusalsText(system, command), refusalExamples(system, command)),
      412: problemAnswer('`records/changed`: the record of `Yitong-Seen` was changed since'),
      ...standardProblems,
    },
  };
}

const stepUpText =
  ' Needs a fresh and strong sign-in: else 401 with what to ask the issuer for (RFC 9470). 需要加强认证。';

function refusalsText(system: SystemType, { refusals }: CommandType): string {
  const lines = refusals.map(
    (code, i) => `${i + 1}. \`${system.name}/${code}\` — ${bilingual(system, `!${code}`)}`,
  );
  return lines.length === 0
    ? 'Refused by a message that came of it.'
    : `Refused; the first that applies:\n\n${lines.join('\n')}`;
}

function refusalExamples(system: SystemType, { refusals }: CommandType): Json {
  return Object.fromEntries(
    refusals.map((code) => [
      code,
      {
        value: {
          type: `https://yitong.example/problems/${system.name}/${code}`,
          title: system.texts.en[`!${code}`] ?? code,
          status: 409,
        },
      },
    ]),
  );
}

function conversationOperation(system: SystemType, command: CommandType): Json {
  return {
    operationId: `${schemaName(command.type)}Conversation`,
    tags: [system.name],
    summary: `办理过程 · what became of: ${bilingual(system, command.name)}`,
    parameters: [
      parameter('subject', 'path', 'Subject, plain or as in `Location`'),
      parameter('id', 'path', 'UUIDv7'),
      prefer,
    ],
    responses: { 200: body('#/components/schemas/Answer', 'State and what it made'), ...standardProblems },
  };
}

function listOperation(system: SystemType, record: RecordType): Json {
  const paging = [
    parameter('sort', 'query', `One of ${record.find.join(', ') || 'none'}; with - before it descending`),
    parameter('limit', 'query', '1 to 200; usually 50, of counts 1,000', {
      type: 'integer',
      minimum: 1,
      maximum: 200,
    }),
    parameter('cursor', 'query', 'The `next` of the page before'),
    parameter('owner', 'query', 'Own records, copies of others’, or all', { enum: ['own', 'others', 'all'] }),
    parameter('purpose', 'query', purposesText(system), { type: 'string' }),
    ...(record.groups.length === 0 ? [] : [parameter('by', 'query', countsText(record))]),
    parameter('format', 'query', 'Instead of Accept: all rows as a file', {
      enum: ['json', 'csv', ...(record.map === undefined ? [] : ['geojson'])],
    }),
  ];
  return {
    operationId: `${schemaName(record.type)}List`,
    tags: [system.name],
    summary: `${bilingual(system, record.name)} (list)`,
    description: `Readers: ${record.readers.join(', ')}. Shows ${record.list.join(', ') || 'keys only'}; citizens’ numbers are masked.`,
    parameters: [...narrowing(record), ...paging],
    responses: { 200: body('#/components/schemas/Envelope', 'A page'), ...standardProblems },
    ...(record.readers.includes('public') ? { security: [{}] } : {}),
  };
}

function historyOperation(system: SystemType, record: RecordType): Json {
  const read = readOperation(system, record);
  const schema = { $ref: '#/components/schemas/History' };
  return {
    ...read,
    operationId: `${schemaName(record.type)}History`,
    summary: `变更历史与办理经过 · what it was before, and its way over the members: ${bilingual(system, record.name)}`,
    responses: {
      200: { description: 'Versions, the newest first', content: { 'application/json': { schema } } },
      ...standardProblems,
    },
  };
}

function breakGlassOperation(system: SystemType, record: RecordType): Json {
  return {
    ...readOperation(system, record),
    operationId: `${schemaName(record.type)}Emergency`,
    summary: `紧急查阅 · read in an emergency: ${bilingual(system, record.name)}`,
    description: `Roles: ${(record.breakGlass ?? []).join(', ')}. The person sees who it was and the emergency.${stepUpText}`,
    parameters: placeParameters(record),
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(Emergency) } } },
  };
}

function receiptOperation(system: SystemType, record: RecordType): Json {
  const pdf = { description: 'A paper whose code `/verify` takes', content: { 'application/pdf': {} } };
  return {
    ...readOperation(system, record),
    operationId: `${schemaName(record.type)}Receipt`,
    summary: `凭证 · a receipt that anybody verifies: ${bilingual(system, record.name)}`,
    responses: { 200: pdf, ...standardProblems },
  };
}

function countsText({ groups }: RecordType): string {
  return `Count instead of listing: rows and subjects by up to three of ${groups.join(', ')}`;
}

function readOperation(system: SystemType, record: RecordType): Json {
  const value = { properties: { value: { $ref: `#/components/schemas/${schemaName(record.type)}` } } };
  return {
    operationId: `${schemaName(record.type)}Read`,
    tags: [system.name],
    summary: bilingual(system, record.name),
    description: `Readers: ${record.readers.join(', ')}. ${purposesText(system)}`,
    parameters: [
      ...placeParameters(record),
      { ...parameter('Yitong-Purpose', 'header', purposesText(system)), required: false },
    ],
    responses: {
      200: {
        description: 'The record',
        content: {
          'application/json': { schema: { allOf: [{ $ref: '#/components/schemas/Record' }, value] } },
        },
      },
      ...standardProblems,
    },
    ...(record.readers.includes('public') ? { security: [{}] } : {}),
  };
}

function placeParameters({ about, each }: RecordType): Json[] {
  const subject = `Subject of kind \`${about.kind}\`, plain or as in a list’s \`href\``;
  const key = each === undefined ? [] : [parameter('key', 'path', `Value of \`${each}\``)];
  return [parameter('subject', 'path', subject), ...key];
}

function purposesText({ purposes }: SystemType): string {
  return `Purpose for the access log of the person concerned${purposes.length === 0 ? '' : `: ${purposes.join(', ')}`}.`;
}

function bilingual({ texts }: SystemType, name: string): string {
  return `${texts['zh-CN'][name] ?? name} · ${texts.en[name] ?? name}`;
}

/** `medical-settlement/present-bill` → `MedicalSettlementPresentBill` */
function schemaName(type: string): string {
  return type.replace(/(^|[-/])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** For each command the first input that the demonstration gives. */
function examplesOf({ demonstration }: SystemType, member: string): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  let looked = 0;
  for (const { command, input } of demonstration?.commands({ member, scale: 20, seed: 1 }) ?? []) {
    if (!found.has(command.type)) found.set(command.type, input);
    if (++looked === 300) break;
  }
  return found;
}
