import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '@yitong/kernel';
import type { RecordType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Reach, reach } from '../access/signed-in.ts';
import { recordNamed } from './answers.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { masked } from './mask.ts';
import { concernsPerson } from './purpose.ts';
import { recordHref, subjectOf } from './refs.ts';
import { personIn } from './rows.ts';
import { Topics } from './topics.ts';

/** Bytes that a client may be behind before it is dropped (K50). */
const behindMax = 256 * 1024;
/** Streams that one node holds: an idle one costs it some 20 KiB. */
const streamsMax = 6_000;

/** Live changes of one record type as server-sent events; `Last-Event-ID` goes on where a client left, as far as is still known. */
export function addEvents(door: Door): void {
  const topics = new Topics(door.node, door.clock);
  const open = new Set<ServerResponse>();
  door.app.addHook('preClose', async () => {
    topics.close();
    for (const response of open) response.end();
  });
  addRoute(door, {
    method: 'GET',
    url: '/events',
    // Anybody may ask; the record's own readers decide below.
    permission: { who: 'public' },
    live: true,
    handle: (request, reply) => stream(door, topics, open, request, reply),
  });
}

function stream(
  door: Door,
  topics: Topics,
  open: Set<ServerResponse>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const wish = wishOf(door, request);
  if (open.size >= streamsMax) throw refusedWith('busy', {}, { 'retry-after': '5' });
  reply.hijack();
  const { raw } = reply;
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  open.add(raw);
  const send = (text: string): void => {
    if (raw.destroyed) return;
    raw.write(text);
    if (raw.writableLength > behindMax) raw.destroy();
  };
  const lastId = request.headers['last-event-id'];
  const since = typeof lastId === 'string' ? lastId : undefined;
  send('retry: 2000\n\n');
  const reset = () => send('event: reset\ndata: {}\n\n');
  const hear = (event: LiveEvent): void => {
    if (wanted(wish, event)) send(frameOf(door, wish, event));
  };
  const { complete, leave } = topics.join(wish.record.type, since, { hear, reset });
  if (!complete) reset();
  heartbeat(door, request, raw, send);
  raw.on('close', () => {
    open.delete(raw);
    leave();
  });
  return reply;
}

/** A comment line keeps proxies from closing; a stream does not outlive its token or its session (threat 54). */
function heartbeat(
  door: Door,
  { who, session }: FastifyRequest,
  raw: ServerResponse,
  send: (text: string) => void,
): void {
  const every = door.config.heartbeatMs ?? 15_000;
  let stop = (): void => undefined;
  const beat = async (): Promise<void> => {
    const isOver = session !== undefined && (await door.signOuts.isOver(session).catch(() => true));
    if (raw.destroyed) return;
    if (isOver || (who !== undefined && door.clock.now() > who.until)) {
      raw.end('event: signed-out\ndata: {}\n\n');
      return;
    }
    send(': \n\n');
    stop = door.clock.after(every, () => void beat());
  };
  stop = door.clock.after(every, () => void beat());
  raw.on('close', () => stop());
}

interface Wish {
  readonly record: RecordType;
  readonly subject: string | undefined;
  readonly far: Reach;
  readonly person: string | undefined;
}

/** Errors: 400 without a type, 404 for one that is unknown or not for the asker. */
function wishOf(door: Door, request: FastifyRequest): Wish {
  const { type, subject: text } = request.query as { type?: unknown; subject?: unknown };
  if (typeof type !== 'string')
    throw refusedWith('invalid-query', { errors: [{ pointer: '/type', code: 'required' }] });
  const record = recordNamed(door, type);
  const far = record
    ? reach({ who: 'roles', system: record.system, roles: record.readers }, request.who)
    : 'none';
  if (!record || far === 'none') throw refusedWith('not-found');
  const subject = typeof text === 'string' ? subjectOf(door, record.about, text) : undefined;
  return { record, subject, far, person: request.who?.person };
}

function wanted({ record, subject, far, person }: Wish, event: LiveEvent): boolean {
  if (subject !== undefined && event.subject !== subject) return false;
  return far === 'all' || (person !== undefined && personOf(record, event) === person);
}

function personOf(record: RecordType, { subject, record: view }: LiveEvent): string | undefined {
  return personIn(record, { subject, value: view?.value });
}

/** What concerns somebody else leaves without its content: reading it is a reading of its own, with its row in the log. */
function frameOf(door: Door, { record, person }: Wish, event: LiveEvent): string {
  const view = event.record;
  const mine = person !== undefined && personOf(record, event) === person;
  const href = recordHref(door, record, event.subject, view?.id ?? '', view?.owner ?? '');
  const { subject, id, owner, version, at } = { ...view, subject: event.subject };
  const head = { href, type: event.type, subject, id, owner, version, at, gone: view === undefined };
  const fields = concernsPerson(record) && !mine ? {} : { value: view?.value };
  const told = mine ? { ...head, ...fields } : { ...Object(masked({ ...head, ...fields })), href };
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(told)}\n\n`;
}
