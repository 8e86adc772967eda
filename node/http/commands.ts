import { access, type CommandAnswer } from '@yitong/kernel';
import type { CommandType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, type Permission, reach } from '../access/signed-in.ts';
import { sendProblem } from './answer-problem.ts';
import { type Told, told } from './answers.ts';
import { bulk } from './bulk.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { preferences } from './prefer.ts';
import { subjectOf } from './refs.ts';
import { seenIn } from './seen.ts';
import { namesSelf, notYours, selfOnly, withSelf } from './self.ts';
import { inSpan } from './tracing.ts';
import { isUuid7 } from './uuid7.ts';

/** For each command: POST to give it, one or many at once, and GET for what became of it. */
export function addCommands(door: Door): void {
  for (const command of commandsAt(door)) {
    const permission: Permission = { who: 'roles', system: command.system, roles: command.by };
    addRoute(door, {
      method: 'POST',
      url: `/${command.type}`,
      permission,
      stepUp: command.stepUp,
      handle: (request, reply) =>
        Buffer.isBuffer(request.body)
          ? bulk(door, command, request, reply, request.body)
          : give(door, command, request, reply),
    });
    addRoute(door, {
      method: 'GET',
      url: `/conversations/${command.type}/:subject/:id`,
      permission,
      handle: (request, reply) => conversation(door, command, request, reply),
    });
  }
}

/** What may be given at this door: the commands of its systems, and by each person those over who reads their data. */
export function commandsAt({ systems }: Pick<Door, 'systems'>): readonly CommandType[] {
  const own = [...access.commands.values()].filter(({ by }) => by.includes('self'));
  return [...systems.flatMap((system) => [...system.commands.values()]), ...own];
}

async function give(
  door: Door,
  command: CommandType,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (request.body === undefined) throw refusedWith('media-type');
  const isSelf = selfOnly(command, request);
  const input = isSelf ? withSelf(command, request.body, request) : request.body;
  if (isSelf && !namesSelf(command, input, request)) throw notYours(command);
  const id = idempotencyKey(request.headers['idempotency-key']);
  const prefer = preferences(request.headers['prefer']);
  const seen = seenIn(door, request);
  const wish = {
    type: command.type,
    input,
    actor: actorIn(command.system, request.who),
    ...(id === undefined ? {} : { id }),
    ...(seen === undefined ? {} : { seen }),
  };
  const answer = await inSpan(request, command.type, () => door.node.command(wish, prefer.waitMs ?? 0));
  const asking = {
    who: request.who,
    locale: request.locale,
    records: prefer.waitMs !== undefined && prefer.returns !== 'minimal',
    links: true,
  };
  const body = await told(door, command, answer, asking);
  if (prefer.applied !== '') reply.header('preference-applied', prefer.applied);
  if (body.conversation !== undefined) reply.header('location', body.conversation);
  if (body.at !== undefined) reply.header('yitong-at', body.at);
  if (body.problem !== undefined) return problemAnswer(request, reply, answer, body);
  return reply.code(answer.state === 'done' && prefer.waitMs !== undefined ? 200 : 202).send(body);
}

function problemAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CommandAnswer,
  { problem, id, conversation }: Told,
): FastifyReply {
  if (problem === undefined) return reply;
  const wait =
    answer.state === 'busy'
      ? { 'retry-after': String(Math.max(1, Math.ceil(answer.retryAfterMs / 1000))) }
      : {};
  const status =
    answer.state === 'busy' ? 503 : answer.state === 'refused' ? conflictOf(problem.status) : problem.status;
  const where = conversation === undefined ? {} : { instance: conversation };
  const whole = { ...problem, status, ...where, ...(id === undefined ? {} : { id }) };
  return sendProblem(request, reply, whole, wait);
}

/** A refusal is an answer about the state of things, 409, unless the kernel knows better. */
function conflictOf(status: number): number {
  return status >= 400 && status < 500 ? status : 409;
}

async function conversation(
  door: Door,
  command: CommandType,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { subject: text = '', id = '' } = request.params as { subject?: string; id?: string };
  const subject = subjectOf(door, command.about, text);
  const permission: Permission = { who: 'roles', system: command.system, roles: command.by };
  const own = command.about.person && subject === `${command.about.kind}:${request.who?.person}`;
  if (reach(permission, request.who) === 'self' && !own) throw refusedWith('not-found');
  if (!isUuid7(id)) throw refusedWith('not-found');
  const prefer = preferences(request.headers['prefer']);
  const answer = await door.node.outcome(command.type, subject, id, prefer.waitMs ?? 0);
  if (answer === undefined) throw refusedWith('not-found');
  const asking = {
    who: request.who,
    locale: request.locale,
    records: prefer.returns === 'representation',
    links: true,
  };
  const body = await told(door, command, answer, asking);
  if (body.at !== undefined) reply.header('yitong-at', body.at);
  if (prefer.applied !== '') reply.header('preference-applied', prefer.applied);
  return reply.send(body);
}

/** The `Idempotency-Key` header: a UUIDv7, bare or quoted. Errors: 400 for another form. */
function idempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? header.trim().replace(/^"(.*)"$/, '$1') : '';
  if (!isUuid7(key)) throw refusedWith('idempotency-key');
  return key;
}
