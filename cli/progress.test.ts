import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { output } from './output.ts';
import { progress } from './progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** What a bar writes where there is no terminal. */
async function written(work: (bar: ReturnType<Awaited<ReturnType<typeof progress>>['bar']>) => void) {
  const lines: string[] = [];
  const stderr = new Writable({
    write: (part, _encoding, done) => {
      lines.push(String(part));
      done();
    },
  });
  // The cast: of the streams of a process only these members are used.
  const streams = { stdout: stderr, stderr, env: {} } as unknown as Parameters<typeof output>[0];
  const bars = await progress(output(streams, { json: false, quiet: false }));
  const bar = bars.bar('PostgreSQL', 2, 'steps');
  work(bar);
  return lines.join('');
}

test('a step that takes long is told as done once', async () => {
  const text = await written((bar) => {
    bar.update(0, '');
    vi.advanceTimersByTime(6_000);
    bar.update(2, '');
    bar.stop();
  });
  expect(text).toBe('PostgreSQL: 100 %\n');
});

test('between its ends a bar is told every few seconds, and where it stopped', async () => {
  const text = await written((bar) => {
    bar.update(0, 'begun');
    vi.advanceTimersByTime(5_000);
    bar.update(1, 'half');
    vi.advanceTimersByTime(1_000);
    bar.update(1, 'stopped');
    bar.stop();
    bar.stop();
  });
  expect(text).toBe('PostgreSQL: 50 %  half\nPostgreSQL: 50 %  stopped\n');
});
