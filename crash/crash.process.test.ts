import { expect, test } from 'vitest';
import { run } from './run.ts';

/** Each failing run prints its seed, and names the folder that keeps its history. */
const seed = 7;

test('twenty processes are killed under load, and nothing that clients were promised is lost, changed or done twice', {
  timeout: 900_000,
}, async () => {
  const report = await run({
    seed,
    members: 2,
    minutes: 10,
    killsMax: 20,
    perSecond: 10,
    workers: 4,
    pauseMs: [200, 1_000],
    stopMaxMs: 2_500,
    told: (text) => console.log(text),
  });
  expect(report.findings, `seed ${seed}`).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(20);
  expect(report.checked).toBeGreaterThan(20);
  expect(Object.keys(report.faults).length, 'kinds of faults').toBeGreaterThan(3);
});
