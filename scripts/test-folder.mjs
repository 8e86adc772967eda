import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run's folder carries its process id. */
const named = /^yitong-tests-(\d+)$/;

/**
 * Gives this run a temporary folder of its own (`TMPDIR`), removed at its end. What a run left that was killed goes first: a
 * PostgreSQL whose folder is gone notices within a minute and ends by itself.
 */
export function useTestFolder() {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const pid = Number(named.exec(name)?.[1]);
    const folder = join(parent, name);
    if (pid && !isAlive(pid) && statSync(folder).uid === process.getuid?.()) remove(folder);
  }
  const folder = join(parent, `yitong-tests-${process.pid}`);
  mkdirSync(folder);
  // PostgreSQL runs as another user when the tests are run by root.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.on('exit', () => remove(folder));
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
