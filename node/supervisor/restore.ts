import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../backup/format.ts';
import type { ReadOptions } from '../backup/read.ts';
import { checkBackup, restoreBackup } from '../backup/restore.ts';
import { connectPostgres, startPostgres } from '../postgres/postgres.ts';
import { writePrivate } from '../postgres/secret.ts';
import { SetupError } from '../postgres/setup-error.ts';
import { type MemberFiles, memberFiles } from './layout.ts';
import { takeLock } from './lock.ts';
import { databaseNames, databaseWish } from './members.ts';
import { endLeftover } from './node-process.ts';

/** What to put back where. `replace`: throws away what the member's database holds; it is looked at first that the backup is whole. */
export interface RestoreOptions {
  readonly dataDir: string;
  readonly member: string;
  readonly path: string;
  readonly postgresUrl: string | undefined;
  readonly replace: boolean;
  /** Bytes of the file, read twice: to check it, then to put it back. */
  readonly progress: (step: 'check' | 'restore', done: number) => void;
  readonly signal: AbortSignal;
}

/** Puts a member's backup back while its region stands still. Errors: `SetupError` with the remedy; the server's. */
export async function restoreMember(options: RestoreOptions): Promise<Manifest> {
  const { dataDir, member, path, postgresUrl, signal } = options;
  const reading = (step: 'check' | 'restore'): ReadOptions => ({
    progress: (done) => options.progress(step, done),
    signal,
  });
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const release = takeLock(dataDir);
  try {
    const { member: of } = await checkBackup(path, reading('check'));
    if (of !== member) throw otherMember(path, of, member);
    const files = memberFiles(dataDir, member);
    mkdirSync(join(files.folder, 'keys'), { recursive: true, mode: 0o700 });
    await endLeftover(files);
    const server = await (postgresUrl === undefined
      ? startPostgres({ dataDir })
      : connectPostgres(postgresUrl));
    try {
      if (options.replace) await server.dropDatabase(databaseNames(member));
      const database = await server.ensureDatabase(databaseWish({ wish: { code: member }, files }));
      const file = async (name: string, bytes: Buffer) => putFile(dataDir, files, name, bytes);
      return await restoreBackup(path, database, { ...reading('restore'), file });
    } finally {
      await server.stop();
    }
  } finally {
    release();
  }
}

/** The member's files that are not in its database, by their names in a backup: keys, configuration, directory. */
export function secretFiles(dataDir: string, member: string): ReadonlyMap<string, string> {
  const files = memberFiles(dataDir, member);
  const keys = [files.batchKey, files.directoryKey, files.tlsKey, files.tlsCertificate];
  const all = [
    ...keys.map((path) => [`keys/${path.slice(dirname(path).length + 1)}`, path] as const),
    ['keys/batch-journal.json', files.batchKey.replace('.json', '-journal.json')] as const,
    ['config.json', files.config] as const,
    ['versions.json', join(files.folder, 'versions.json')] as const,
    ['directory.json', join(dataDir, 'directory.json')] as const,
  ];
  return new Map(all.filter(([, path]) => existsSync(path)));
}

/** What is there stays: keys that a person put beside the database are newer than any backup's. */
function putFile(dataDir: string, { folder }: MemberFiles, name: string, bytes: Buffer): void {
  if (!/^(?:keys\/)?[a-z][a-z.-]*$/.test(name)) return;
  const path = name === 'directory.json' ? join(dataDir, name) : join(folder, name);
  if (!existsSync(path)) writePrivate(path, bytes.toString('utf8'));
}

function otherMember(path: string, of: string, member: string): SetupError {
  return new SetupError({
    code: 'other-member',
    reason: `${path} is a backup of ${of}, not of ${member}`,
    remedy: `restore it as ${of}, or take another file`,
  });
}
