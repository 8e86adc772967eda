import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  type NodeConfig,
  openTerms,
  type RunningRegion,
  removePostgres,
  startIssuer,
  up,
} from '@yitong/node';
import { systems as all } from '@yitong/systems';
import { DatabaseProxy } from './database-proxy.ts';
import { Front, isReady } from './front.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { Standby } from './standby.ts';

const names = [
  { code: '310000', name: { zh: '上海市', en: 'Shanghai' } },
  { code: '320000', name: { zh: '江苏省', en: 'Jiangsu' } },
  { code: '330000', name: { zh: '浙江省', en: 'Zhejiang' } },
  { code: '340000', name: { zh: '安徽省', en: 'Anhui' } },
];
const audience = 'yitong:crash';
/** What is tried is settling bills: other systems would only take memory. */
const systems = all.filter(({ name }) => name === 'medical-settlement');
const diskMb = 3_072;
/** A process may wait for another of its member; one that is killed again and again is not suspected of a defect. */
const times = { readyMs: 300_000, longestMs: 1_000 };

/** A process of a member: its id while it runs, and its HTTP door. */
export interface CrashProcess {
  readonly url: string;
  pid(): number | undefined;
  /** Ends it for good, letting its partitions go; of a second process only. */
  stop?(): Promise<void>;
}

/** A member under trial. */
export interface CrashMember {
  readonly code: string;
  /** Its database role. */
  readonly role: string;
  readonly config: string;
  readonly log: string;
  readonly processes: readonly CrashProcess[];
  readonly front: Front;
}

/** What signs in: an account of the demonstration. */
export interface Account {
  readonly id: string;
  readonly secret: string;
  readonly member: string;
  readonly roles: readonly string[];
}

/** A region of real processes, with our own machines between them. */
export interface CrashRegion {
  readonly folder: string;
  readonly data: string;
  readonly issuer: string;
  readonly audience: string;
  readonly accounts: readonly Account[];
  readonly members: readonly CrashMember[];
  readonly proxy: DatabaseProxy;
  /** The database's own small disk; undefined where none can be mounted. */
  readonly disk: SmallDisk | undefined;
  postgresPid(): number | undefined;
  stop(keep: boolean): Promise<void>;
}

/** People and bills are made of this seed; who breaks what, of the run's. */
export const made = { scale: 200, seed: 1 } as const;

/** The systems that run. */
export const crashSystems = systems;

/** Starts `size` members (2 to 4), the last one with a second process; `told` hears what the supervisor notices. */
export async function startRegion(size: number, told: (text: string) => void): Promise<CrashRegion> {
  const wanted = names.slice(names.length - size);
  const folder = mkdtempSync(join(tmpdir(), 'yitong-crash-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when this one is root.
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o755 });
  const disk = mountSmallDisk(join(data, 'postgres'), diskMb);
  const between = new Between();
  await between.listen();
  const members = wanted.map(({ code }) => code);
  const raising = { data, members, told: (config: NodeConfig) => between.told(config), notice: told };
  const { region, accounts } = await raise(raising).catch((error: unknown) => {
    between.proxy.close();
    disk?.unmount();
    throw error;
  });
  const standbyOf = names.at(-1)?.code;
  const trial: CrashMember[] = [];
  for (const { code, url, config, log, pid } of region.members) {
    const first = { url, pid };
    const second = code === standbyOf ? await secondProcess(data, config) : undefined;
    const processes = second ? [first, second] : [first];
    const ports = [readConfig(config).exchange.port, ...(second ? [second.exchangePort] : [])];
    const front = new Front(processes.map((one, n) => ({ ready: `${one.url}/ready`, port: ports[n] ?? 0 })));
    await front.listen(between.frontPorts.get(code) ?? 0);
    trial.push({ code, role: `yitong_${code}`, config, log, processes, front });
  }
  return {
    folder,
    data,
    issuer: region.issuer,
    audience,
    accounts,
    members: trial,
    proxy: between.proxy,
    disk,
    postgresPid: () => region.postgres.pid(),
    stop: (keep) => tearDown({ folder, data, region, members: trial, between, disk, keep }),
  };
}

/** What stands between the processes: before the database, and before each member's door for others. */
class Between {
  readonly proxy = new DatabaseProxy();
  readonly frontPorts = new Map<string, number>();
  /** Free ports, found before the nodes choose theirs: for each as often as a region may begin anew. */
  readonly #free: number[] = [];
  #port = 0;

  async listen(): Promise<void> {
    this.#port = await this.proxy.listen();
    while (this.#free.length < 3 * names.length) this.#free.push(await freePort());
  }

  told(config: NodeConfig): NodeConfig {
    const { host, port } = config.database;
    this.proxy.socket = `${host}/.s.PGSQL.${port}`;
    this.frontPorts.set(config.member, config.exchange.port);
    const exchange = { ...config.exchange, port: this.#free.shift() ?? 0 };
    return { ...config, exchange, database: { ...config.database, host: '127.0.0.1', port: this.#port } };
  }
}

/** How a region is brought up: where, of which members, what stands between. */
export interface Raising {
  readonly data: string;
  /** Codes. */
  readonly members: readonly string[];
  /** Has the last word on what a node is told. */
  told?(config: NodeConfig): NodeConfig;
  notice(text: string): void;
}

/** Brings up the nodes, their database and the issuer of their accounts. */
export async function raise({ data, members, told = (config) => config, notice }: Raising) {
  let accounts: readonly Account[] = [];
  const wanted = names.filter(({ code }) => members.includes(code));
  const region = await up({
    dataDir: data,
    region: 'crash',
    members: wanted,
    terms: openTerms(systems),
    fresh: false,
    demonstration: true,
    systems: systems.map(({ name }) => name),
    audience,
    told,
    times,
    async startIssuer(at) {
      const plan = { members: wanted, systems, audience, demonstration: true, ...made };
      const issuer = await startIssuer({ ...at, ...plan });
      accounts = issuer.accounts;
      return issuer;
    },
    report: { step: () => undefined, notice },
  });
  return { region, accounts, issuer: region.issuer, audience };
}

interface SecondProcess extends CrashProcess {
  readonly exchangePort: number;
}

/** The same member, keys and database, with doors and files of its own. */
async function secondProcess(data: string, configPath: string): Promise<SecondProcess> {
  const config = readConfig(configPath);
  const folder = join(config.dataDir, 'second');
  mkdirSync(folder, { mode: 0o700 });
  const http = { ...config.http, port: await freePort() };
  const exchange = { ...config.exchange, port: await freePort() };
  const log = { ...config.log, file: join(folder, 'node.log') };
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ ...config, http, exchange, log, dataDir: folder }), { mode: 0o600 });
  const build = join(data, 'build');
  const script = readdirSync(build)
    .map((name) => join(build, name, 'main.mjs'))
    .find((path) => existsSync(path));
  if (script === undefined) throw new Error(`no program in ${build}`);
  const words = ['--disable-proto=throw', script, path];
  const standby = new Standby(words, folder, join(folder, 'output.log'));
  return {
    url: `http://127.0.0.1:${http.port}`,
    exchangePort: exchange.port,
    pid: () => standby.pid,
    stop: () => standby.stop(),
  };
}

function readConfig(path: string): NodeConfig {
  return JSON.parse(readFileSync(path, 'utf8'));
}

interface Stopping {
  readonly folder: string;
  readonly data: string;
  readonly region: RunningRegion;
  readonly members: readonly CrashMember[];
  readonly between: Between;
  readonly disk: SmallDisk | undefined;
  readonly keep: boolean;
}

async function tearDown({ folder, data, region, members, between, disk, keep }: Stopping): Promise<void> {
  for (const { front, processes } of members) {
    front.close();
    for (const one of processes) await one.stop?.();
  }
  await region.stop();
  between.proxy.close();
  disk?.unmount(keep);
  if (keep) return;
  if (!disk) await removePostgres(data);
  rmSync(folder, { recursive: true, force: true });
}

/** The process of a member that can take work now. */
export async function readyProcess(member: CrashMember): Promise<CrashProcess | undefined> {
  const ready = await Promise.all(member.processes.map((one) => isReady(`${one.url}/ready`)));
  return member.processes[ready.indexOf(true)];
}
