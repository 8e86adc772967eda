import { accessSync, constants, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '@yitong/kernel';
import { removePostgres } from '../postgres/postgres.ts';
import { describe, SetupError } from '../postgres/setup-error.ts';
import { collectGarbage } from '../rest.ts';
import { buildProgram } from './build.ts';
import { type KeptPostgres, keepPostgres } from './database-keeper.ts';
import { type KeptNode, keepNode, usualTimes } from './keeper.ts';
import { memberFiles } from './layout.ts';
import { takeLock } from './lock.ts';
import {
  agreeOnDirectory,
  type Common,
  databaseNames,
  databaseWish,
  membersKept,
  type Prepared,
  prepareMember,
  writeConfig,
} from './members.ts';
import { memoryOf, type ProcessMemory } from './memory.ts';
import { endLeftover } from './node-process.ts';
import type { Issuer, MemberWish, UpOptions } from './options.ts';
import { choosePorts, type PortWish } from './ports.ts';
import { both, Undo } from './undo.ts';

/** A member that runs. */
export type RunningMember = MemberWish & {
  /** Address of portal and API, and of the exchange with other members. */
  url: string;
  exchangeUrl: string;
  log: string;
  config: string;
  pid(): number | undefined;
  restarts(): number;
};

/** A region that runs on this machine, each node a process of its own. */
export type RunningRegion = {
  dataDir: string;
  members: readonly RunningMember[];
  directory: Directory;
  issuer: string;
  postgres: { kind: 'embedded' | 'external'; version: string; adopted: boolean; pid(): number | undefined };
  /** Whether this start made the databases' server and so found nothing to go on with. */
  made: boolean;
  /** Resident memory of each process of the region, this one included. */
  memory(): ProcessMemory[];
  /** Has nodes, database and this process give back memory that only work needs, after a load. */
  rest(): Promise<void>;
  /** Ends nodes, issuer and database, in this order; `force` without waiting for work under way. */
  stop(how?: { force: boolean }): Promise<void>;
};

/**
 * Flags of a node's own Node.js: data that sets a prototype is an attack, not a program; a batch outlives several collections of
 * the usual young generation (16 MB) and would be copied at each. It grows only under load.
 */
const nodeFlags: readonly string[] = ['--disable-proto=throw', '--max-semi-space-size=64'];

const graceMs = 5_000;
/** How often a start chooses ports: between the choice and its use another start may take them. */
const triesMax = 3;
/** How often all nodes are asked to rest. */
const roundsMax = 5;

/**
 * Brings a region up on this machine: database server, keys, directory, issuer and one process for each member. Throws
 * `SetupError` with what was wrong and the remedy, after ending whatever had begun to run.
 */
export async function up(options: UpOptions): Promise<RunningRegion> {
  for (let tries = 1; ; tries += 1) {
    const undo = new Undo();
    try {
      return await start(options, undo);
    } catch (error) {
      await undo.run(false).catch((also: unknown) => options.report.notice(describe(also)));
      if (tries === triesMax || !describe(error).includes('EADDRINUSE')) throw error;
      options.report.notice('another program took a port that was free a moment ago; choosing again');
    }
  }
}

async function start(options: UpOptions, undo: Undo): Promise<RunningRegion> {
  const dataDir = prepareFolder(options.dataDir);
  const release = takeLock(dataDir);
  undo.add(release);
  await endLeftovers(dataDir, options);
  if (options.fresh) await removeKept(dataDir);
  const [{ script, portal }, postgres] = await both(
    buildProgram(dataDir, options),
    startDatabase(dataDir, options, undo),
  );
  const common = await commonOf(dataDir, options, portal);
  const members = await prepareMembers(common, options);
  const directory = agreeOnDirectory(common, members);
  const issuer = await startIssuer(common, undo);
  await makeDatabases(common, members, postgres, issuer.url);
  const nodes = await startNodes(common, members, script, undo);
  const server = postgres.server();
  return {
    dataDir,
    members: members.map((member, index) => runningMember(member, nodes[index])),
    directory,
    issuer: issuer.url,
    postgres: { ...server, pid: () => postgres.server().pid },
    made: server.made,
    memory: () => memoryOf([process.pid, ...pidsOf(postgres, nodes)]),
    async rest() {
      await restTogether(nodes);
      await collectGarbage();
    },
    stop: (how) => undo.run(how?.force === true),
  };
}

/** What one member still has to tell another wakes it again: rests until none has done anything since its last. */
async function restTogether(nodes: readonly KeptNode[]): Promise<void> {
  let before: readonly number[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const now = await Promise.all(nodes.map((node) => node.rest()));
    if (now.every((batches, index) => batches === before[index])) return;
    before = now;
  }
}

function prepareFolder(wanted: string): string {
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o711 });
    const folder = realpathSync(wanted);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new SetupError(
      {
        code: 'data-folder',
        reason: `the data folder ${wanted} cannot be written (${describe(error)})`,
        remedy: 'choose another with --data',
      },
      error,
    );
  }
}

async function endLeftovers(dataDir: string, options: UpOptions): Promise<void> {
  for (const code of membersKept(dataDir)) {
    const pid = await endLeftover(memberFiles(dataDir, code));
    if (pid !== undefined) options.report.notice(`${code}: ended process ${pid} of an earlier start`);
  }
}

/** Only what a start makes itself: the folder may hold files of others. */
async function removeKept(dataDir: string): Promise<void> {
  await removePostgres(dataDir);
  for (const name of ['nodes', 'directory.json', 'issuer']) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

async function startDatabase(dataDir: string, options: UpOptions, undo: Undo): Promise<KeptPostgres> {
  options.report.step('postgres', 0, 1);
  const where = { dataDir, url: options.postgresUrl };
  const postgres = await keepPostgres(where, (text) => options.report.notice(text));
  undo.add((force) => postgres.stop(force));
  if (postgres.server().adopted)
    options.report.notice('PostgreSQL of an earlier start still ran and is used');
  options.report.step('postgres', 1, 1);
  return postgres;
}

async function commonOf(dataDir: string, options: UpOptions, portal: string | undefined): Promise<Common> {
  options.signal?.throwIfAborted();
  const host = options.host ?? '127.0.0.1';
  const wishes: PortWish[] = options.members.flatMap(({ code }, index) => [
    { name: `${code}.http`, port: 7310 + index * 10 },
    { name: `${code}.exchange`, port: 7311 + index * 10 },
  ]);
  const ports = await choosePorts(dataDir, host, [{ name: 'issuer', port: 7300 }, ...wishes]);
  return { options, dataDir, host, ports, portal };
}

async function prepareMembers(common: Common, options: UpOptions): Promise<Prepared[]> {
  const members: Prepared[] = [];
  for (const wish of options.members) {
    options.report.step('keys', members.length, options.members.length);
    members.push(await prepareMember(common, wish));
  }
  options.report.step('keys', members.length, members.length);
  return members;
}

async function startIssuer({ options, host, ports, dataDir }: Common, undo: Undo): Promise<Issuer> {
  options.signal?.throwIfAborted();
  options.report.step('issuer', 0, 1);
  const folder = join(dataDir, 'issuer');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const redirects = options.members.map(
    ({ code }) => `${originOf(host, ports.get(`${code}.http`) ?? 0)}/session/callback`,
  );
  const port = ports.get('issuer') ?? 0;
  const issuer = await options.startIssuer({ host, port, dataDir: folder, redirects });
  undo.add(() => issuer.close());
  options.report.step('issuer', 1, 1);
  return issuer;
}

async function makeDatabases(
  common: Common,
  members: readonly Prepared[],
  postgres: KeptPostgres,
  issuerUrl: string,
): Promise<void> {
  const { options } = common;
  for (const [index, member] of members.entries()) {
    options.signal?.throwIfAborted();
    options.report.step('databases', index, members.length);
    if (options.fresh && options.postgresUrl !== undefined) {
      await postgres.server().dropDatabase(databaseNames(member.wish.code));
    }
    const database = await postgres.server().ensureDatabase(databaseWish(member));
    writeConfig(common, member, database, issuerUrl);
  }
  options.report.step('databases', members.length, members.length);
}

async function startNodes(
  { options }: Common,
  members: readonly Prepared[],
  script: string,
  undo: Undo,
): Promise<KeptNode[]> {
  let ready = 0;
  options.report.step('nodes', ready, members.length);
  const starts = members.map(async ({ wish, files }) => {
    const node = await keepNode({
      member: wish.code,
      program: { script, files, flags: nodeFlags },
      times: { ...usualTimes, ...options.times },
      notice: (text) => options.report.notice(text),
      signal: options.signal,
    });
    options.report.step('nodes', ++ready, members.length);
    return node;
  });
  const settled = await Promise.allSettled(starts);
  const nodes = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  undo.add(async (force) => {
    await Promise.all(nodes.map((node) => node.stop(force ? 0 : graceMs)));
  });
  for (const [index, one] of settled.entries()) {
    if (one.status === 'rejected') throw nodeFailed(members[index], one.reason);
  }
  return nodes;
}

function nodeFailed(member: Prepared | undefined, why: unknown): SetupError {
  const problem = {
    code: 'node-failed',
    reason: `the node of ${member?.wish.code} did not start: ${describe(why)}`,
    remedy: `see ${member?.files.log} and ${member?.files.output}`,
  };
  return new SetupError(problem, why);
}

function runningMember({ wish, files, http, exchange }: Prepared, node: KeptNode | undefined): RunningMember {
  return {
    ...wish,
    url: node?.addresses.http ?? originOf(http.host, http.port),
    exchangeUrl: node?.addresses.exchange ?? `https://${exchange.host}:${exchange.port}`,
    log: files.log,
    config: files.config,
    pid: () => node?.pid(),
    restarts: () => node?.restarts() ?? 0,
  };
}

function originOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function pidsOf(postgres: KeptPostgres, nodes: readonly KeptNode[]): number[] {
  return [postgres.server().pid, ...nodes.map((node) => node.pid())].filter((pid) => pid !== undefined);
}
