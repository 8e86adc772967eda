import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memberFiles } from './layout.ts';
import { startNodeProcess } from './node-process.ts';

test('a process whose end is heard late does not take away the mark of the one that followed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yitong-mark-'));
  const files = memberFiles(folder, '310000');
  mkdirSync(files.folder, { recursive: true });
  const program = (name: string, source: string) => {
    const script = join(folder, name);
    writeFileSync(script, source);
    return { script, files, flags: [] };
  };
  // It says that it failed and ends only when the other one has begun.
  const failing = program(
    'failing.mjs',
    `import { watchFile } from 'node:fs';
    process.send({ type: 'failed', reason: 'told to' });
    watchFile(${JSON.stringify(files.process)}, { interval: 20 }, () => process.exit(1));`,
  );
  const ready = program(
    'ready.mjs',
    `process.send({ type: 'ready', http: 'http://127.0.0.1:1', exchange: 'https://127.0.0.1:2' });
    process.on('message', () => process.exit(0));`,
  );
  const mark = () => JSON.parse(readFileSync(files.process, 'utf8')).pid;
  const first = startNodeProcess(failing, 60_000);
  await expect(first).rejects.toThrow('told to');
  const former = mark();
  const second = await startNodeProcess(ready, 60_000);
  await expect.poll(() => isThere(former), { timeout: 20_000 }).toBe(false);
  expect(mark()).toBe(second.pid);
  await second.stop(5_000);
  rmSync(folder, { recursive: true });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
