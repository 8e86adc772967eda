import type { RecordView } from '@yitong/kernel';
import type { RecordType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, type Permission, reach } from '../access/signed-in.ts';
import { addBreakGlass } from './break-glass.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { concernsPerson, purposeOf } from './purpose.ts';
import { subjectOf } from './refs.ts';
import { viewOf } from './rows.ts';

/** For each record: GET of one, whole. What concerns a person is read through that person's own subject, which notes who read it. */
export function addReads(door: Door): void {
  for (const system of door.systems) {
    for (const record of system.records.values()) {
      const permission = readersOf(record);
      const key = record.each === undefined ? '' : '/:key';
      addRoute(door, {
        method: 'GET',
        url: `/${record.type}/:subject${key}`,
        permission,
        handle: (request, reply) => readOne(door, record, permission, request, reply),
      });
      addRoute(door, {
        method: 'GET',
        url: `/history/${record.type}/:subject${key}`,
        permission,
        handle: (request, reply) => readVersions(door, record, permission, request, reply),
      });
      addBreakGlass(door, record);
    }
  }
}

/** Most versions that one answer shows, and tells the way of. */
const versionsMax = 200;
const wayMax = 50;

async function readOne(
  door: Door,
  record: RecordType,
  permission: Permission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = await recordRead(door, record, permission, request);
  return reply.header('yitong-at', view.at).header('etag', `"${view.at}"`).send(view);
}

/** What a record was before, the newest first, and the way it went over the members: reading it is a reading of the record. */
async function readVersions(
  door: Door,
  record: RecordType,
  permission: Permission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { value: _, ...head } = await recordRead(door, record, permission, request);
  const known = { ...head, value: undefined };
  const data = await door.node.history(known, versionsMax);
  const way = await door.node.way(known, wayMax);
  const asOf = new Date(door.clock.now()).toISOString();
  return reply.send({ ...head, data, way, asOf });
}

/** Who may read a record's records. */
export function readersOf(record: RecordType): Permission {
  return { who: 'roles', system: record.system, roles: record.readers };
}

/** Where a record is: its subject as an address has it, and its key. */
interface Place {
  readonly text: string;
  readonly id: string;
}

function placeOf(request: FastifyRequest): Place {
  const { subject: text = '', key: id = '' } = request.params as { subject?: string; key?: string };
  return { text, id };
}

/** A record that the asker may read, whole; whoever it concerns sees that it was read. Errors: 404. */
export async function recordRead(
  door: Door,
  record: RecordType,
  permission: Permission,
  request: FastifyRequest,
  { text, id }: Place = placeOf(request),
): Promise<RecordView> {
  const subject = subjectOf(door, record.about, text);
  const purpose = purposeOf(door, request, record, reach(permission, request.who));
  const actor = actorIn(record.system, request.who);
  const { type } = record;
  const view = concernsPerson(record)
    ? await door.node.read({ type, subject, id, actor, purpose })
    : await publicRecord(door, record, subject, id, request);
  if (view === undefined) throw refusedWith('not-found');
  return view;
}

/** A record that concerns nobody is read from the committed tables: the own one, or the copy of the owner that is named. */
async function publicRecord(
  door: Door,
  record: RecordType,
  subject: string,
  id: string,
  request: FastifyRequest,
): Promise<RecordView | undefined> {
  const { owner } = request.query as { owner?: unknown };
  let after: string | undefined;
  const found: RecordView[] = [];
  do {
    const page = await door.reader.list({
      type: record.type,
      subject,
      where: [],
      sort: undefined,
      limit: 200,
      after,
      owner: 'all',
    });
    found.push(...page.rows.filter((row) => row.id === id).map((row) => viewOf(record, row)));
    after = page.next;
  } while (after !== undefined);
  if (typeof owner === 'string') return found.find((view) => (view.owner || door.config.member) === owner);
  return found.find((view) => view.owner === '') ?? found[0];
}
