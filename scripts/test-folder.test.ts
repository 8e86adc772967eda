import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const parent = mkdtempSync(join(tmpdir(), 'runs-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const where = new URL('./test-folder.mjs', import.meta.url).href;
const begin = `import { useTestFolder } from ${JSON.stringify(where)}; useTestFolder(); console.log(process.env.TMPDIR);`;
const words = (script: string) => ['--input-type=module', '--eval', script];
const env = { ...process.env, TMPDIR: parent };

test('a run that was killed leaves a folder, and the next run removes it and leaves none', async () => {
  const killed = spawn(process.execPath, words(`${begin} setInterval(() => {}, 1 << 30);`), { env });
  const [folder] = (await once(killed.stdout, 'data')) as [Buffer];
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(existsSync(String(folder).trim())).toBe(true);

  const next = spawnSync(process.execPath, words(begin), { env });
  expect(String(next.stderr)).toBe('');
  expect(readdirSync(parent)).toEqual([]);
});

test('the folder of a run that still goes on is left alone', async () => {
  const running = spawn(process.execPath, words(`${begin} setInterval(() => {}, 1 << 30);`), { env });
  const [folder] = (await once(running.stdout, 'data')) as [Buffer];
  spawnSync(process.execPath, words(begin), { env });
  expect(existsSync(String(folder).trim())).toBe(true);
  running.kill('SIGKILL');
  await once(running, 'exit');
});
