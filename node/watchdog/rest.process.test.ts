import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('a watch that was given back while nothing happened begins again with the next handler, and ends one that hangs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yitong-watch-'));
  const file = join(folder, 'hung');
  const script = fileURLToPath(new URL('../testing/looping-handler.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, file], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  expect(readFileSync(file, 'latin1')).toBe('yitong:310000 never-ending\n');
  rmSync(folder, { recursive: true });
});
