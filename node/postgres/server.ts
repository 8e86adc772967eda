import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fchownSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { program } from './binaries.ts';
import { askOne, type DatabaseAddress, withConnection } from './connection.ts';
import { freePort } from './free-port.ts';
import { cleanEnvironment } from './os-user.ts';
import { type Place, prepareSocketFolder } from './place.ts';
import { addressOf, putAsideRecycled, readPostmasterFile, serves } from './postmaster.ts';
import { ended, isAlive, signalTo } from './processes.ts';
import { type ServerSettings, settingWords } from './settings.ts';
import { codeOf, describe, SetupError } from './setup-error.ts';

/** A server process that takes connections: ours, or one that an earlier start left behind (`adopted`). */
export type RunningServer = { pid: number; adopted: boolean; address: DatabaseAddress };

type Launch = { place: Place; native: string; password: string; settings: ServerSettings; limitMs: number };

/** Starts the server on its data directory, or adopts the one that serves it already. */
export async function startServer(launch: Launch): Promise<RunningServer> {
  return (await adopt(launch)) ?? (await launchServer(launch));
}

/** Stops a server: fast shutdown and, past the limit, the immediate one, which costs a recovery at the next start. */
export async function stopServer(pid: number, place: Place, native: string, limitMs = 30_000): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync(program(native, 'pg_ctl'), ['stop', '-m', 'fast', '-w', '-D', place.data], { cwd: '/' });
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signalTo(pid, signal);
    if (await ended(pid, signal === 'SIGINT' ? limitMs : 5_000)) return;
  }
}

async function adopt({ place, password, limitMs }: Launch): Promise<RunningServer | undefined> {
  const until = performance.now() + limitMs;
  for (;;) {
    const file = readPostmasterFile(place.data);
    if (file === undefined || !isAlive(file.pid)) return undefined;
    const address = addressOf(file, password);
    try {
      if (await serves(address, place.data)) return { pid: file.pid, adopted: true, address };
      return undefined;
    } catch (error) {
      if (codeOf(error) === '28P01') throw wrongPassword(place);
      // 57P03: it is starting, recovering or stopping, and will say which.
      if (codeOf(error) !== '57P03' || performance.now() > until) {
        putAsideRecycled(place.data, file);
        return undefined;
      }
    }
    await pause(25);
  }
}

async function launchServer(launch: Launch): Promise<RunningServer> {
  const { place, password } = launch;
  const reach = await listenWords(place);
  const address = { ...reach.address, user: 'postgres', password, database: 'postgres' };
  const until = performance.now() + launch.limitMs;
  for (;;) {
    const before = sizeOf(place.log);
    const child = spawnServer(launch, reach.words);
    const failure = await ready(child, address, launch, until);
    if (failure === undefined) {
      child.unref();
      return { pid: child.pid ?? 0, adopted: false, address };
    }
    const said = readFrom(place.log, before);
    // After kill -9 of a postmaster its last children take a moment to notice and go.
    if (!said.includes('shared memory block') || performance.now() > until)
      throw notReady(failure, said, place);
    await pause(200);
  }
}

function spawnServer(launch: Launch, reach: string[]): ChildProcess {
  const { place, native, settings } = launch;
  if (sizeOf(place.log) > 8 * 2 ** 20) renameSync(place.log, `${place.log}.1`);
  const log = openSync(place.log, 'a', 0o600);
  if (place.user.as !== undefined) fchownSync(log, place.user.as.uid, place.user.as.gid);
  try {
    // Detached: Ctrl-C reaches a whole process group, and the nodes need their database until they have ended.
    return spawn(
      program(native, 'postgres'),
      ['-D', place.data, ...reach, ...settingWords(settings, place.data)],
      { ...place.user.as, cwd: '/', env: cleanEnvironment(), stdio: ['ignore', log, log], detached: true },
    );
  } finally {
    closeSync(log);
  }
}

/** Connects until that works; why not, when the process ended or the time is over. */
async function ready(child: ChildProcess, address: DatabaseAddress, launch: Launch, until: number) {
  const end: { reason?: string } = {};
  child.on('error', (error) => {
    end.reason = error.message;
  });
  child.on('exit', (code, signal) => {
    end.reason ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });
  for (;;) {
    await pause(10);
    if (end.reason !== undefined) return end.reason;
    try {
      await withConnection(address, (client) => askOne(client, 'select 1'));
      return undefined;
    } catch (error) {
      if (codeOf(error) === '28P01') {
        await stopServer(child.pid ?? 0, launch.place, launch.native);
        throw wrongPassword(launch.place);
      }
      // 57P03: crash recovery may take long and is no reason to give up.
      if (performance.now() < until || codeOf(error) === '57P03') continue;
      if (child.pid !== undefined) await stopServer(child.pid, launch.place, launch.native, 5_000);
      return `no connection within ${Math.round(launch.limitMs / 1000)} s (${describe(error)})`;
    }
  }
}

/** A Unix socket where there are such, else a free port of this machine alone. */
async function listenWords(
  place: Place,
): Promise<{ words: string[]; address: { host: string; port: number } }> {
  if (process.platform === 'win32') {
    const port = await freePort();
    const words = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`];
    return { words, address: { host: '127.0.0.1', port } };
  }
  const folder = prepareSocketFolder(place);
  const words = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'port=5432'];
  return { words, address: { host: folder, port: 5432 } };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(path: string, offset: number): string {
  return existsSync(path) ? readFileSync(path).subarray(offset).toString('utf8') : '';
}

function notReady(failure: string, said: string, place: Place): SetupError {
  const last = said.trim().split('\n').slice(-6).join('\n  ');
  return new SetupError({
    code: 'postgres-not-ready',
    reason: `PostgreSQL did not start: ${failure}${last === '' ? '' : `\n  ${last}\n`}`,
    remedy: `see ${place.log}`,
  });
}

function wrongPassword(place: Place): SetupError {
  return new SetupError({
    code: 'postgres-password',
    reason: `the password in ${place.own}/superuser.password is not the one of ${place.data}`,
    remedy: 'put the file back from a backup, or start anew with --fresh',
  });
}
