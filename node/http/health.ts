import type { FastifyRequest } from 'fastify';
import { nodeSystem, reach } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { figuresText } from './figures.ts';
import { addTraffic } from './traffic.ts';

/** Whether the node lives, whether it can take work, and figures of what it does. */
export function addHealth(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/health',
    permission: { who: 'public' },
    handle: () => ({ status: 'ok' }),
  });
  addRoute(door, {
    method: 'GET',
    url: '/ready',
    permission: { who: 'public' },
    handle(_request, reply) {
      const { ready, reasons, member, region } = door.node.status();
      return reply.code(ready ? 200 : 503).send({ ready, member, region, reasons });
    },
  });
  const registry = addTraffic(door);
  addRoute(door, {
    method: 'GET',
    url: '/metrics',
    permission: { who: 'public' },
    async handle(request, reply) {
      if (!mayMeasure(request)) throw refusedWith('not-found');
      return reply
        .header('content-type', registry.contentType)
        .send(await figuresText(registry, door.node.metrics()));
    },
  });
}

/** Figures tell how busy an office is: they are for this machine's own collector and for operators. */
function mayMeasure(request: FastifyRequest): boolean {
  const loopback = /^(127\.|::1$|::ffff:127\.)/.test(request.ip);
  return loopback || reach({ who: 'roles', system: nodeSystem, roles: ['operator'] }, request.who) === 'all';
}
