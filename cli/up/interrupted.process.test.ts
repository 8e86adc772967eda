import { join } from 'node:path';
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { demonstrationState } from '../demonstration/state.ts';
import { exitNumber } from '../exit-codes.ts';
import { TestRegion } from '../testing/region.ts';

const members = ['310000', '330000'];
const processes = ['postgres/data/postmaster.pid', ...members.map((code) => `nodes/${code}/process.json`)];
const region = new TestRegion();

afterAll(() => region.stop());

test('Ctrl-C while the demonstration data are loaded stops everything, and what is not loaded yet is left to the next start', {
  timeout: 600_000,
}, async () => {
  const size = ['--members', members.join(), '--residents', '2000'];
  const { child, ended } = region.begin('up', ...size);
  onTestFailed(() => void child.kill('SIGINT'));
  const state = () => demonstrationState(join(region.folder, 'data'));
  await expect.poll(() => Object.keys(state()?.loaded ?? {}), { timeout: 400_000 }).not.toEqual([]);
  const started = processes.map((path) => region.pid(path));
  expect(started).not.toContain(undefined);
  child.kill('SIGINT');
  expect((await ended).code).toBe(exitNumber('interrupted'));
  // Whose parent has ended is there until the first process of the machine has taken note of its end.
  await expect.poll(() => started.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  expect(state()?.done).not.toContain('310000/medical-settlement');
});

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
