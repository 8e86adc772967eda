import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SetupError } from './setup-error.ts';

/**
 * The OS user that PostgreSQL runs as. `as` is what `spawn` takes to become that user, and is present only
 * when it is another one than ours: PostgreSQL refuses to run as root.
 */
export type ServerUser = { name: string; as?: { uid: number; gid: number } };

/** The environment that PostgreSQL's programs get: a foreign locale or PG* variable must not reach them. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const systemRoot = process.env['SystemRoot'];
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(systemRoot === undefined ? {} : { SystemRoot: systemRoot }),
  };
}

/**
 * Chooses that user: ourselves unless we are root; as root the owner of data that is already there, else
 * `postgres`, else `nobody`. Throws `SetupError` when there is none that PostgreSQL would accept.
 */
export function chooseServerUser(existingData: string | undefined): ServerUser {
  if (process.getuid === undefined) return { name: userInfo().username };
  if (process.getuid() !== 0) return ourselves(existingData, process.getuid());
  const owner = existingData === undefined ? undefined : ownerOf(existingData);
  const names = owner === undefined || owner === 0 ? ['postgres', 'nobody'] : [String(owner)];
  for (const name of names) {
    const found = lookUp(name);
    if (found !== undefined && found.as?.uid !== 0) return found;
  }
  throw new SetupError({
    code: 'no-server-user',
    reason: 'PostgreSQL does not run as root, and this system has neither a user postgres nor nobody',
    remedy: 'start as an ordinary user, create a user postgres, or use --postgres URL',
  });
}

/** Whether that user can enter a directory, tried as that user. */
export function canEnter(user: ServerUser, directory: string): boolean {
  if (user.as === undefined) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { ...user.as, cwd: '/' });
  return tried.status === 0;
}

function ourselves(existingData: string | undefined, uid: number): ServerUser {
  const owner = existingData === undefined ? undefined : ownerOf(existingData);
  if (owner !== undefined && owner !== uid) {
    throw new SetupError({
      code: 'foreign-data',
      reason: `the database ${existingData} belongs to OS user ${nameOf(owner) ?? owner}`,
      remedy: 'start as that user or as root, or choose another folder with --data',
    });
  }
  const name = nameOf(uid);
  if (name !== undefined) return { name };
  throw new SetupError({
    code: 'nameless-user',
    reason: `PostgreSQL does not run as uid ${uid}, which has no name on this system`,
    remedy: 'add it to /etc/passwd, start as another user, or use --postgres URL',
  });
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}

function lookUp(name: string): ServerUser | undefined {
  const uid = id(['-u', name]);
  const gid = id(['-g', name]);
  if (uid === undefined || gid === undefined) return undefined;
  return { name: id(['-un', name]) ?? name, as: { uid: Number(uid), gid: Number(gid) } };
}

function nameOf(uid: number): string | undefined {
  return id(['-un', String(uid)]);
}

function id(words: string[]): string | undefined {
  try {
    return execFileSync('id', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
