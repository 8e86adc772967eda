import { z } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { reach } from '../access/signed-in.ts';
import type { Door } from './context.ts';
import { isOfOwnPages } from './gate.ts';
import { sessionOf } from './session.ts';

/** What a page asks for first, as the build of the portal writes it (`FirstAsked` there), and whose roles those are. */
export const First = z.object({
  path: z.string(),
  system: z.string(),
  roles: z.array(z.string()).default(['public']),
  isSame: z.boolean().default(false),
});
/** See the schema. */
export type First = z.infer<typeof First>;

/** Milliseconds for which a page waits for answers, and the longest one that it takes along, in characters. */
const waitMs = 300;
const lengthMax = 20_000;

/** What whoever looks asks for first. */
export function firstOf(request: FastifyRequest, first: readonly First[]): readonly First[] {
  return first.filter(({ system, roles }) => reach({ who: 'roles', system, roles }, request.who) !== 'none');
}

/**
 * What the page would ask for first, so that it need not: the answers by their addresses. They are given by the same door as to the page itself:
 * whoever may not have one gets none, and who read whose data is noted. Whoever comes from another site (from the issuer, say) is nobody as far as
 * this request tells (`gate.ts`): the page asks by itself for what is theirs.
 */
export async function knownTo(
  door: Door,
  request: FastifyRequest,
  tag: 'zh-CN' | 'en',
  paths: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = isOfOwnPages(request)
    ? { '/session': sessionOf(door, request, tag) }
    : {};
  const asked = paths.map(async (path) => {
    const answer = await answerTo(door, request, path, tag);
    if (answer !== undefined) found[path] = answer;
  });
  let stop = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    stop = door.clock.after(waitMs, resolve);
  });
  await Promise.race([Promise.all(asked), over]);
  stop();
  return { ...found };
}

async function answerTo(door: Door, request: FastifyRequest, url: string, tag: string): Promise<unknown> {
  // What tells who asks, and from where.
  const from = ['authorization', 'cookie', 'host', 'sec-fetch-site'];
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => from.includes(name)));
  const { statusCode, payload } = await door.app.inject({
    url,
    remoteAddress: request.ip,
    headers: { ...headers, accept: 'application/json', 'accept-language': tag },
  });
  return statusCode === 200 && payload.length <= lengthMax ? JSON.parse(payload) : undefined;
}
