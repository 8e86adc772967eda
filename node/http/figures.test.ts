import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { figuresText } from './figures.ts';
import { testDoor } from './testing/app.ts';

/** One metric as a collector reads it. */
interface Metric {
  help?: string;
  type?: string;
  readonly samples: Map<string, number>;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const escapedText = String.raw`(?:[^\\\n]|\\\\|\\n)*`;
const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\\"\n]|\\\\|\\"|\\n)*"`;
const number = String.raw`[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|Inf)|NaN`;
const helpLine = new RegExp(`^# HELP (${metricName}) (${escapedText})$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram|summary|untyped)$`);
const sampleLine = new RegExp(`^(${metricName})(?:\\{(${label}(?:,${label})*)?,?\\})? (${number})$`, 'i');

/** Reads the text form of Prometheus 0.0.4 line by line; throws for whatever its grammar has not. */
function collected(text: string): Map<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics = new Map<string, Metric>();
  let under = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, helped, help] = helpLine.exec(line) ?? [];
    const [, typed, type] = typeLine.exec(line) ?? [];
    const name = helped ?? typed;
    if (name === undefined) sample(line, under, metrics);
    else {
      const metric: Metric = metrics.get(name) ?? { samples: new Map() };
      if (metric.samples.size > 0) throw new Error(`${line}: after its samples`);
      if (helped !== undefined && metric.help !== undefined) throw new Error(`${line}: twice`);
      if (typed !== undefined && metric.type !== undefined) throw new Error(`${line}: twice`);
      if (help !== undefined) metric.help = help;
      if (type !== undefined) metric.type = type;
      metrics.set(name, metric);
      under = name;
    }
  }
  return metrics;
}

function sample(line: string, under: string, metrics: Map<string, Metric>): void {
  const [, name = '', labels = '', value] = sampleLine.exec(line) ?? [];
  if (value === undefined) throw new Error(`${line}: no sample, HELP or TYPE`);
  const metric = metrics.get(under);
  const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] };
  const may = Reflect.get(suffixes, metric?.type ?? '') ?? [''];
  if (!may.some((suffix: string) => name === under + suffix)) throw new Error(`${line}: under ${under}`);
  const pairs = labels.match(new RegExp(label, 'g')) ?? [];
  const names = pairs.map((pair) => pair.slice(0, pair.indexOf('=')));
  if (new Set(names).size < names.length) throw new Error(`${line}: a label twice`);
  const key = `${name}{${[...pairs].sort().join(',')}}`;
  if (metric?.samples.has(key)) throw new Error(`${line}: twice`);
  metric?.samples.set(key, Number(value.replace('Inf', 'Infinity')));
}

describe('the figures that a collector reads', () => {
  test('are the text form of Prometheus: each metric once, HELP and TYPE before its samples', async () => {
    const { app } = testDoor();
    for (const url of ['/health', '/ready', '/lending/book', '/x"\\\n'])
      await app.inject({ url: encodeURI(url), headers: { host: 'node.test' } });
    const answer = await app.inject({ url: '/metrics', headers: { host: 'node.test' } });
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const metrics = collected(answer.body);
    expect(metrics.size).toBeGreaterThan(20);
    for (const [name, { help, type, samples }] of metrics) {
      expect([name, help, type]).toEqual([name, expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
      if (type === 'counter')
        for (const value of samples.values()) expect(value, name).toBeGreaterThanOrEqual(0);
    }
    expect(metrics.get('yitong_messages_total')?.samples).toEqual(new Map([['yitong_messages_total{}', 7]]));
    expect(metrics.get('yitong_http_requests_total')?.type).toBe('counter');
  });

  test('have buckets that grow and end at +Inf with the count', async () => {
    const { app } = testDoor();
    await app.inject({ url: '/health', headers: { host: 'node.test' } });
    const { body } = await app.inject({ url: '/metrics', headers: { host: 'node.test' } });
    const seconds = collected(body).get('yitong_http_request_seconds')?.samples ?? new Map();
    const of = (ending: RegExp) => [...seconds].filter(([key]) => ending.test(key)).map(([, value]) => value);
    const buckets = of(/_bucket\{.*"\/health"/);
    expect(buckets.length).toBe(12);
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect(buckets.at(-1)).toBe(of(/_count\{.*"\/health"/)[0]);
  });

  test('take any value of a label, and two kernel counters that would share a name as their sum', async () => {
    const registry = new Registry();
    const counter = new Counter({
      name: 'odd',
      help: 'a \\ and\na break',
      labelNames: ['x'],
      registers: [registry],
    });
    for (const x of ['"', '\\', '\n', '省', '}', ',']) counter.inc({ x });
    new Gauge({ name: 'far', help: 'far', registers: [registry] }).set(Number.POSITIVE_INFINITY);
    const metrics = collected(await figuresText(registry, { 'a-b': 2, 'a.b': 3 }));
    expect(metrics.get('odd')?.samples.size).toBe(6);
    expect([...(metrics.get('yitong_a_b')?.samples ?? [])]).toEqual([['yitong_a_b{}', 5]]);
  });

  test.each([
    ['a sample without TYPE', 'a 1\n'],
    ['a metric twice', '# TYPE a counter\na 1\na 2\n'],
    ['TYPE after the sample', '# HELP a b\n# TYPE a counter\na 1\n# TYPE a counter\n'],
    ['a name that begins with a digit', '# TYPE 1a counter\n1a 1\n'],
    ['a label without quotes', '# TYPE a counter\na{b=c} 1\n'],
    ['a value that is no number', '# TYPE a counter\na x\n'],
    ['a last line without end', '# TYPE a counter\na 1'],
  ])('the reader of this test refuses %s', (_what, text) => {
    expect(() => collected(text)).toThrow(/./);
  });
});
