import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '@yitong/kernel';
import type { NodeConfig } from '../config.ts';
import { strongAcr } from '../issuer/acr.ts';
import { portalClient } from '../issuer/configuration.ts';
import type { NodeDatabase } from '../postgres/connection.ts';
import type { DatabaseWish } from '../postgres/databases.ts';
import { secretIn, writePrivate } from '../postgres/secret.ts';
import { ensureCertificate } from './certificate.ts';
import { type MemberFiles, memberFiles } from './layout.ts';
import { ensureSigningKey } from './member-keys.ts';
import type { MemberWish, UpOptions } from './options.ts';
import { type Candidate, ensureDirectory } from './region-directory.ts';
import { newestVersions } from './version-file.ts';

/** A member may split its node into as many partitions later (K1). */
const streamsOfRegion = 4;

/** A member that is about to run: its files, addresses and keys. */
export type Prepared = {
  wish: MemberWish;
  files: MemberFiles;
  http: { host: string; port: number };
  exchange: { host: string; port: number };
  candidate: Candidate;
};

/** What all nodes of a region share. */
export type Common = {
  options: UpOptions;
  dataDir: string;
  host: string;
  ports: ReadonlyMap<string, number>;
  /** Folder of the built portal, when the nodes serve it. */
  portal?: string | undefined;
};

/** Makes the keys and the certificate of a member, those it has not got yet. */
export async function prepareMember(common: Common, wish: MemberWish): Promise<Prepared> {
  const { dataDir, host, ports } = common;
  const files = memberFiles(dataDir, wish.code);
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const exchange = { host, port: ports.get(`${wish.code}.exchange`) ?? 0 };
  const candidate = {
    code: wish.code,
    name: wish.name.zh,
    url: `https://${host}:${exchange.port}`,
    tls: await ensureCertificate(files, wish.code, host),
    ...keysOf(dataDir, wish.code),
  };
  return { wish, files, http: { host, port: ports.get(`${wish.code}.http`) ?? 0 }, exchange, candidate };
}

/** The region's directory for these members, signed by all whose keys lie in the data directory. */
export function agreeOnDirectory(common: Common, members: readonly Prepared[]): Directory {
  const { options, dataDir } = common;
  return ensureDirectory({
    path: directoryFile(dataDir),
    region: options.region,
    streams: streamsOfRegion,
    candidates: members.map(({ candidate }) => candidate),
    voters: membersKept(dataDir).map((code) => ({ code, directoryKey: keysOf(dataDir, code).directoryKey })),
    terms: options.terms,
    nowMs: Date.now(),
    versions: newestVersions(dataDir),
    notice: (text) => options.report.notice(text),
  });
}

/** Writes what a node is told, for it alone to read. */
export function writeConfig(
  common: Common,
  member: Prepared,
  database: NodeDatabase,
  issuerUrl: string,
): NodeConfig {
  const { options, dataDir } = common;
  const { files, wish, http, exchange } = member;
  const partitions = keptPartitions(files.config) ?? options.partitions ?? 1;
  const tls = { key: files.tlsKey, cert: files.tlsCertificate };
  const { told = (usual: NodeConfig) => usual } = options;
  const config = told({
    member: wish.code,
    region: options.region,
    name: wish.name,
    dataDir: files.folder,
    http: { ...http, ...(common.portal === undefined ? {} : { portal: common.portal }) },
    exchange: { ...exchange, inner: true },
    database,
    keys: { batch: files.batchKey, directory: files.directoryKey, tls },
    directoryPath: directoryFile(dataDir),
    issuer: {
      url: issuerUrl,
      audience: options.audience ?? `yitong:${options.region}`,
      client: { id: portalClient },
      stepUp: { acr: [strongAcr] },
    },
    partitions,
    writers: Math.min(options.writers ?? partitions, partitions),
    systems: options.systems === undefined ? 'all' : [...options.systems],
    log: { level: options.logLevel ?? 'info', file: files.log },
    demonstration: options.demonstration,
  });
  writePrivate(files.config, `${JSON.stringify(config, undefined, 2)}\n`);
  return config;
}

/** A member's database and the passwords of its roles, made the first time. */
export function databaseWish({
  wish,
  files,
}: {
  readonly wish: { readonly code: string };
  readonly files: MemberFiles;
}): DatabaseWish {
  return {
    ...databaseNames(wish.code),
    password: secretIn(files.databasePassword),
    ownerPassword: secretIn(files.ownerPassword),
    retentionPassword: secretIn(files.retentionPassword),
  };
}

/** Name and role of a member's database. */
export function databaseNames(code: string): { name: string; role: string } {
  return { name: `yitong_${code}`, role: `yitong_${code}` };
}

/** Codes of the members that a data directory keeps keys of. */
export function membersKept(dataDir: string): string[] {
  const folder = join(dataDir, 'nodes');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter(
    (code) => /^\d{6}$/.test(code) && existsSync(memberFiles(dataDir, code).directoryKey),
  );
}

/** Keys for batches and for votes are two: whoever steals the first must not be able to change the directory. */
export function keysOf(
  dataDir: string,
  code: string,
): Pick<Candidate, 'batchKey' | 'journalKey' | 'directoryKey'> {
  const files = memberFiles(dataDir, code);
  const year = new Date().getUTCFullYear();
  const batchKey = ensureSigningKey(files.batchKey, `${code}-${year}a`);
  // Beside it, where the node looks for further signing keys.
  const journalFile = files.batchKey.replace('.json', '-journal.json');
  const isOther = batchKey.suite !== 'ed25519-sha256';
  return {
    batchKey,
    ...(isOther ? { journalKey: ensureSigningKey(journalFile, `${code}-${year}j`) } : {}),
    directoryKey: ensureSigningKey(files.directoryKey, `${code}-${year}d`),
  };
}

function directoryFile(dataDir: string): string {
  return join(dataDir, 'directory.json');
}

/** A database keeps the number of partitions that it began with (K53). */
function keptPartitions(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const { partitions } = JSON.parse(readFileSync(path, 'utf8'));
  return typeof partitions === 'number' ? partitions : undefined;
}
