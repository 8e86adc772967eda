import { existsSync, readFileSync, realpathSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { askOne, type DatabaseAddress, withConnection } from './connection.ts';
import { commandOf, isAlive, workingIn } from './processes.ts';
import { SetupError } from './setup-error.ts';

/** What a running server writes into `postmaster.pid`. */
export type PostmasterFile = { pid: number; port: number; socketFolder: string; listen: string };

/** Reads `<data>/postmaster.pid`; undefined when there is none or it is not complete yet. */
export function readPostmasterFile(data: string): PostmasterFile | undefined {
  const path = join(data, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const [pid, , , port, socketFolder, listen] = readFileSync(path, 'utf8').split('\n');
  const number = Number.parseInt(pid ?? '', 10);
  if (!Number.isInteger(number)) return undefined;
  const numberOfPort = Number.parseInt(port ?? '', 10);
  if (!Number.isInteger(numberOfPort)) return undefined;
  return { pid: number, port: numberOfPort, socketFolder: socketFolder ?? '', listen: listen ?? '' };
}

/** The address under which the server of that file takes connections. */
export function addressOf(file: PostmasterFile, password: string): DatabaseAddress {
  const host = file.socketFolder === '' ? file.listen || '127.0.0.1' : file.socketFolder;
  return { host, port: file.port, user: 'postgres', password, database: 'postgres' };
}

/** Whether what answers there serves this very data directory: a process id alone proves nothing. */
export async function serves(address: DatabaseAddress, data: string): Promise<boolean> {
  const told = await withConnection(address, (client) => askOne(client, 'show data_directory'));
  return realpathSync(told) === realpathSync(data);
}

/**
 * After a restart of a container the id in `postmaster.pid` may belong to something else, and PostgreSQL then
 * refuses to start. When no process at all works in the data directory the file is put aside; where that cannot
 * be proven this throws `SetupError`.
 */
export function putAsideRecycled(data: string, file: PostmasterFile): void {
  if (!isAlive(file.pid)) return; // PostgreSQL handles a dead one itself.
  const path = join(data, 'postmaster.pid');
  if (workingIn(realpathSync(data))?.length === 0) {
    renameSync(path, `${path}.stale`);
    return;
  }
  throw new SetupError({
    code: 'postmaster-silent',
    reason: `process ${file.pid} (${commandOf(file.pid).slice(0, 80)}) holds ${data} but takes no connection`,
    remedy: `stop it (kill -INT ${file.pid}); if it is not PostgreSQL, remove ${path}`,
  });
}
