import { PassThrough } from 'node:stream';
import type { CommandAnswer } from '@yitong/kernel';
import type { CommandType, Locale, Problem } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn } from '../access/signed-in.ts';
import { told } from './answers.ts';
import { awayOf } from './away.ts';
import { linesType } from './bodies.ts';
import type { Door } from './context.ts';
import { fault, jsonProblem, refusedWith } from './faults.ts';
import { preferences } from './prefer.ts';
import { namesSelf, notYours, selfOnly } from './self.ts';
import { JsonFault, parseStrictJson } from './strict-json.ts';
import { inSpan } from './tracing.ts';
import { isUuid7 } from './uuid7.ts';

const linesMax = 1_000;
const lineFeed = 0x0a;

/** One line of the request, from 1: a wish, or what is wrong with it. */
type Line =
  | { readonly line: number; readonly id: string | undefined; readonly input: unknown }
  | { readonly line: number; readonly problem: (locale: Locale) => Problem };

/** Many commands of one kind: each line `{"id","input"}` is one, each answer a line `{"line","state",…}` as it ends; a bad line stops no other. */
export function bulk(
  door: Door,
  command: CommandType,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Buffer,
): FastifyReply {
  const lines = linesOf(body);
  const prefer = preferences(request.headers['prefer']);
  if (prefer.applied !== '') reply.header('preference-applied', prefer.applied);
  const out = new PassThrough({ highWaterMark: 1024 * 1024 });
  const write = (value: unknown): void => {
    if (!out.destroyed) out.write(`${JSON.stringify(value)}\n`);
  };
  const run = async (one: Line): Promise<void> => write(await answerTo(door, command, request, one));
  // Nobody waits for this promise but the stream: it ends when the last line was answered.
  void inSpan(request, `${command.type} ×${lines.length}`, () => Promise.all(lines.map(run))).then(
    () => out.end(),
    (error: unknown) => out.destroy(error instanceof Error ? error : new Error('bulk')),
  );
  return reply.code(200).header('content-type', `${linesType}; charset=utf-8`).send(out);
}

async function answerTo(
  door: Door,
  command: CommandType,
  request: FastifyRequest,
  one: Line,
): Promise<unknown> {
  const { locale, who } = request;
  const bad = (problem: Problem) => ({ line: one.line, state: 'invalid', problem });
  if ('problem' in one) return bad(one.problem(locale));
  const { line, id, input } = one;
  if (selfOnly(command, request) && !namesSelf(command, input, request))
    return bad(notYours(command).make(locale));
  const prefer = preferences(request.headers['prefer']);
  const wish = {
    type: command.type,
    input,
    actor: actorIn(command.system, who),
    ...(id === undefined ? {} : { id }),
  };
  try {
    const answer: CommandAnswer = await door.node.command(wish, prefer.waitMs ?? 0);
    const records = prefer.returns === 'representation';
    return { line, ...(await told(door, command, answer, { who, locale, records, links: false })) };
  } catch (error) {
    const away = awayOf(error);
    if (away !== undefined) {
      const problem = fault('busy', locale, { detail: away.detail });
      return {
        line,
        ...(id === undefined ? {} : { id }),
        state: 'busy',
        problem,
        retryAfterMs: away.retryAfterMs,
      };
    }
    request.log.error(
      { err: error instanceof Error ? error : new Error('not an error'), line },
      'a line failed',
    );
    return {
      line,
      ...(id === undefined ? {} : { id }),
      state: 'busy',
      problem: fault('internal', locale),
      retryAfterMs: 1_000,
    };
  }
}

/** The lines of a body, empty ones left out. Errors: 413 for more than 1,000. */
function linesOf(body: Buffer): Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (let start = 0; start < body.length; ) {
    const found = body.indexOf(lineFeed, start);
    const end = found < 0 ? body.length : found;
    number++;
    const bytes = body.subarray(start, end);
    if (!/^\s*$/.test(bytes.subarray(0, 64).toString('latin1')) || bytes.length > 64) {
      if (lines.length === linesMax) throw refusedWith('too-many-lines');
      lines.push(lineOf(number, bytes));
    }
    start = end + 1;
  }
  return lines;
}

function lineOf(line: number, bytes: Uint8Array): Line {
  const wrong = (pointer: string, code: string) => ({
    line,
    problem: (locale: Locale) => fault('bulk-line', locale, { errors: [{ pointer, code }] }),
  });
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return { line, problem: (locale) => jsonProblem(error, locale) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('', 'wrong-type');
  for (const key of Object.keys(value))
    if (key !== 'id' && key !== 'input') return wrong(`/${key.slice(0, 60)}`, 'unknown-field');
  const id: unknown = Reflect.get(value, 'id');
  if (id !== undefined && (typeof id !== 'string' || !isUuid7(id))) return wrong('/id', 'id');
  const input: unknown = Reflect.get(value, 'input');
  return input === undefined ? wrong('/input', 'required') : { line, id, input };
}
