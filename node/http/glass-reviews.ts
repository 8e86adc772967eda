import { f, type RecordType, z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, nodeSystem, type Permission } from '../access/signed-in.ts';
import { glassReview, reviewGlass } from '../oversight/oversight.ts';
import { sendProblem } from './answer-problem.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { inEmergencies, readings } from './glasses.ts';
import { masked } from './mask.ts';
import { type PlacedRow, viewOf } from './rows.ts';

const watchers: Permission = { who: 'roles', system: nodeSystem, roles: ['operator', 'auditor'] };
const auditors: Permission = { who: 'roles', system: nodeSystem, roles: ['auditor'] };

/** What an auditor says of an emergency reading that they looked at. */
const Review = z.strictObject({ remark: f.line(500).describe('What the auditor found') });

/** Emergency readings and reviews that are looked through at most, the newest first; of the reviewed ones so many are shown. */
const lookedMax = 2_000;
const reviewedShown = 50;

/** An emergency reading, and its review once there is one. */
interface Glass {
  readonly id: string;
  readonly at: string;
  readonly reader: string;
  readonly review?: z.output<typeof glassReview.schema>;
}

/** Emergency readings with who looked at each: what nobody has reviewed stands first, the oldest of it foremost; and the auditor's review of one. 紧急查阅复核 */
export function addGlassReviews(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/glasses',
    permission: watchers,
    async handle() {
      const all = await glasses(door);
      const open = all.filter(({ review }) => review === undefined).reverse();
      const reviewed = all.filter(({ review }) => review !== undefined).slice(0, reviewedShown);
      const asOf = new Date(door.clock.now()).toISOString();
      const sources = [{ member: door.config.member, state: 'fresh', asOf }];
      return { data: masked([...open, ...reviewed]), open: open.length, asOf, sources, next: null };
    },
  });
  addRoute(door, {
    method: 'POST',
    url: '/glasses/:id',
    permission: auditors,
    handle: (request, reply) => review(door, request, reply),
  });
}

async function review(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id = '' } = request.params as { id?: string };
  const { remark } = bodyOf(Review, request);
  const found = (await glasses(door)).find((one) => one.id === id);
  if (found === undefined) throw refusedWith('not-found');
  const input = { reading: id, reader: found.reader, remark };
  const actor = actorIn(nodeSystem, request.who);
  const answer = await door.node.command({ type: reviewGlass.type, input, actor }, 10_000);
  if ('problem' in answer) {
    const problem = door.words.localised(answer.problem, request.locale);
    return sendProblem(request, reply, answer.state === 'refused' ? { ...problem, status: 409 } : problem);
  }
  return reply.send({ reviewed: true });
}

/** The newest emergency readings of this member, each with its review. */
async function glasses(door: Door): Promise<readonly Glass[]> {
  const record = readings();
  const [read, reviews] = await Promise.all([
    newest(door, record, [inEmergencies]),
    newest(door, glassReview, []),
  ]);
  const known = new Map(
    reviews.map((row) => {
      const { value } = viewOf(glassReview, row);
      const said = glassReview.schema.parse(value);
      return [said.reading, said];
    }),
  );
  return read.map((row) => {
    const glass = viewOf(record, row).value as Omit<Glass, 'review'>;
    const reviewed = known.get(glass.id);
    return { ...glass, person: row.subject, ...(reviewed === undefined ? {} : { review: reviewed }) };
  });
}

type Where = Parameters<Door['reader']['list']>[0]['where'];

async function newest(door: Door, record: RecordType, where: Where): Promise<readonly PlacedRow[]> {
  const sort = { field: 'at', descending: true };
  const rows: PlacedRow[] = [];
  let after: string | undefined;
  do {
    const page = await door.reader.list({ type: record.type, where, sort, limit: 200, after, owner: 'all' });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined && rows.length < lookedMax);
  return rows;
}
