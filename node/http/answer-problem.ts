import { ListRefusal } from '@yitong/kernel';
import type { Locale, Problem } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { awayOf } from './away.ts';
import type { Door } from './context.ts';
import { cutOff } from './cut-off.ts';
import { type FaultCode, fault, jsonProblem, Refused } from './faults.ts';
import { hasUnreadBody } from './gate.ts';
import { queryFault } from './query-faults.ts';
import { JsonFault } from './strict-json.ts';
import { endSpan } from './tracing.ts';

const frameworkCodes: Readonly<Record<string, FaultCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_CTP_EMPTY_TYPE: 'media-type',
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_MAX_PARAM_LENGTH: 'unknown-page',
};

/** Every error leaves as a problem (RFC 9457) in the asker's language; a fault of ours is logged and says nothing but its trace id. */
export function addProblems(door: Door): void {
  const { app } = door;
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof Refused)
      return sendProblem(request, reply, error.make(request.locale), error.headers);
    const away = awayOf(error);
    if (away !== undefined) {
      request.log.warn(
        { err: error instanceof Error ? error : undefined },
        'a request came when nothing could be done',
      );
      const wait = { 'retry-after': String(Math.ceil(away.retryAfterMs / 1_000)) };
      return sendProblem(request, reply, fault('busy', request.locale, { detail: away.detail }), wait);
    }
    return sendProblem(request, reply, problemOf(error, request));
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(door, request.url);
    if (methods.length === 0) return sendProblem(request, reply, fault('unknown-page', request.locale));
    return sendProblem(request, reply, fault('method-not-allowed', request.locale), {
      allow: methods.join(', '),
    });
  });
}

/** Sends a problem that is in the asker's language already; a body that is still on its way is not read. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  const body = { ...problem, traceId: request.id };
  const own = {
    ...headers,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': request.locale,
  };
  if (!hasUnreadBody(request, reply))
    return reply.code(problem.status).headers(own).send(JSON.stringify(body));
  reply.hijack();
  const shared = Object.fromEntries(
    Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
  cutOff(request.raw, problem.status, { ...shared, ...own }, JSON.stringify(body));
  request.log.info(
    { method: request.method, route: request.routeOptions.url, status: problem.status },
    'request cut off',
  );
  endSpan(request, problem.status);
  return reply;
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  const { locale } = request;
  if (error instanceof JsonFault) return jsonProblem(error, locale);
  const refusal = listRefusal(error, locale);
  if (refusal) return refusal;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = frameworkCodes[code];
  if (known !== undefined) return fault(known, locale);
  if (code.startsWith('FST_ERR_CTP') || code.startsWith('FST_ERR_VALIDATION'))
    return fault('bad-request', locale);
  request.log.error({ err: error instanceof Error ? error : new Error('not an error') }, 'a request failed');
  return fault('internal', locale, { facts: { traceId: request.id } });
}

/** A list that the store cannot answer names the part of the query, why, and what helps. */
function listRefusal(error: unknown, locale: Locale): Problem | undefined {
  if (!(error instanceof ListRefusal)) return undefined;
  const name = error.field === 'after' ? 'cursor' : error.field;
  return fault('invalid-query', locale, { errors: [queryFault(name, error.code, locale)] });
}

function methodsAt(door: Door, url: string): string[] {
  const parts = (url.split('?', 1)[0] ?? '').split('/');
  const matches = door.routes.filter((route) => {
    const pattern = route.url.split('/');
    return (
      pattern.length === parts.length &&
      pattern.every((step, i) => step === parts[i] || (step.startsWith(':') && parts[i] !== ''))
    );
  });
  return [...new Set(matches.map(({ method }) => method))];
}
