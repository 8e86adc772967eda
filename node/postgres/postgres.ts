import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries, prepareBinaries } from './binaries.ts';
import { type NodeDatabase, parsePostgresUrl } from './connection.ts';
import { checkServer, type DatabaseWish, dropDatabase, ensureDatabase } from './databases.ts';
import { initialise } from './initialise.ts';
import { dropSocketFolder, type Place, preparePlace } from './place.ts';
import { readPostmasterFile } from './postmaster.ts';
import { isAlive } from './processes.ts';
import { secretIn } from './secret.ts';
import { startServer, stopServer } from './server.ts';
import { type ServerSettings, smallServer } from './settings.ts';
import { codeOf, describe, SetupError } from './setup-error.ts';
import { sweepStrays } from './strays.ts';

/** A PostgreSQL server, embedded or of somebody else, on which databases can be made. */
export type Postgres = {
  kind: 'embedded' | 'external';
  /** The server's version, `18.4` or `18.4.0-beta.17`. */
  version: string;
  /** An embedded server that an earlier start had left running. */
  adopted: boolean;
  /** Whether the embedded server's data was made by this start. */
  made: boolean;
  /** The embedded server's process; undefined for an external one. */
  pid: number | undefined;
  /** The embedded server's log file; undefined for an external one. */
  log: string | undefined;
  ensureDatabase(wish: DatabaseWish): Promise<NodeDatabase>;
  dropDatabase(wish: { name: string; role: string }): Promise<void>;
  /** Whether the server's process still runs (always true for an external one). */
  isRunning(): boolean;
  /** Ends the embedded server and waits for it; leaves an external one alone. */
  stop(): Promise<void>;
  /** Asks the embedded server to end without waiting, for a process that is about to end itself. */
  abandon(): void;
};

/** What `startPostgres` needs; `limitMs` is the time to become ready (60 s), crash recovery not counted. */
export type PostgresOptions = { dataDir: string; settings?: Partial<ServerSettings>; limitMs?: number };

/** Starts (or adopts) the embedded server of `dataDir`, which must exist. Throws `SetupError`. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const found = findBinaries();
  const place = preparePlace(options.dataDir);
  if (place.user.as !== undefined) await sweepStrays();
  const native = prepareBinaries(found, place.user, place.folder);
  const password = secretIn(join(place.own, 'superuser.password'));
  const made = await initialise(place, native, Number.parseInt(found.version, 10), password);
  const settings = { ...smallServer, ...options.settings };
  const server = await startServer({ place, native, password, settings, limitMs: options.limitMs ?? 60_000 });
  return {
    kind: 'embedded',
    version: found.version,
    adopted: server.adopted,
    made,
    pid: server.pid,
    log: place.log,
    ensureDatabase: (wish) => ensureDatabase(server.address, wish),
    dropDatabase: (wish) => dropDatabase(server.address, wish),
    isRunning: () => isAlive(server.pid),
    stop: async () => {
      await stopServer(server.pid, place, native);
      dropSocketFolder(server.address.host, place);
    },
    abandon: () => abandon(server.pid, place),
  };
}

/** Uses a server that somebody else runs: `postgres://user:password@host:port/database`. Throws `SetupError`. */
export async function connectPostgres(url: string): Promise<Postgres> {
  const admin = parsePostgresUrl(url);
  const version = await checkServer(admin).catch((error: unknown) => {
    if (error instanceof SetupError) throw error;
    const problem = {
      code: 'postgres-unreachable',
      reason: `--postgres: ${admin.user}@${admin.host}:${admin.port} cannot be used (${describe(error) || codeOf(error)})`,
      remedy: 'check address, user, password and that the server runs',
    };
    throw new SetupError(problem, error);
  });
  return {
    kind: 'external',
    version,
    adopted: false,
    made: false,
    pid: undefined,
    log: undefined,
    ensureDatabase: (wish) => ensureDatabase(admin, wish),
    dropDatabase: (wish) => dropDatabase(admin, wish),
    isRunning: () => true,
    stop: () => Promise.resolve(),
    abandon: () => undefined,
  };
}

/** Stops what runs on `dataDir` and removes the embedded server's data, wherever it lies. */
export async function removePostgres(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, 'postgres'))) return;
  const place = preparePlace(dataDir);
  const file = readPostmasterFile(place.data);
  if (file !== undefined && isAlive(file.pid)) {
    // Only a server that answers as this directory's may be stopped; startPostgres proves it.
    const running = await startPostgres({ dataDir });
    await running.stop();
  }
  for (const folder of new Set([place.folder, place.own])) rmSync(folder, { recursive: true, force: true });
}

function abandon(pid: number, place: Place): void {
  const file = readPostmasterFile(place.data);
  if (file?.pid === pid && isAlive(pid)) process.kill(pid, 'SIGINT');
}
