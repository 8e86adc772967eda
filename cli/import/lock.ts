import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode, Failure, fileFailure } from '../failure.ts';

/** Makes this process the only one that writes a results file; gives back what ends that. Errors: usage. */
export function claim(results: string): () => void {
  const path = `${results}.lock`;
  for (let turn = 0; turn < 3; turn++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fileFailure(path, error);
      const holder = holderOf(path);
      if (holder !== undefined)
        throw new Failure(
          'usage',
          `Another import writes ${results} (process ${holder}).`,
          'Wait for it, or name another file with --results.',
        );
      rmSync(path, { force: true });
    }
  }
  throw new Failure('usage', `${path} comes again and again.`, 'Remove it when no other import runs.');
}

/** The process that holds the lock, if it still lives. */
function holderOf(path: string): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return errorCode(error) === 'EPERM' ? pid : undefined;
  }
}
