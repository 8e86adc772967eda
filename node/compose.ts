import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  createNode,
  type KernelNode,
  kernelSystems,
  type SignedDirectory,
  type SigningKey,
} from '@yitong/kernel';
import type { RecordType, SystemType } from '@yitong/kit';
import type { FastifyInstance } from 'fastify';
import { issuerDoor, sessionLimits, stepUpRules } from './access/issuer-door.ts';
import { systemChance } from './chance.ts';
import { systemClock } from './clock.ts';
import type { NodeConfig } from './config.ts';
import { buildHttp } from './http/app.ts';
import { type NodeLog, openLog } from './http/log.ts';
import { readSigningKey } from './key-files.ts';
import { signingKeysAt } from './key-ring.ts';
import { KnownMembers, tlsPairFor } from './known-members.ts';
import { oversight } from './oversight/oversight.ts';
import { httpsPeers } from './peers/client.ts';
import { type PeerServer, peerServer } from './peers/server.ts';
import type { NodeDatabase } from './postgres/connection.ts';
import { SetupError } from './postgres/setup-error.ts';
import { batchesOf, collectGarbage, type Resting, untilQuiet } from './rest.ts';
import type { SiblingDoor } from './siblings/door.ts';
import { shareOf, siblingsOf } from './siblings/share.ts';
import { openWhenThere } from './store/open-when-there.ts';
import type { PostgresStore } from './store/postgres.ts';
import { readDirectories } from './supervisor/region-directory.ts';
import { VersionFile } from './supervisor/version-file.ts';
import { startWatchdog, type Watchdog } from './watchdog/watchdog.ts';

/** A node that serves, and its addresses. */
export interface RunningNode extends Resting {
  readonly http: string;
  readonly exchange: string;
  readonly kernel: KernelNode;
  /** Takes nothing more, lets what is under way end, lets its leases go; cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

interface Parts {
  readonly config: NodeConfig;
  readonly log: NodeLog;
  readonly systems: readonly SystemType[];
  readonly key: SigningKey;
  readonly store: PostgresStore;
  readonly peers: ReturnType<typeof httpsPeers>;
  readonly kernel: KernelNode;
  readonly app: FastifyInstance;
  readonly exchange: PeerServer;
  readonly siblings: SiblingDoor | undefined;
  readonly watchdog: Watchdog;
}

/** Puts a node together with the systems it runs and starts it: keys, directory, database, kernel, both doors. Throws `SetupError` with the remedy. */
export async function openNode(config: NodeConfig, systems: readonly SystemType[]): Promise<RunningNode> {
  const { level, file } = config.log;
  const log = openLog({ level, member: config.member, ...(file === undefined ? {} : { file }) });
  const { identity, tls } = identityOf(config);
  const { directory, key } = identity;
  const store = await openWhenThere(storedBy(config, systems), (why) =>
    log.warn({ error: why }, 'waiting for the database'),
  );
  const known = new KnownMembers(config, directory, tls);
  const peers = httpsPeers({ tls, contacts: known.contacts, allowInner: config.exchange.inner });
  const siblings = siblingsOf(config, known, tls, log);
  const watchdog = startWatchdog(join(config.dataDir, 'hung-messages'));
  const kernel = createNode({
    member: config.member,
    systems: [...systems, oversight],
    partitions: config.partitions,
    ...identity,
    store: store.store,
    reader: store.reader,
    blobs: store.blobs,
    ...(store.eraser && { eraser: store.eraser }),
    clock: systemClock,
    chance: systemChance(),
    peers,
    ...(config.questions && { limits: { questions: config.questions } }),
    holder: `${config.member}@${hostname()}:${process.pid}`.slice(0, 120),
    ...(config.processes && siblings && { share: shareOf(config.processes, siblings) }),
    log: kernelLog(log),
    watch: watchdog.watch,
  });
  const exchange = peerServer({ ...tls, contacts: known.contacts, node: kernel, log });
  known.follow(kernel, (pair) => {
    peers.show(pair);
    exchange.show(pair);
    siblings?.show(pair);
    log.info('another TLS certificate is shown');
  });
  const app = httpDoor(config, { kernel, log, store, systems, key });
  const parts = { config, log, systems, key, store, peers, kernel, app, exchange, siblings, watchdog };
  try {
    return await started(parts, known);
  } catch (error) {
    await closed(parts, known, 1_000);
    throw error;
  }
}

function storedBy(config: NodeConfig, systems: readonly SystemType[]) {
  return {
    connection: addressOf(config),
    partitions: config.partitions,
    records: recordsOf(systems),
    writers: config.writers,
    creditAccounts: creditAccounts(systems),
  };
}

/** Whom the node is: the versions of the directory that it was given, its keys, its certificate. */
function identityOf(config: NodeConfig) {
  const { directory, signatures } = newestDirectory(config);
  const versions = new VersionFile(config.dataDir);
  const identity = {
    directory,
    signatures,
    former: readDirectories(config.directoryPath).slice(0, -1),
    keepDirectory: (signed: SignedDirectory) => versions.keep(signed),
    key: readSigningKey(config.keys.batch),
    keys: () => signingKeysAt(config.keys.batch),
  };
  return { identity, tls: tlsPairFor(config.keys.tls, directory, config.member) };
}

async function started(parts: Parts, known: KnownMembers): Promise<RunningNode> {
  const { config, kernel, app, exchange, siblings, log } = parts;
  if (config.processes) await siblings?.listen(config.processes.host, config.processes.port, kernel);
  await kernel.start();
  const exchangePort = await exchange.listen(config.exchange.host, config.exchange.port);
  await app.listen({ host: config.http.host, port: config.http.port, backlog: 511 });
  const { port } = app.server.address() as AddressInfo;
  const http = `http://${nameOf(config.http.host)}:${port}`;
  log.info(
    { http, member: config.member, systems: parts.systems.map(({ name }) => name) },
    'the node serves',
  );
  return {
    http,
    exchange: `https://${nameOf(config.exchange.host)}:${exchangePort}`,
    kernel,
    async rest() {
      await untilQuiet(kernel);
      kernel.rest();
      parts.watchdog.rest();
      await parts.store.rest();
      await collectGarbage();
      return batchesOf(kernel);
    },
    close: (graceMs) => closed(parts, known, graceMs),
  };
}

/** Doors first, then the kernel, then what it stands on; nothing waits longer than the grace. */
async function closed(parts: Parts, known: KnownMembers, graceMs: number): Promise<void> {
  const { app, exchange, siblings, kernel, peers, store, log, watchdog } = parts;
  known.stop();
  const doors = Promise.allSettled([app.close(), exchange.close(graceMs / 4)]);
  await within(graceMs / 4, doors);
  await within(graceMs / 2, kernel.stop());
  await watchdog.close();
  app.server.closeAllConnections();
  peers.close();
  await siblings?.close();
  await within(graceMs / 4, Promise.allSettled([doors, store.close()]));
  log.info('the node has stopped');
  log.flush();
}

/** Waits for work, but not for ever; what fails while closing cannot be mended any more. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), over]);
  clearTimeout(timer);
}

function httpDoor(
  config: NodeConfig,
  { kernel, log, store, systems, key }: Pick<Parts, 'kernel' | 'log' | 'store' | 'systems' | 'key'>,
): FastifyInstance {
  const { member, region, name, issuer, demonstration, http } = config;
  const origin = (http.origin ?? `http://${nameOf(http.host)}:${http.port}`).replace(/\/$/, '');
  const at = { member, origin, demonstration, now: systemClock.now };
  return buildHttp({
    node: kernel,
    reader: store.reader,
    systems,
    config: {
      member,
      region,
      name,
      hosts: [http.host, `${http.host}:${http.port}`, new URL(origin).host, ...(http.names ?? [])].map(
        (host) => host.toLowerCase(),
      ),
      ...(http.portal === undefined ? {} : { portal: http.portal }),
      demonstration,
      issuer: issuer.url,
      session: sessionLimits(issuer),
      stepUp: stepUpRules(issuer, at),
      // The same in every process of the member and after a restart, so that pages and addresses stay good.
      sealKey: createHash('sha256').update('yitong-seal/1\n').update(key.secret).digest(),
    },
    ...issuerDoor(issuer, at),
    clock: systemClock,
    log,
  });
}

/** Record types of the systems, of the node and of the kernel itself. */
export function recordsOf(systems: readonly SystemType[]): readonly RecordType[] {
  return [...kernelSystems, oversight, ...systems].flatMap((system) => [...system.records.values()]);
}

/** Accounts that grow on the credit side: their mirrored entries are shown with the sign turned. */
export function creditAccounts(systems: readonly SystemType[]): ReadonlySet<string> {
  const accounts = systems.flatMap((system) =>
    [...system.accounts.values()].map((account) => ({ system, account })),
  );
  return new Set(
    accounts
      .filter(({ account }) => account.head.side === 'credit')
      .map(({ system, account }) => `${system.name}/${account.accountName}`),
  );
}

/** How the configuration says the database is reached. */
export function addressOf({ database }: Pick<NodeConfig, 'database'>): NodeDatabase {
  const { ssl, owner, retention, ...own } = database;
  return {
    ...own,
    ...(ssl !== undefined && { ssl }),
    ...(owner && { owner }),
    ...(retention && { retention }),
  };
}

function kernelLog(log: NodeLog) {
  return {
    info: (event: string, facts: Readonly<Record<string, unknown>> = {}) => log.info(facts, event),
    warn: (event: string, facts: Readonly<Record<string, unknown>> = {}) => log.warn(facts, event),
    error: (event: string, facts: Readonly<Record<string, unknown>> = {}) => log.error(facts, event),
  };
}

const nameOf = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The newest directory that the node's file has, with its signatures. Throws `SetupError` when there is none. */
export function newestDirectory(config: NodeConfig): ReturnType<typeof readDirectories>[number] {
  const newest = readDirectories(config.directoryPath).at(-1);
  if (newest === undefined) throw noDirectory(config);
  return newest;
}

function noDirectory({ directoryPath }: NodeConfig): SetupError {
  const remedy = 'start all members together once with `yitong up`, or put the file back from a backup';
  return new SetupError({
    code: 'bad-directory',
    reason: `there is no directory of the region in ${directoryPath}`,
    remedy,
  });
}
