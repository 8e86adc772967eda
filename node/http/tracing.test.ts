import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anna, as, testDoor } from './testing/app.ts';

interface Kept {
  readonly name: string;
  readonly parent: string | undefined;
  readonly facts: Record<string, unknown>;
  ended: boolean;
}

const kept: Kept[] = [];

/** A span that is only remembered, as an exporter in memory would. */
function remembered(name: string, attributes: object | undefined, parent: Context): Span {
  const over = trace.getSpanContext(parent)?.spanId;
  const entry: Kept = { name, parent: over, facts: { ...attributes }, ended: false };
  kept.push(entry);
  const own: SpanContext = {
    traceId: '0'.repeat(31) + 1,
    spanId: String(kept.length).padStart(16, '0'),
    traceFlags: 1,
  };
  const span: Span = {
    spanContext: () => own,
    setAttribute(key, value) {
      entry.facts[key] = value;
      return span;
    },
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus({ code }) {
      entry.facts['status'] = code;
      return span;
    },
    updateName: () => span,
    end() {
      entry.ended = true;
    },
    isRecording: () => true,
    recordException: () => undefined,
  };
  return span;
}

class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, run, self, ...args) =>
    this.#storage.run(active, () => run.apply(self, args));
  bind: ContextManager['bind'] = (_active, target) => target;
  enable = () => this;
  disable = () => this;
}

beforeAll(() => {
  context.setGlobalContextManager(new Contexts());
  trace.setGlobalTracerProvider({
    getTracer: () => ({
      startSpan: (name, options, parent = context.active()) => remembered(name, options?.attributes, parent),
      startActiveSpan: () => {
        throw new Error('the node does not use it');
      },
    }),
  });
});
afterAll(() => {
  trace.disable();
  context.disable();
});

test('with an OpenTelemetry SDK in the process each request is a span, and its command one below it', async () => {
  const { app } = testDoor();
  const payload = { person: anna, title: 'Analects', price: '1250' };
  await app.inject({ method: 'POST', url: '/lending/lend', headers: as('clerk'), payload });
  await app.inject({ url: `/lending/loan/person:${anna}/explode`, headers: { host: 'node.test' } });
  const [request, command, other] = kept;
  expect(request).toMatchObject({
    name: 'POST /lending/lend',
    ended: true,
    facts: { 'http.request.method': 'POST', 'http.route': '/lending/lend', 'http.response.status_code': 202 },
  });
  expect(command).toMatchObject({ name: 'lending/lend', parent: '0000000000000001', ended: true });
  expect(other).toMatchObject({
    name: 'GET /lending/loan/:subject/:key',
    ended: true,
    facts: { 'http.response.status_code': 401 },
  });
  expect(JSON.stringify(kept)).not.toContain(anna);
  await app.close();
});
