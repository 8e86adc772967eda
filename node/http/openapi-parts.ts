import type { RecordType } from '@yitong/kit';
import { isFoundByPerson, personHeader } from './about-one.ts';

type Json = Readonly<Record<string, unknown>>;

const text: Json = { type: 'string' };
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** A parameter of an operation; those in the path are required. */
export function parameter(
  name: string,
  place: 'path' | 'query' | 'header',
  description: string,
  schema: Json = text,
): Json {
  return { name, in: place, description, required: place === 'path', schema };
}

/** `Idempotency-Key`, which every command takes. */
export const idempotencyKey = parameter(
  'Idempotency-Key',
  'header',
  'UUIDv7 minted by the sender; the same key again is the same wish, with other content it is refused',
  { type: 'string', format: 'uuid' },
);
/** `Yitong-Seen`, on which a command may rely. */
export const seen = parameter(
  'Yitong-Seen',
  'header',
  'Address of a record and its `ETag`, such as `/lending/loan/1 "3.4096"`: where another version stands when the command is handled, it is refused with 412',
);
/** `Prefer` (RFC 7240). */
export const prefer = parameter(
  'Prefer',
  'header',
  '`wait=5` holds for the end, at most 30 s; `return=minimal` leaves the records out',
);

/** A JSON answer of a schema. */
export function body(schema: string, description: string): Json {
  return { description, content: { 'application/json': { schema: { $ref: schema } } } };
}

/** A problem answer, with named examples. */
export function problemAnswer(description: string, examples: Json = {}): Json {
  const named = Object.keys(examples).length === 0 ? {} : { examples };
  return { description, content: { 'application/problem+json': { schema: ref('Problem'), ...named } } };
}

/** Problems that any operation may answer. */
export const standardProblems: Json = {
  400: problemAnswer(
    'The request, its JSON, query or purpose is not right; `errors` name each place and remedy',
  ),
  401: problemAnswer('No token, or one that is not accepted'),
  403: problemAnswer('Not with these roles, or not for this purpose'),
  404: problemAnswer('Not there, or not for you'),
  413: problemAnswer('Too large: 1 MiB of JSON, 16 MiB or 1,000 lines'),
  415: problemAnswer('Another media type or encoding'),
  422: problemAnswer('The input does not fit its schema; `errors` name each field, reason and remedy'),
  429: problemAnswer('Too many; see Retry-After'),
  503: problemAnswer('Busy or not ready; the same id again after Retry-After'),
};

/** A problem (RFC 9457). */
export const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Stable code of the problem' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    remedy: { type: 'string', description: 'What you can do' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901)' },
          code: text,
          detail: text,
          remedy: text,
        },
      },
    },
    facts: { type: 'object', additionalProperties: true },
    traceId: text,
  },
};

/** A record as it leaves the node. */
export const recordSchema: Json = {
  type: 'object',
  required: ['type', 'subject', 'id', 'owner', 'version', 'at', 'value'],
  properties: {
    type: text,
    subject: text,
    id: { type: 'string', description: 'Key among the subject’s several records, else empty' },
    owner: { type: 'string', description: 'Member that owns it, empty for this one' },
    version: { type: 'integer' },
    at: { type: 'string', description: 'Position `partition.position`' },
    value: {},
  },
};

/** What became of a command. */
export const answerSchema: Json = {
  type: 'object',
  required: ['state'],
  properties: {
    line: { type: 'integer', description: 'Of many: the line, from 1' },
    state: { enum: ['done', 'open', 'held', 'refused', 'invalid', 'busy'] },
    id: { type: 'string', format: 'uuid' },
    subject: text,
    at: text,
    conversation: text,
    made: {
      type: 'array',
      items: { type: 'object', properties: { type: text, subject: text, id: text, href: text } },
    },
    records: { type: 'array', items: ref('Record') },
    problem: ref('Problem'),
    retryAfterMs: { type: 'integer' },
  },
};

/** A page of a list. */
export const envelopeSchema: Json = {
  type: 'object',
  required: ['data', 'asOf', 'sources', 'next'],
  properties: {
    data: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          href: text,
          subject: text,
          id: text,
          owner: text,
          version: { type: 'integer' },
          at: text,
          value: { type: 'object' },
        },
      },
    },
    asOf: { type: 'string', format: 'date-time' },
    sources: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          member: text,
          state: { enum: ['fresh', 'unreachable'] },
          asOf: { type: ['string', 'null'] },
        },
      },
    },
    next: { type: ['string', 'null'] },
    count: { type: 'integer' },
  },
};

/** What a record's list is narrowed by: the fields of `find`, words, and the subject, unless that is a person. */
export function narrowing(record: RecordType): readonly Json[] {
  const { find, search, about } = record;
  const words = `Words that one of these contains: ${search.join(', ')}`;
  return [
    ...find
      .filter((name) => name !== record.person)
      .flatMap((name) => [
        parameter(name, 'query', 'Equal'),
        ...['gte', 'lte', 'gt', 'lt', 'prefix'].map((is) => parameter(`${name}.${is}`, 'query', is)),
      ]),
    ...(search.length === 0 ? [] : [parameter('q', 'query', words)]),
    ...(about.person ? [] : [parameter('subject', 'query', 'Key of the subject that the rows are about')]),
    ...(isFoundByPerson(record) ? [onePerson] : []),
  ];
}

const onePerson = parameter(
  personHeader,
  'header',
  'Citizen number of the one person whom all rows concern; it stands in no address',
);
