import type { QuestionType, SystemType } from '@yitong/kit';
import { z } from '@yitong/kit';
import { standardProblems } from './openapi-parts.ts';

type Json = Readonly<Record<string, unknown>>;

/** A question as an operation: who may ask, for what, what an answer holds. */
export function questionOperation(system: SystemType, question: QuestionType): Json {
  const { name, type, purposes, asked, input, answer, refusals } = question;
  const said = `${system.texts['zh-CN'][name] ?? name} · ${system.texts.en[name] ?? name}`;
  const json = (schema: z.ZodType): unknown =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const schema = {
    type: 'object',
    required: ['to', 'input'],
    properties: {
      to: { description: 'GB/T 2260 code of the member asked, or a list' },
      purpose: { enum: purposes },
      consent: { type: 'string', description: 'Id of the agreement at the member asked' },
      input: json(input),
    },
    additionalProperties: false,
  };
  const one = {
    type: 'object',
    required: ['state', 'from'],
    properties: {
      state: { enum: ['answered', 'refused', 'unknown-subject', 'busy', 'no-answer'] },
      from: { type: 'string' },
      value: json(answer),
      code: { enum: refusals },
      why: { type: 'string', description: 'no-answer: never the same as no record' },
    },
  };
  const answers = { type: 'object', properties: { answers: { type: 'array', items: one } } };
  return {
    operationId: type,
    tags: [system.name],
    summary: said,
    description: `Asked by ${asked.join(', ')}; each member answers for itself.`,
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      200: { description: said, content: { 'application/json': { schema: answers } } },
      ...standardProblems,
    },
  };
}
