import { f, z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, nodeSystem, type Permission, watchers } from '../access/signed-in.ts';
import { glassReview, reviewGlass } from '../oversight/oversight.ts';
import { sendProblem } from './answer-problem.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { fault, Refused, refusedWith } from './faults.ts';
import { inEmergencies, readings } from './glasses.ts';
import { masked } from './mask.ts';
import { type QueryFaultCode, queryFault } from './query-faults.ts';
import { type PlacedRow, viewOf } from './rows.ts';
import { isUuid7 } from './uuid7.ts';

const auditors: Permission = { who: 'roles', system: nodeSystem, roles: ['auditor'] };

/** What an auditor says of an emergency reading that they looked at. */
const Review = z.strictObject({
  at: f.instant.describe('When it was read, as the list says'),
  remark: f.line(500).describe('What the auditor found'),
});

/** Readings of a page, and how many are looked through for it at most: where most were reviewed a page may be short, and `next` leads on. */
const pageRows = 50;
const lookedRows = 1_000;
const newestFirst = { field: 'at', descending: true } as const;
const log = { type: 'access/read', where: [inEmergencies], owner: 'all' } as const;
const reviewed = { type: glassReview.type, owner: 'all' } as const;

type Said = z.output<typeof glassReview.schema>;

/** An emergency reading, and its review once there is one. */
interface Glass {
  readonly id: string;
  readonly at: string;
  readonly reader: string;
  readonly person: string;
  readonly review?: Said;
}

interface Page {
  readonly data: readonly Glass[];
  readonly next: string | undefined;
}

/**
 * Emergency readings that nobody has reviewed (`state=open`, of a page the oldest foremost), or the reviews with what they are of (`state=reviewed`, the
 * newest first), page by page; and the auditor's review of one. 紧急查阅复核
 */
export function addGlassReviews(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/glasses',
    permission: watchers,
    async handle(request) {
      const { state, after } = wanted(door, request);
      const { data, next } = await (state === 'open' ? openGlasses : reviewedGlasses)(door, after);
      const asOf = new Date(door.clock.now()).toISOString();
      const sources = [{ member: door.config.member, state: 'fresh', asOf }];
      const cursor = next === undefined ? null : door.sealer.seal(cursorUse(state), next);
      return { data: masked(data), open: await openCount(door), asOf, sources, next: cursor };
    },
  });
  addRoute(door, {
    method: 'POST',
    url: '/glasses/:id',
    permission: auditors,
    handle: (request, reply) => review(door, request, reply),
  });
}

type State = 'open' | 'reviewed';
const cursorUse = (state: State): string => `cursor glasses ${state}`;

/** Errors: 400 for another state, and for a cursor that is not this node's. */
function wanted(door: Door, request: FastifyRequest): { state: State; after: string | undefined } {
  const { state = 'open', cursor } = request.query as { readonly state?: unknown; readonly cursor?: unknown };
  if (state !== 'open' && state !== 'reviewed') throw wrong('state', 'not-one-of', ['open', 'reviewed']);
  if (cursor === undefined) return { state, after: undefined };
  const after = typeof cursor === 'string' ? door.sealer.open(cursorUse(state), cursor) : undefined;
  if (after === undefined) throw wrong('cursor', 'unknown-cursor');
  return { state, after };
}

function wrong(name: string, code: QueryFaultCode, choices: readonly string[] = []): Refused {
  return new Refused((locale) =>
    fault('invalid-query', locale, { errors: [queryFault(name, code, locale, choices)] }),
  );
}

/** Emergency readings less reviews of those that are still kept: a review is kept longer than what it is of. */
async function openCount({ reader }: Door): Promise<number> {
  const oldest = { ...log, sort: { ...newestFirst, descending: false }, limit: 1, after: undefined };
  const [first] = (await reader.list(oldest)).rows;
  if (first === undefined) return 0;
  const { at } = glassOf(first);
  const [all, seen] = await Promise.all([
    reader.count(log),
    reader.count({ ...reviewed, where: [{ field: 'read', is: '>=', value: at }] }),
  ]);
  return all - seen;
}

async function openGlasses({ reader }: Door, from: string | undefined): Promise<Page> {
  const found: Glass[] = [];
  let [next, looked] = [from, 0];
  do {
    const page = await reader.list({ ...log, sort: newestFirst, limit: pageRows, after: next });
    const known = await reviewsOf(reader, page.rows);
    found.push(...page.rows.map(glassOf).filter(({ id }) => !known.has(id)));
    next = page.next;
    looked += page.rows.length;
  } while (next !== undefined && found.length < pageRows && looked < lookedRows);
  return { data: found.reverse(), next };
}

/** Reviews of readings that lie between the first and the last of a page, by the reading's id. */
async function reviewsOf(
  reader: Door['reader'],
  page: readonly PlacedRow[],
): Promise<ReadonlyMap<string, Said>> {
  const times = page.map((row) => glassOf(row).at);
  const where = [
    { field: 'read', is: '>=' as const, value: times.at(-1) ?? '' },
    { field: 'read', is: '<=' as const, value: times[0] ?? '' },
  ];
  const known = new Map<string, Said>();
  let after: string | undefined;
  do {
    const found = await reader.list({ ...reviewed, where, sort: undefined, limit: 200, after });
    for (const row of found.rows) {
      const said = glassReview.schema.parse(viewOf(glassReview, row).value);
      known.set(said.reading, said);
    }
    after = found.next;
  } while (after !== undefined);
  return known;
}

async function reviewedGlasses(door: Door, after: string | undefined): Promise<Page> {
  const page = await door.reader.list({ ...reviewed, where: [], sort: newestFirst, limit: pageRows, after });
  const said = page.rows.map((row) => glassReview.schema.parse(viewOf(glassReview, row).value));
  const data = await Promise.all(
    said.map(async (one) => {
      const glass = await glassAt(door, one.reading, one.read);
      return glass === undefined ? [] : [{ ...glass, review: one }];
    }),
  );
  return { data: data.flat(), next: page.next };
}

/** The emergency reading of an id, found by when it was. */
async function glassAt({ reader }: Door, id: string, at: string): Promise<Glass | undefined> {
  const where = [inEmergencies, { field: 'at', is: '=' as const, value: at }];
  let after: string | undefined;
  do {
    const page = await reader.list({ ...log, where, sort: undefined, limit: 200, after });
    const row = page.rows.find((one) => one.id === id);
    if (row !== undefined) return glassOf(row);
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

function glassOf(row: PlacedRow): Glass {
  return { ...(viewOf(readings(), row).value as Omit<Glass, 'person'>), person: row.subject };
}

async function review(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id = '' } = request.params as { id?: string };
  const { at, remark } = bodyOf(Review, request);
  const found = isUuid7(id) ? await glassAt(door, id, at) : undefined;
  if (found === undefined) throw refusedWith('not-found');
  const input = { reading: id, read: found.at, reader: found.reader, remark };
  const actor = actorIn(nodeSystem, request.who);
  const answer = await door.node.command({ type: reviewGlass.type, input, actor }, 10_000);
  if ('problem' in answer) {
    const problem = door.words.localised(answer.problem, request.locale);
    return sendProblem(request, reply, answer.state === 'refused' ? { ...problem, status: 409 } : problem);
  }
  return reply.send({ reviewed: true });
}
