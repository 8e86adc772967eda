import { join } from 'node:path';

/** The folders and files of one member below a data directory. */
export type MemberFiles = {
  folder: string;
  config: string;
  process: string;
  /** What the process itself writes when it is started or crashes; its log is another file. */
  output: string;
  log: string;
  batchKey: string;
  directoryKey: string;
  tlsKey: string;
  tlsCertificate: string;
  databasePassword: string;
  /** Passwords of the roles that own the tables and that erase. */
  ownerPassword: string;
  retentionPassword: string;
};

/** Where a data directory keeps what belongs to one member (six-digit code). */
export function memberFiles(dataDir: string, member: string): MemberFiles {
  const folder = join(dataDir, 'nodes', member);
  const keys = join(folder, 'keys');
  return {
    folder,
    config: join(folder, 'config.json'),
    process: join(folder, 'process.json'),
    output: join(folder, 'output.log'),
    log: join(folder, 'node.log'),
    batchKey: join(keys, 'batch.json'),
    directoryKey: join(keys, 'directory.json'),
    tlsKey: join(keys, 'tls.key.pem'),
    tlsCertificate: join(keys, 'tls.cert.pem'),
    databasePassword: join(folder, 'database.password'),
    ownerPassword: join(folder, 'database-owner.password'),
    retentionPassword: join(folder, 'database-retention.password'),
  };
}
