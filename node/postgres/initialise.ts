import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { program } from './binaries.ts';
import { cleanEnvironment } from './os-user.ts';
import type { Place } from './place.ts';
import { commandOf, endProcess } from './processes.ts';
import { describe, SetupError } from './setup-error.ts';

/**
 * Makes the data directory by initdb: in `data.tmp`, renamed when complete, so that a killed initdb is never
 * taken for a database. An existing one is only checked for its major version. True when it was made.
 */
export async function initialise(
  place: Place,
  native: string,
  major: number,
  password: string,
): Promise<boolean> {
  if (existsSync(place.data)) {
    checkMajor(place.data, major);
    return false;
  }
  const half = `${place.data}.tmp`;
  await clearLeftovers(half);
  mkdirSync(half, { mode: 0o700 });
  own(half, place);
  const passwordFile = `${half}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  own(passwordFile, place);
  try {
    await runInitdb(place, program(native, 'initdb'), half, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(half, place.data);
  rmSync(`${half}.pid`, { force: true });
  return true;
}

function checkMajor(data: string, major: number): void {
  let version: string;
  try {
    version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new SetupError(
      {
        code: 'not-a-database',
        reason: `${data} is not a PostgreSQL database (${describe(error)})`,
        remedy: 'put its content back from a backup, or start anew with --fresh',
      },
      error,
    );
  }
  if (version === String(major)) return;
  throw new SetupError({
    code: 'postgres-version',
    reason: `the database ${data} is of PostgreSQL ${version}, the installed programs are PostgreSQL ${major}`,
    remedy:
      `start it with a release of this project that brings PostgreSQL ${version}, or serve it by a ` +
      `PostgreSQL ${version} of your own and use --postgres URL, or start anew with --fresh`,
  });
}

/** An initdb outlives its killed parent: end it before its half-made directory goes. */
async function clearLeftovers(half: string): Promise<void> {
  const pid = existsSync(`${half}.pid`) ? Number(readFileSync(`${half}.pid`, 'utf8')) : Number.NaN;
  if (Number.isInteger(pid) && commandOf(pid).includes(half)) await endProcess(pid, 'SIGTERM', 2_000);
  for (const path of [half, `${half}.pid`, `${half}.password`])
    rmSync(path, { recursive: true, force: true });
}

function runInitdb(place: Place, initdb: string, half: string, passwordFile: string): Promise<void> {
  const words = ['-D', half, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  // Without them the encoding would come from the environment: SQL_ASCII in an empty one.
  words.push('-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  return new Promise((resolve, reject) => {
    const child = spawn(initdb, words, {
      ...place.user.as,
      cwd: '/',
      env: cleanEnvironment(),
      detached: true,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = `${said}${text}`.slice(-2_000);
      });
    }
    if (child.pid !== undefined) writeFileSync(`${half}.pid`, String(child.pid));
    const failed = (why: string) =>
      new SetupError({
        code: 'initdb-failed',
        reason: `initdb could not make ${place.data}: ${why}`,
        remedy: 'look at the free disk space and the rights of that folder, then start again',
      });
    child.on('error', (error) => reject(failed(error.message)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(failed(said.trim() || `exit code ${code}`)),
    );
  });
}

function own(path: string, place: Place): void {
  if (place.user.as === undefined) return;
  chownSync(path, place.user.as.uid, place.user.as.gid);
  chmodSync(path, path.endsWith('.password') ? 0o600 : 0o700);
}
