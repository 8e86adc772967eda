import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, nodeSystem, type Permission, watchers } from '../access/signed-in.ts';
import { sendProblem } from './answer-problem.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';

const operators: Permission = { who: 'roles', system: nodeSystem, roles: ['operator'] };

const Proposal = z.strictObject({ canonical: z.string().min(2).max(150_000) });

const Vote = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  key: z.string().min(1).max(80),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
  instead: z.boolean().default(false),
});

/** The region's directory: its versions, drafts of the next one, signatures on them. */
export function addDirectory(door: Door): void {
  const { membership } = door.node;
  addRoute(door, {
    method: 'GET',
    url: '/directory',
    permission: watchers,
    handle: () => membership.state(),
  });
  const post = (url: string, give: (request: FastifyRequest) => ReturnType<typeof membership.propose>) =>
    addRoute(door, {
      method: 'POST',
      url,
      permission: operators,
      handle: async (request, reply) => answered(door, request, reply, await give(request)),
    });
  post('/directory/drafts', (request) =>
    membership.propose(actorIn(nodeSystem, request.who), bodyOf(Proposal, request).canonical),
  );
  post('/directory/signatures', (request) =>
    membership.sign(actorIn(nodeSystem, request.who), bodyOf(Vote, request)),
  );
  addRoute(door, {
    method: 'POST',
    url: '/directory/versions',
    permission: operators,
    async handle(request, reply) {
      const brought = await membership.bring(request.body);
      if (!brought.ok)
        return sendProblem(request, reply, door.words.localised(brought.problem, request.locale));
      return reply.send({ taken: true });
    },
  });
}

type Answer = Awaited<ReturnType<Door['node']['membership']['propose']>>;

function answered(door: Door, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (!('problem' in answer)) return reply.send(answer);
  return sendProblem(request, reply, door.words.localised(answer.problem, request.locale));
}
