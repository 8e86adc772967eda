import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Door } from './context.ts';
import { endSpan } from './tracing.ts';

/** Counts and times each answer, writes its line to the log (route, never the address itself) and ends its span. */
export function addTraffic({ app, clock }: Door): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const seconds = new Histogram({
    name: 'yitong_http_request_seconds',
    help: 'Time from the headers of a request to the end of its answer',
    labelNames: ['route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'yitong_http_requests_total',
    help: 'Answers',
    labelNames,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const ms = clock.monotonic() - request.startedAt;
    const status = reply.statusCode;
    requests.inc({ method: request.method, route, status });
    seconds.observe({ route }, ms / 1000);
    endSpan(request, status);
    const facts = {
      method: request.method,
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      who: request.who?.id,
    };
    if (status >= 500) request.log.warn(facts, 'request');
    else request.log.debug(facts, 'request');
  });
  return registry;
}
