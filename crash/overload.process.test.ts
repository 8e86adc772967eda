import { expect, test } from 'vitest';
import { overload } from './overload.ts';

test('a node with 5,000 idle streams that is offered twice what it can do turns the rest away with Retry-After and keeps all that it took', {
  timeout: 900_000,
}, async () => {
  const told = (text: string) => console.log(text);
  const report = await overload({
    measureSeconds: 3,
    seconds: 12,
    factor: 2,
    streams: 5_000,
    floodSeconds: 5,
    told,
  });
  expect([report.lost, report.differences], JSON.stringify(report)).toEqual([0, []]);
  expect(report.accepted).toBeGreaterThan(0);
  expect(report.silent).toBe(0);
  expect(report.shed, 'turned away').toBeGreaterThan(0);
  expect(report.flood.perSecond, 'of the flood').toBeGreaterThan(0);
  expect(report.flood.unended, 'bills that did not end beside the flood').toBe(0);
  expect(report.streams.held).toBe(5_000);
  const [, early = 0, , late = 0] = report.memoryMb;
  expect(late).toBeLessThan(1.5 * early + 100);
});
