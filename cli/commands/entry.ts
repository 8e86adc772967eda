import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Run } from '../command.ts';
import type { Exit } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** Runs another workspace's own program with the arguments as they are. */
export function entry(workspace: 'simulation'): Run {
  return async ({ args, stop }) => {
    const path = fileURLToPath(new URL(`../../${workspace}/main.ts`, import.meta.url));
    if (!existsSync(path))
      throw new Failure('missing', `${workspace}/main.ts is not there.`, 'This is not a whole checkout.');
    return await ended(['--import', import.meta.resolve('tsx'), path, ...args], stop);
  };
}

/** Runs Node with these words and waits for its end; Ctrl-C goes on to it. */
export function ended(args: readonly string[], stop: AbortSignal): Promise<Exit> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { stdio: 'inherit' });
    stop.addEventListener('abort', () => child.kill('SIGINT'));
    child.on('error', reject);
    child.on('close', (code) => {
      if (stop.aborted) return resolve('interrupted');
      resolve(code === 0 ? 'done' : code === 2 ? 'usage' : 'no');
    });
  });
}
