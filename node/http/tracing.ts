import { randomBytes } from 'node:crypto';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';

const tracer = trace.getTracer('yitong');
const spans = new WeakMap<FastifyRequest, Span>();

/** The caller's trace id (W3C traceparent) or a new one: it is the request's id in the log, the problem and the trace. */
export function traceIdOf(header: string | readonly string[] | undefined): string {
  const given =
    typeof header === 'string'
      ? /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(header)?.[1]
      : undefined;
  return given === undefined || /^0+$/.test(given) ? randomBytes(16).toString('hex') : given;
}

/** Begins the request's span; without an OpenTelemetry SDK in the process nothing happens. */
export function beginSpan(request: FastifyRequest): void {
  const parent = propagation.extract(context.active(), request.headers);
  const attributes = { 'http.request.method': request.method, 'http.route': request.routeOptions.url ?? '' };
  spans.set(
    request,
    tracer.startSpan(
      `${request.method} ${attributes['http.route']}`,
      { kind: SpanKind.SERVER, attributes },
      parent,
    ),
  );
}

/** Ends it with the status of the answer. */
export function endSpan(request: FastifyRequest, status: number): void {
  const span = spans.get(request);
  span?.setAttribute('http.response.status_code', status);
  if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
  span?.end();
}

/** Runs a part of a request in a span of its own. */
export async function inSpan<T>(request: FastifyRequest, name: string, run: () => Promise<T>): Promise<T> {
  const parent = spans.get(request);
  const outer = parent ? trace.setSpan(context.active(), parent) : context.active();
  const span = tracer.startSpan(name, {}, outer);
  try {
    return await context.with(trace.setSpan(outer, span), run);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
