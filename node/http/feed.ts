import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { watchers } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';

/** Milliseconds between two looks while somebody listens, and after which the same is told again, so that a listener knows it is heard. */
const lookMs = 2_000;
const againMs = 10_000;
/** Feeds that one node serves at most. */
const feedsMax = 100;
/** Bytes that a client may be behind before it is dropped (K50). */
const behindMax = 256 * 1024;

/** The node's state as it changes, as server-sent events: each tells all of it, so a client that comes back has missed nothing. */
export function addFeed(door: Door): void {
  const open = new Set<ServerResponse>();
  door.app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
  addRoute(door, {
    method: 'GET',
    url: '/status/feed',
    permission: watchers,
    handle: (request, reply) => feed(door, open, request, reply),
  });
}

function feed(
  door: Door,
  open: Set<ServerResponse>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (open.size >= feedsMax) throw refusedWith('busy', {}, { 'retry-after': '5' });
  reply.hijack();
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)] as const);
  raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  open.add(raw);
  const until = request.who?.until ?? 0;
  let stop = (): void => undefined;
  let told = { text: '', at: 0 };
  const look = (): void => {
    if (raw.destroyed || raw.writableEnded) return;
    const now = door.clock.now();
    if (now > until) return void raw.end('event: signed-out\ndata: {}\n\n');
    const text = JSON.stringify(door.node.status());
    if (text !== told.text || now - told.at >= againMs) {
      told = { text, at: now };
      raw.write(
        `event: status\ndata: ${text.slice(0, -1)},"asOf":${JSON.stringify(new Date(now).toISOString())}}\n\n`,
      );
    }
    if (raw.writableLength > behindMax) return void raw.destroy();
    stop = door.clock.after(lookMs, look);
  };
  raw.on('close', () => {
    open.delete(raw);
    stop();
  });
  look();
  return reply;
}
