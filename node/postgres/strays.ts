import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPostmasterFile } from './postmaster.ts';
import { commandOf, ended, isAlive, signalTo } from './processes.ts';

/** Folders in which a database may lie whose own data folder PostgreSQL's user cannot enter. */
export const placeParents: readonly string[] = ['/var/lib', '/var/tmp', '/tmp'];

/** A database that lies outside its data folder: where, and which data folder it belongs to. */
export type Stray = { folder: string; origin: string };

/** Databases whose data folder is gone: thrown away, or on a disk that is not mounted now. */
export function strayPlaces(): Stray[] {
  return placeParents.flatMap((parent) =>
    namesIn(parent)
      .filter((name) => /^yitong-[0-9a-f]{8}$/.test(name))
      .map((name) => join(parent, name))
      .flatMap((folder) => {
        const origin = originOf(folder);
        return origin === undefined || existsSync(origin) ? [] : [{ folder, origin }];
      }),
  );
}

/**
 * Removes those that belonged to a temporary folder, which is made to be thrown away; any other may come back. A
 * server that still runs on one is ended first.
 */
export async function sweepStrays(): Promise<void> {
  const temporary = [...new Set([realpathSync(tmpdir()), '/tmp', '/var/tmp'])].map((folder) => `${folder}/`);
  for (const { folder, origin } of strayPlaces()) {
    if (!temporary.some((start) => origin.startsWith(start))) continue;
    if (await quiet(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

async function quiet(folder: string): Promise<boolean> {
  const data = join(folder, 'data');
  const pid = readPostmasterFile(data)?.pid;
  if (pid === undefined || !isAlive(pid)) return true;
  if (!commandOf(pid).includes(`-D ${data} `)) return false;
  signalTo(pid, 'SIGINT');
  return ended(pid, 5_000);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function originOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'origin'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
