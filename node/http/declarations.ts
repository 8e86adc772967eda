import { access } from '@yitong/kernel';
import type {
  AccountType,
  CommandType,
  Dated,
  History,
  QuestionType,
  RecordType,
  SystemType,
} from '@yitong/kit';
import { z } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { ConstantAnswers } from './constant-answers.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { ruleShapes } from './rules.ts';
import { personField } from './self.ts';

type Json = Readonly<Record<string, unknown>>;

const open = { who: 'public' } as const;
/** Longest JSON of a parameter's value that a sheet of all parameters shows whole. */
const shownMax = 2_000;

/** What a system declares, as programs and the portal's generated pages read it; and its parameters, which are the law and so are public. */
export function addDeclarations(door: Door): void {
  const get = (url: string, handle: (request: FastifyRequest) => unknown) =>
    addRoute(door, {
      method: 'GET',
      url,
      permission: open,
      handle: (request, reply) => reply.header('cache-control', 'private, no-cache').send(handle(request)),
    });
  const constant = new ConstantAnswers();
  const once = (url: string, make: (system: SystemType, request: FastifyRequest) => Json) =>
    addRoute(door, {
      method: 'GET',
      url,
      permission: open,
      handle(request, reply) {
        const system = systemAsked(door, request);
        return constant.send(request, reply, `${url} ${system.name}`, () => make(system, request));
      },
    });
  once('/systems/:system', declarationOf);
  once('/systems/:system/parameters', (system) => parametersOf(door, system));
  get('/systems/:system/parameters/:name', (request) => parameterOf(systemAsked(door, request), request));
  get('/systems/:system/codes/:name', (request) => codesOf(systemAsked(door, request), request));
}

/** Errors: 404 for a system that this node does not run. */
function systemAsked({ systems }: Door, request: FastifyRequest): SystemType {
  const { system = '' } = request.params as { system?: string };
  const found = [...systems, access].find(({ name }) => name === system);
  if (found === undefined) throw refusedWith('not-found');
  return found;
}

function declarationOf(system: SystemType, { locale }: FastifyRequest): Json {
  const { name, texts, roles, purposes, rules } = system;
  return {
    name,
    locale,
    texts: texts[locale],
    roles,
    purposes,
    commands: [...system.commands.values()].map(commandOf),
    records: [...system.records.values()].map(recordOf),
    questions: [...system.questions.values()].map(questionOf),
    accounts: [...system.accounts.values()].map(accountOf),
    rules: [...rules].map(([name, rule]) => ({ name, about: rule.about, ...Object(ruleShapes(rule)) })),
    parameters: Object.keys(system.parameters),
    codeLists: [...system.codeLists.keys()],
  };
}

function commandOf(command: CommandType): Json {
  const { name, type, by, about, key = null, refusals, input, stepUp = false, closed = null } = command;
  return {
    name,
    type,
    by,
    about: about.kind,
    key,
    person: personField(command),
    refusals,
    stepUp,
    closed,
    input: schemaOf(input, 'input'),
  };
}

function questionOf(question: QuestionType): Json {
  const { name, type, purposes, consent, asked, about, refusals, input, answer } = question;
  const shapes = { input: schemaOf(input, 'input'), answer: schemaOf(answer, 'input') };
  return {
    name,
    type,
    purposes,
    consent,
    asked,
    about: about.kind,
    isPerson: about.person,
    refusals,
    ...shapes,
  };
}

function recordOf(record: RecordType): Json {
  const {
    name,
    type,
    about,
    each = null,
    person = null,
    readers,
    breakGlass = [],
    list,
    find,
    search,
    groups,
    copies = null,
  } = record;
  const { keep, schema, map } = record;
  return {
    name,
    type,
    about: about.kind,
    isPerson: about.person,
    each,
    person,
    readers,
    breakGlass,
    list,
    find,
    search,
    groups,
    copies,
    keep,
    isOnMap: map !== undefined,
    schema: schemaOf(schema, 'input'),
  };
}

function accountOf({ accountName, head }: AccountType): Json {
  return { name: accountName, side: head.side, per: head.per ?? null, mirror: head.mirror ?? null };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function parametersOf({ config }: Door, { parameters, overlays }: SystemType): Json {
  const data = Object.entries(parameters).map(([name, history]) => ({
    name,
    history: history.map(shown),
    members: Object.fromEntries(
      Object.entries(overlays).flatMap(([member, own]) => {
        const theirs = own[name];
        return theirs === undefined ? [] : [[member, theirs.map(shown)]];
      }),
    ),
  }));
  return { member: config.member, data };
}

/** An entry of a history; a value that is too long for a sheet is left out, and its length told. */
function shown({ from, value, source, mark }: Dated<unknown>): Json {
  const length = textOf(value).length;
  const whole = length <= shownMax ? { value: plain(value), money: moneyIn(value) } : {};
  return { from, source, mark: mark ?? null, length, ...whole };
}

/**
 * One value: of the member and day asked for, or the part of it that `at` (JSON Pointer) names; of a list `code=a,b` keeps the entries with
 * those codes, `q=…` the first whose code begins or whose name goes on with it. Errors: 404 for a parameter, day or part that is not there.
 */
function parameterOf(system: SystemType, request: FastifyRequest): Json {
  const { name = '' } = request.params as { name?: string };
  const query = request.query as Readonly<Record<string, unknown>>;
  const { member, on, at = '' } = query;
  const own = typeof member === 'string' ? system.overlays[member]?.[name] : undefined;
  const history = own ?? (Object.hasOwn(system.parameters, name) ? system.parameters[name] : undefined);
  const entry = history && inForceOn(history, typeof on === 'string' ? on : undefined);
  if (entry === undefined || typeof at !== 'string' || at.length > 200) throw refusedWith('not-found');
  const { from, source, mark } = entry;
  const part = partAt(entry.value, at);
  if (part === undefined) throw refusedWith('not-found');
  const value = Array.isArray(part) ? searched(part, query) : part;
  return {
    name,
    member: own === undefined ? null : member,
    from,
    source,
    mark: mark ?? null,
    value: plain(value),
    money: moneyIn(value),
  };
}

/** Most entries that a search answers with. */
const foundMax = 20;

/**
 * Of a declared list of codes those that were asked for (`code=a,b`), or the first whose code begins with the words of `q` or whose name in either
 * language contains them; `more`: there are others. Errors: 404 for a list that is not declared.
 */
function codesOf(system: SystemType, request: FastifyRequest): Json {
  const { name = '' } = request.params as { name?: string };
  const query = request.query as Readonly<Record<string, unknown>>;
  const list = system.codeLists.get(name);
  if (list === undefined) throw refusedWith('not-found');
  const found = narrowed(list.codes, query);
  return { name, data: found.slice(0, foundMax), more: found.length > foundMax };
}

function narrowed(
  list: readonly unknown[],
  { code, q }: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const codes = typeof code === 'string' ? new Set(code.split(',').slice(0, 500)) : undefined;
  const words = typeof q === 'string' ? q.trim().toLowerCase() : '';
  const text = (one: unknown, name: string) => String(Reflect.get(Object(one), name) ?? '').toLowerCase();
  const kept =
    codes === undefined ? list : list.filter((one) => codes.has(String(Reflect.get(Object(one), 'code'))));
  if (words === '') return kept;
  return kept.filter(
    (one) =>
      text(one, 'code').startsWith(words) ||
      text(one, 'name').includes(words) ||
      text(one, 'nameEn').includes(words),
  );
}

/** A list is whole unless it was searched. */
function searched(list: readonly unknown[], query: Readonly<Record<string, unknown>>): readonly unknown[] {
  const found = narrowed(list, query);
  return String(query['q'] ?? '').trim() === '' ? found : found.slice(0, foundMax);
}

function inForceOn(history: History<unknown>, on: string | undefined): Dated<unknown> | undefined {
  return on === undefined ? history.at(-1) : history.filter(({ from }) => from <= on).at(-1);
}

function partAt(value: unknown, pointer: string): unknown {
  let part = value;
  for (const step of pointer === '' ? [] : pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = Reflect.get(part, key);
  }
  return part;
}

/** Names of the fields of a parameter whose values are fen: in JSON they are digits like a code's. A value that is an amount itself has the name ''. */
function moneyIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  const look = (part: unknown, name: string): void => {
    if (typeof part === 'bigint') names.add(name);
    else if (Array.isArray(part)) for (const one of part) look(one, name);
    else if (typeof part === 'object') for (const [key, one] of Object.entries(part ?? {})) look(one, key);
  };
  look(value, '');
  return [...names];
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
const plain = (value: unknown): unknown => JSON.parse(textOf(value));
