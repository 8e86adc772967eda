import { InputProblem, type Rule, type SystemType, z } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { addRoute, type Door } from './context.ts';
import { Refused, refusedWith } from './faults.ts';

const open = { who: 'public' } as const;

/** The rules that can be tried: their worked examples with results, and a run of one on other facts. Pure, and the law is public. */
export function addRules(door: Door): void {
  const answers = new Map<string, unknown>();
  addRoute(door, {
    method: 'GET',
    url: '/systems/:system/examples',
    permission: open,
    handle(request, reply) {
      const system = systemAsked(door, request);
      const known = answers.get(system.name) ?? { data: examplesOf(system) };
      answers.set(system.name, known);
      return reply.header('cache-control', 'private, no-cache').send(known);
    },
  });
  addRoute(door, {
    method: 'POST',
    url: '/systems/:system/rules/:rule',
    permission: open,
    handle: (request) => tried(systemAsked(door, request), request),
  });
}

/** A rule's shapes, as pages read them; null for one that pages do not offer. */
export function ruleShapes({ input, answer }: Rule): unknown {
  if (input === undefined || answer === undefined) return { input: null, answer: null };
  return { input: shapeOf(input), answer: shapeOf(answer) };
}

function shapeOf(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** Errors: 404 for a system that this node does not run. */
function systemAsked({ systems }: Door, request: FastifyRequest): SystemType {
  const { system = '' } = request.params as { system?: string };
  const found = systems.find(({ name }) => name === system);
  if (found === undefined) throw refusedWith('not-found');
  return found;
}

function examplesOf({ rules }: SystemType): readonly unknown[] {
  return [...rules].flatMap(([rule, { examples = [], decide }]) =>
    examples.map(({ title, on, member, input }) => ({
      rule,
      title,
      on,
      member: member ?? null,
      input,
      answer: decide(input),
    })),
  );
}

/** Errors: 404 for a rule that is not offered to be tried, 422 for facts that do not fit. */
function tried({ rules }: SystemType, request: FastifyRequest): unknown {
  const { rule = '' } = request.params as { rule?: string };
  const found = rules.get(rule);
  if (found?.input === undefined) throw refusedWith('not-found');
  try {
    return { rule, answer: found.decide(request.body) };
  } catch (error) {
    if (!(error instanceof InputProblem)) throw error;
    const { problem } = error;
    throw new Refused(() => problem);
  }
}
