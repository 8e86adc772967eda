import type { QuestionType } from '@yitong/kit';
import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, type Permission } from '../access/signed-in.ts';
import { sendProblem } from './answer-problem.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { inSpan } from './tracing.ts';

const member = z.string().regex(/^[1-9][0-9]{5}$/);

/** Body of a question at the door. */
const Asked = z.strictObject({
  to: z.union([member, z.array(member).min(1).max(50)]).describe('The member or members asked'),
  purpose: z.string().min(1).max(80).optional().describe('Why; may be left out where there is one only'),
  consent: z.string().optional().describe('Id of the person’s agreement at the member asked'),
  input: z.unknown(),
});

/** For each question: POST to ask other members; each answers for itself, and one that does not is never "no record". */
export function addQuestions(door: Door): void {
  for (const system of door.systems)
    for (const question of system.questions.values()) {
      const permission: Permission = { who: 'roles', system: system.name, roles: question.asked };
      const handle = (request: FastifyRequest, reply: FastifyReply) => ask(door, question, request, reply);
      addRoute(door, { method: 'POST', url: `/${question.type}`, permission, handle });
    }
}

async function ask(
  door: Door,
  question: QuestionType,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { to, input, consent, purpose: said } = bodyOf(Asked, request);
  const purpose = said ?? (question.purposes.length === 1 ? (question.purposes[0] ?? '') : '');
  const wish = {
    type: question.type,
    to: [to].flat(),
    purpose,
    input,
    actor: actorIn(question.system, request.who),
    ...(consent === undefined ? {} : { consent }),
  };
  const asked = await inSpan(request, question.type, () => door.node.question(wish));
  if (!asked.ok) return sendProblem(request, reply, door.words.localised(asked.problem, request.locale));
  return reply.send({ answers: asked.answers });
}
