import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBinaries } from '../../node/postgres/binaries.ts';
import { placeElsewhere } from '../../node/postgres/place.ts';
import { readPostmasterFile } from '../../node/postgres/postmaster.ts';
import { isAlive, isSame } from '../../node/postgres/processes.ts';
import { readJsonFile } from '../../node/supervisor/json-file.ts';
import { memberFiles } from '../../node/supervisor/layout.ts';
import { lockHolder, StoredMark } from '../../node/supervisor/lock.ts';
import { messageOf } from '../failure.ts';
import { amount } from '../progress.ts';
import { bad, type Finding, good, odd } from './finding.ts';

const nodeLeast = [20, 19] as const;
const freeLeast = 512 * 1024 * 1024;
/** PostgreSQL keeps up to 4 GB of its log; twice that is room enough. */
const freeWell = 8 * 1024 * 1024 * 1024;

/** Looks at what does not need a running region: Node, PostgreSQL, the data folder, disk, leftovers, key files. */
export async function* checkMachine(data: string): AsyncGenerator<Finding> {
  yield nodeVersion();
  yield postgresProgram();
  yield folderRights(data);
  yield freeSpace(data);
  yield* leftovers(data);
  yield* keyFiles(data);
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > nodeLeast[0] || (major === nodeLeast[0] && minor >= nodeLeast[1]);
  if (isNew) return good('Node.js', process.versions.node);
  return bad(
    'Node.js',
    process.versions.node,
    `Install Node.js ${nodeLeast.join('.')} or newer (https://nodejs.org).`,
  );
}

function postgresProgram(): Finding {
  try {
    return good('PostgreSQL', `package ${findBinaries().version}`);
  } catch (error) {
    const remedy = 'Run npm ci with optional packages, or use a server of your own: yitong up --postgres URL';
    return bad('PostgreSQL', messageOf(error), remedy);
  }
}

function folderRights(data: string): Finding {
  const folder = nearest(data);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return good('data folder', data);
  } catch {
    const user = process.getuid?.() ?? 'this user';
    return bad(
      'data folder',
      `${folder} is closed to user ${user}`,
      'Choose another folder with --data, or start as its owner.',
    );
  }
}

function freeSpace(data: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(data));
  const free = bavail * bsize;
  if (free < freeLeast)
    return bad(
      'disk',
      `${amount(free, 'bytes')} free`,
      'Free some space: nodes stop taking work on a full disk.',
    );
  if (free < freeWell)
    return odd(
      'disk',
      `${amount(free, 'bytes')} free`,
      'Enough for the demonstration; large imports want 8 GB.',
    );
  return good('disk', `${amount(free, 'bytes')} free`);
}

function* leftovers(data: string): Generator<Finding> {
  const holder = lockHolder(data);
  if (holder !== undefined) {
    yield good('supervisor', `yitong up runs here as process ${holder}`);
    return;
  }
  const left = [...nodesLeft(data), ...postgresLeft(data)];
  for (const { what, pid } of left)
    yield bad(what, `process ${pid} of an earlier start still runs`, 'yitong up takes it over or ends it.');
  if (left.length === 0) yield odd('supervisor', `no region runs in ${data}`, 'yitong up starts it.');
}

function nodesLeft(data: string): { what: string; pid: number }[] {
  return memberCodes(data).flatMap((code) => {
    const mark = readJsonFile(memberFiles(data, code).process, StoredMark);
    return mark !== undefined && isSame(mark) ? [{ what: `node ${code}`, pid: mark.pid }] : [];
  });
}

function postgresLeft(data: string): { what: string; pid: number }[] {
  const folder = placeElsewhere(data) ?? join(data, 'postgres');
  try {
    const file = readPostmasterFile(join(folder, 'data'));
    return file !== undefined && isAlive(file.pid) ? [{ what: 'PostgreSQL', pid: file.pid }] : [];
  } catch {
    return []; // Closed to us: it belongs to another user, who can see it.
  }
}

function* keyFiles(data: string): Generator<Finding> {
  if (process.platform === 'win32') return;
  const open = memberCodes(data).flatMap((code) => {
    const { config, batchKey, directoryKey, tlsKey, ...files } = memberFiles(data, code);
    const passwords = [files.databasePassword, files.ownerPassword, files.retentionPassword];
    const accounts = join(data, 'issuer', 'accounts.json');
    return [config, batchKey, directoryKey, tlsKey, ...passwords, accounts].filter(isOpenToOthers);
  });
  const paths = [...new Set(open)];
  for (const path of paths) yield bad('key file', `${path} can be read by others`, `chmod 600 '${path}'`);
  if (paths.length === 0 && memberCodes(data).length > 0) yield good('key files', 'closed to others');
}

function isOpenToOthers(path: string): boolean {
  const state = statSync(path, { throwIfNoEntry: false });
  return state !== undefined && (state.mode & 0o077) !== 0;
}

function memberCodes(data: string): readonly string[] {
  const folder = join(data, 'nodes');
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d{6}$/.test(name)) : [];
}

/** The folder itself, or the nearest above it that exists. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
