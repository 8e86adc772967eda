import { z } from 'zod';
import type { Registry, Route } from '../runtime/registry.ts';
import type { Message } from './message.ts';

/** A refusal as a peer tells it: a code such as problems have, and facts of its own. */
const Refused = z.strictObject({
  code: z
    .string()
    .max(80)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)*$/),
  at: z.string().max(400).optional(),
  facts: z.record(z.string(), z.unknown()),
});

/** A copy as its owner sends it. What partitions of one node tell each other besides, subject and owner, is not for a peer to say. */
const Copy = z.strictObject({
  type: z.string().max(80),
  id: z.string().max(200),
  schema: z.int().positive(),
  body: z.unknown(),
});

/** What a peer's message breaks of its type's declaration beside its schema; undefined when nothing. */
export function undeclared(
  route: Route,
  message: Message,
  value: unknown,
  registry: Registry,
): { readonly code: 'bad-data' | 'bad-subject'; readonly at: string } | undefined {
  const badData = { code: 'bad-data', at: '/data' } as const;
  if (route.is === 'message') {
    const { about } = route.message;
    const fits = message.subject === `${about.kind}:${route.message.keyOf(value)}`;
    return fits ? undefined : { code: 'bad-subject', at: '/subject' };
  }
  if (route.is === 'refused') return Refused.safeParse(message.data).success ? undefined : badData;
  if (route.is === 'copy') return copyFits(message, registry) ? undefined : badData;
  return undefined;
}

/** A copy of a type that is not declared here is kept out later; one of a newer schema cannot be judged yet. */
function copyFits({ data, subject }: Message, registry: Registry): boolean {
  const copy = Copy.safeParse(data);
  if (!copy.success) return false;
  const { type, id, schema, body } = copy.data;
  const record = registry.record(type);
  if (!record?.copies || schema !== record.version) return true;
  if (!subject.startsWith(`${record.about.kind}:`)) return false;
  if (body === null) return true;
  if (!record.schema.safeParse(body).success) return false;
  return id === (record.each === undefined ? '' : String(Reflect.get(Object(body), record.each)));
}
