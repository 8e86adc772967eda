import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSame, markOf } from '../postgres/processes.ts';
import { codeOf, SetupError } from '../postgres/setup-error.ts';
import { readJsonFile } from './json-file.ts';

/** A process as a file remembers it. */
export const StoredMark = z.object({ pid: z.int().positive(), began: z.string() });

/**
 * Makes this process the only one that runs nodes on `dataDir`; returns what gives the lock up again. A lock of
 * a process that is gone is taken over. Throws `SetupError` `already-running`.
 */
export function takeLock(dataDir: string): () => void {
  const path = join(dataDir, 'supervisor.json');
  const mine = markOf(process.pid) ?? { pid: process.pid, began: '' };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let turn = 0; turn < 5; turn++) {
      if (linked(draft, path)) return () => release(path);
      const holder = readJsonFile(path, StoredMark);
      if (holder !== undefined && isSame(holder)) throw alreadyRunning(dataDir, holder.pid);
      putAside(path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw alreadyRunning(dataDir, undefined);
}

/** The process that runs nodes on `dataDir`, undefined when there is none. */
export function lockHolder(dataDir: string): number | undefined {
  const holder = readJsonFile(join(dataDir, 'supervisor.json'), StoredMark);
  return holder !== undefined && isSame(holder) ? holder.pid : undefined;
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path); // Fails when there is one: the test and the taking are one step.
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead lock away; when another start was quicker and the file is its new lock, puts that back. */
function putAside(path: string, dead: { pid: number } | undefined): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readJsonFile(aside, StoredMark)?.pid !== dead?.pid) linked(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string): void {
  if (readJsonFile(path, StoredMark)?.pid === process.pid) rmSync(path, { force: true });
}

function alreadyRunning(dataDir: string, pid: number | undefined): SetupError {
  const who = pid === undefined ? 'another start' : `process ${pid}`;
  return new SetupError({
    code: 'already-running',
    reason: `${dataDir} is in use by ${who}`,
    remedy: `stop it (Ctrl-C there${pid === undefined ? '' : `, or kill ${pid}`}), or choose another folder with --data`,
  });
}
