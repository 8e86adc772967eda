import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { canEnter, chooseServerUser, type ServerUser } from './os-user.ts';
import { codeOf, SetupError } from './setup-error.ts';
import { placeParents } from './strays.ts';

/** Where one embedded server keeps everything, and the OS user that owns its data. */
export type Place = {
  /** Holds the rest; can be entered by `user`. */
  folder: string;
  /** PostgreSQL's data directory; owned by `user`, closed to others. */
  data: string;
  log: string;
  user: ServerUser;
  /** Files for us alone: password, record of processes. */
  own: string;
};

/** A Unix socket's path is at most 107 bytes, of which `/.s.PGSQL.5432` and PostgreSQL's checks take 20. */
const socketFolderBytesMax = 87;

/**
 * The place that belongs to `dataDir`: `<dataDir>/postgres`, or, when PostgreSQL's user cannot enter that (a
 * checkout under /root), a folder elsewhere that `<dataDir>/postgres/place` names from then on.
 */
export function preparePlace(dataDir: string): Place {
  const own = join(realpathSync(dataDir), 'postgres');
  mkdirSync(own, { recursive: true });
  const named = placeNamedIn(own);
  const known = [named, own].find((folder) => folder !== undefined && existsSync(join(folder, 'data')));
  const user = chooseServerUser(known === undefined ? undefined : join(known, 'data'));
  if (user.as === undefined) chmodSync(own, 0o700);
  const folder = known ?? named ?? freshPlace(own, user);
  if (!canEnter(user, folder)) throw closed(folder, user);
  // A data folder that was moved takes its database with it.
  if (folder !== own && readLine(join(folder, 'origin')) !== own)
    writeFileSync(join(folder, 'origin'), `${own}\n`);
  return { folder, data: join(folder, 'data'), log: join(folder, 'server.log'), user, own };
}

/** The folder outside `dataDir` that holds its database, undefined when it lies inside. */
export function placeElsewhere(dataDir: string): string | undefined {
  return existsSync(dataDir) ? placeNamedIn(join(realpathSync(dataDir), 'postgres')) : undefined;
}

/**
 * A folder for the server's socket, owned by its user and closed to others: inside the place when the path is
 * short enough, else `/tmp/yitong-<8 hex of the place>`.
 */
export function prepareSocketFolder(place: Place): string {
  const inside = join(place.folder, 'socket');
  if (Buffer.byteLength(inside) <= socketFolderBytesMax) {
    if (takeFolder(inside, place.user)) return inside;
  }
  for (const turn of ['', '-1', '-2', '-3']) {
    const folder = join('/tmp', `yitong-${shortHash(place.folder)}${turn}`);
    if (takeFolder(folder, place.user)) return folder;
  }
  throw new SetupError({
    code: 'no-socket-folder',
    reason: `${inside} is too long for a socket and /tmp/yitong-${shortHash(place.folder)} belongs to others`,
    remedy: 'choose a shorter folder with --data',
  });
}

/** Removes the folder of a server's socket from the temporary folder when nothing is left in it. */
export function dropSocketFolder(folder: string, place: Place): void {
  if (!folder.startsWith(join('/tmp', `yitong-${shortHash(place.folder)}`))) return;
  try {
    rmdirSync(folder);
  } catch {
    // Something else lies there, or it is gone: both are fine.
  }
}

function freshPlace(own: string, user: ServerUser): string {
  if (user.as === undefined || canEnter(user, own)) return own;
  const name = `yitong-${shortHash(own)}`;
  for (const parent of placeParents) {
    const folder = join(parent, name);
    if (!takeFolder(folder, undefined) || !canEnter(user, folder)) continue;
    writeFileSync(join(folder, 'origin'), `${own}\n`);
    writeFileSync(join(own, 'place'), `${folder}\n`);
    return folder;
  }
  throw closed(own, user);
}

/** What `<own>/place` names, unless that folder serves another data directory (this one is then a copy). */
function placeNamedIn(own: string): string | undefined {
  const folder = readLine(join(own, 'place'));
  if (folder === undefined || !existsSync(folder)) return undefined;
  const origin = readLine(join(folder, 'origin'));
  if (origin !== own && origin !== undefined && existsSync(join(origin, 'place'))) return undefined;
  return folder;
}

/** Makes the folder or takes it over when it is already ours (or the user's) and nobody else's. */
function takeFolder(folder: string, user: ServerUser | undefined): boolean {
  const mode = user === undefined ? 0o711 : 0o700;
  try {
    mkdirSync(folder, { mode });
    if (user?.as !== undefined) chownSync(folder, user.as.uid, user.as.gid);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return false;
  }
  const state = lstatSync(folder);
  const uid = user?.as?.uid ?? process.getuid?.();
  return state.isDirectory() && state.uid === uid && (state.mode & 0o022) === 0;
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function closed(folder: string, user: ServerUser): SetupError {
  return new SetupError({
    code: 'closed-folder',
    reason: `PostgreSQL runs as ${user.name}, who cannot enter ${folder}`,
    remedy: 'choose an open folder with --data, start as an ordinary user, or use --postgres URL',
  });
}
