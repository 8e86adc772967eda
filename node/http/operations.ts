import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, bookReaders, nodeSystem, type Permission, watchers } from '../access/signed-in.ts';
import { sendProblem } from './answer-problem.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { glassesOfDay } from './glasses.ts';
import { masked } from './mask.ts';
import { isUuid7 } from './uuid7.ts';

const operators: Permission = { who: 'roles', system: nodeSystem, roles: ['operator'] };

const Release = z.strictObject({
  how: z.enum(['run', 'refuse']).describe('Run it again, or refuse it'),
  reason: z.string().min(3).max(500).describe('Why, for the journal; no personal data'),
});

const Accept = z.strictObject({
  reason: z.string().min(3).max(500).describe('Why the clock is right; no personal data'),
});

/** What operators and auditors see and do: state, held messages, streams, evidence, checkpoints. */
export function addOperations(door: Door): void {
  const get = (
    url: string,
    permission: Permission,
    handle: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ) => addRoute(door, { method: 'GET', url, permission, handle });
  get('/status', watchers, async () => ({ ...door.node.status(), emergencies: await glassesOfDay(door) }));
  get('/streams', watchers, async () => ({ data: await door.reader.streams() }));
  get('/held', watchers, async () => {
    const rows = await door.reader.held(200);
    return { data: rows.map((row) => masked({ position: `${row.partition}.${row.at}`, ...row })) };
  });
  get('/evidence/:id', bookReaders, (request) => evidence(door, request));
  addRoute(door, {
    method: 'POST',
    url: '/held/:position',
    permission: operators,
    stepUp: true, // What is held may be money.
    handle: (request, reply) => release(door, request, reply),
  });
  addRoute(door, {
    method: 'POST',
    url: '/clock',
    permission: operators,
    handle: (request, reply) => acceptClock(door, request, reply),
  });
  addRoute(door, {
    method: 'POST',
    url: '/checkpoint',
    permission: operators,
    handle: async (_request, reply) =>
      reply.header('content-type', 'text/plain; charset=utf-8').send(await door.node.checkpoint()),
  });
}

async function evidence(door: Door, request: FastifyRequest): Promise<unknown> {
  const { id = '' } = request.params as { id?: string };
  if (!isUuid7(id)) throw refusedWith('not-found');
  const found = await door.node.evidence(id);
  if (found === undefined) throw refusedWith('not-found');
  return found;
}

/** A clock that jumped is right: timers run again by what it shows. 404 when none jumped. */
function acceptClock(door: Door, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reason } = bodyOf(Accept, request);
  if (!door.node.acceptClock(actorIn(nodeSystem, request.who), reason)) throw refusedWith('not-found');
  return reply.send({ accepted: true });
}

async function release(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { position = '' } = request.params as { position?: string };
  if (!/^[0-9]{1,3}\.[0-9]{1,16}$/.test(position)) throw refusedWith('not-found');
  const { how, reason } = bodyOf(Release, request);
  const answer = await door.node.release(actorIn(nodeSystem, request.who), position, how, reason);
  if ('problem' in answer)
    return sendProblem(request, reply, door.words.localised(answer.problem, request.locale));
  return reply.send(answer);
}
