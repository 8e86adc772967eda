import { hash } from 'node:crypto';
import type { JsonObject } from './canonical.ts';
import { instantMs } from './instant.ts';
import { isUuid, uuidTimeMs } from './uuid.ts';

/**
 * A message between members: a CloudEvents 1.0 envelope in JSON with `data` inside (exchange protocol B2). 消息
 * `replyto` and `conversation` are extension attributes of ours beside those of B2.
 */
export type Message = {
  readonly specversion: '1.0';
  /** UUIDv7; with `source` the idempotency key. */
  readonly id: string;
  /** `yitong:` and the sending member's code. */
  readonly source: string;
  /** Code of the receiving member. */
  readonly to: string;
  /** `system/name` */
  readonly type: string;
  /** `kind:key`; decides partition, stream and order. */
  readonly subject: string;
  /** When it happened at the sender; never used for order. */
  readonly time: string;
  /** Purpose code of the directory. 用途 */
  readonly purpose: string;
  /** `yitong:<type>/<major>` */
  readonly dataschema: string;
  readonly datacontenttype: 'application/json';
  readonly data: JsonObject;
  /** Id of the message that led to this one. */
  readonly causationid?: string;
  /** Id of the consent message. 授权同意 */
  readonly consentref?: string;
  /** Code of the legal basis. 法律依据 */
  readonly basis?: string;
  /** Subject at the sender to which the answer goes. */
  readonly replyto?: string;
  /** Id of the command whose conversation this message belongs to. 办理过程 */
  readonly conversation?: string;
};

/** Why an envelope is refused, in order of precedence; each attribute's own rule is `bad-<attribute>`. */
export type EnvelopeCode =
  | 'not-an-object'
  | 'unknown-attribute'
  | 'missing-attribute'
  | `bad-${keyof Message}`
  | 'id-time'
  | 'wrong-source'
  | 'wrong-to';

/** The first rule that an envelope breaks; `at` is the JSON pointer to the attribute. */
export interface EnvelopeProblem {
  readonly code: EnvelopeCode;
  readonly at: string;
}

/** What an envelope is held against: the member it must come from, the one it must go to, the checker's time. */
export interface EnvelopeContext {
  readonly source?: string;
  readonly to?: string;
  readonly nowMs: number;
}

/** An id may be this much older than the checker's clock. */
export const idAgeMaxMs = 400 * 86_400_000;

/** An id may be this much ahead of the checker's clock. */
export const idAheadMaxMs = 3_600_000;

const typePattern = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
const subjectPattern = /^[a-z][a-z0-9-]{0,39}:[\x21-\x7e]+$/;
const memberPattern = /^\d{6}$/;
const codePattern = /^[a-z0-9][a-z0-9./-]{0,79}$/;
const majorPattern = /^[1-9]\d{0,5}$/;

/** Whether a text is a member's code: six digits of GB/T 2260. */
export function isMemberCode(text: string): boolean {
  return memberPattern.test(text);
}

/** Whether a text is a message type, `system/name`, at most 80 characters. */
export function isMessageType(text: string): boolean {
  return text.length <= 80 && typePattern.test(text);
}

/** Whether a text is a subject, `kind:key` in printable ASCII without spaces, at most 120 characters. */
export function isSubject(text: string): boolean {
  return text.length <= 120 && subjectPattern.test(text);
}

/** Whether a text is a code of a purpose, a legal basis or a refusal. */
export function isCode(text: string): boolean {
  return codePattern.test(text);
}

type Rules = {
  readonly [A in keyof Message]-?: (value: string, all: Readonly<Record<string, unknown>>) => boolean;
};

const rules: Omit<Rules, 'data'> = {
  specversion: (value) => value === '1.0',
  id: isUuid,
  source: (value) => value.startsWith('yitong:') && isMemberCode(value.slice(7)),
  to: isMemberCode,
  type: isMessageType,
  subject: isSubject,
  time: (value) => instantMs(value) !== undefined,
  purpose: isCode,
  dataschema: (value, all) => {
    const stem = `yitong:${all['type']}/`;
    return value.startsWith(stem) && majorPattern.test(value.slice(stem.length));
  },
  datacontenttype: (value) => value === 'application/json',
  causationid: isUuid,
  consentref: isUuid,
  basis: isCode,
  replyto: isSubject,
  conversation: isUuid,
};
const needed = [
  'specversion',
  'id',
  'source',
  'to',
  'type',
  'subject',
  'time',
  'purpose',
  'dataschema',
  'datacontenttype',
] as const;
const optional = ['causationid', 'consentref', 'basis', 'replyto', 'conversation'] as const;
const texts = [...needed, ...optional];
const required = [...needed, 'data'];
const known = new Set<string>([...texts, 'data']);

/** The first rule of B2 that a parsed message breaks, or undefined when it is a `Message` fit for the context. */
export function checkEnvelope(message: unknown, context: EnvelopeContext): EnvelopeProblem | undefined {
  if (!isObject(message)) return { code: 'not-an-object', at: '' };
  return attributeProblem(message) ?? contextProblem(message, context);
}

/** A parsed value as a `Message`, or the first rule it breaks. */
export function readMessage(
  value: unknown,
  context: EnvelopeContext,
): { readonly ok: true; readonly message: Message } | ({ readonly ok: false } & EnvelopeProblem) {
  const problem = checkEnvelope(value, context);
  if (problem !== undefined) return { ok: false, ...problem };
  // The cast is what the rules have made sure of, attribute by attribute.
  return { ok: true, message: value as Message };
}

/** Whether a value keeps all rules of B2 that need no context. */
export function isMessage(value: unknown): value is Message {
  return isObject(value) && attributeProblem(value) === undefined;
}

/** Major version that a `dataschema` names. */
export function schemaMajor(dataschema: string): number {
  return Number(dataschema.slice(dataschema.lastIndexOf('/') + 1));
}

/** First two bytes of SHA-256(subject), big-endian: what partition and stream are taken from, in either suite. */
export function partitionHash(subject: string): number {
  const known = hashes.get(subject);
  if (known !== undefined) return known;
  const found = Number.parseInt(hash('sha256', subject, 'hex').slice(0, 4), 16);
  if (hashes.size >= 8_192) hashes.clear();
  hashes.set(subject, found);
  return found;
}

/** Of subjects met lately: each is asked for several times on a message's way. */
const hashes = new Map<string, number>();

/** Lanes of an exchange: alerts go in `urgent`, never behind bulk. */
export type Lane = 'main' | 'urgent';

/** `<lane>.<partitionHash mod streams>`; `streams` is the directory's number. */
export function streamOf(lane: Lane, subject: string, streams: number): string {
  return `${lane}.${partitionHash(subject) % streams}`;
}

function attributeProblem(message: Readonly<Record<string, unknown>>): EnvelopeProblem | undefined {
  for (const name of Object.keys(message))
    if (!known.has(name)) return { code: 'unknown-attribute', at: pointer(name) };
  for (const name of required) if (!(name in message)) return { code: 'missing-attribute', at: `/${name}` };
  for (const name of texts) {
    const value = message[name];
    if (value === undefined && !(name in message)) continue;
    if (typeof value !== 'string' || !rules[name](value, message))
      return { code: `bad-${name}`, at: `/${name}` };
  }
  return isObject(message['data']) ? undefined : { code: 'bad-data', at: '/data' };
}

function contextProblem(
  message: Readonly<Record<string, unknown>>,
  context: EnvelopeContext,
): EnvelopeProblem | undefined {
  const id = message['id'];
  const idTime = typeof id === 'string' ? uuidTimeMs(id) : undefined;
  if (idTime === undefined || idTime < context.nowMs - idAgeMaxMs || idTime > context.nowMs + idAheadMaxMs)
    return { code: 'id-time', at: '/id' };
  if (context.source !== undefined && message['source'] !== `yitong:${context.source}`)
    return { code: 'wrong-source', at: '/source' };
  if (context.to !== undefined && message['to'] !== context.to) return { code: 'wrong-to', at: '/to' };
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
