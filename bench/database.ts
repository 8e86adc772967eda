import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '@yitong/node';

type Server = Awaited<ReturnType<typeof startPostgres>>;
type Settings = NonNullable<Parameters<typeof startPostgres>[0]['settings']>;

/** An address as the drivers take it. */
export type Address = Awaited<ReturnType<Server['ensureDatabase']>>;

/** Where a bench may make databases: fresh ones, each used once. */
export interface Databases {
  /** The server's first process. */
  readonly pid: number;
  fresh(name: string): Promise<Address>;
  drop(name: string): Promise<void>;
}

/** Runs something on an embedded server with the settings of a node's own unless others are told, and removes it all afterwards. */
export async function withDatabases<T>(
  run: (databases: Databases) => Promise<T>,
  settings: Settings = {},
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yitong-bench-'));
  const server = await startPostgres({ dataDir, settings });
  try {
    return await run({
      pid: server.pid ?? 0,
      fresh: (name) => server.ensureDatabase({ name, role: name, password: name }),
      drop: (name) => server.dropDatabase({ name, role: name }),
    });
  } finally {
    await server.stop();
    await removePostgres(dataDir);
    rmSync(dataDir, { recursive: true });
  }
}
