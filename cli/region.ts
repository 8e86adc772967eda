import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from './command.ts';
import { errorCode, Failure, fileFailure, usage } from './failure.ts';
import { isObject } from './json/difference.ts';

/** A member of the region whose node was set up on this machine. */
export interface LocalMember {
  /** GB/T 2260 code. */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** Addresses of its HTTP doors: of the process that `yitong up` keeps, then of others of the same node on this machine. */
  readonly urls: readonly [string, ...string[]];
  /** Its configuration file. */
  readonly config: string;
  /** A process was started for it and has not been stopped. */
  readonly started: boolean;
}

/** An account of the demonstration. */
export interface Account {
  readonly id: string;
  readonly secret: string;
  readonly member: string;
  /** `<member>:<system>/<role>` */
  readonly roles: readonly string[];
  readonly person: string | undefined;
  readonly name: string;
}

/** The accounts of the demonstration and where they sign in. */
export interface Accounts {
  readonly issuer: string;
  readonly audience: string;
  readonly accounts: readonly Account[];
}

/** The data folder that `--data` or YITONG_DATA names; `.yitong` in this checkout when none does. */
export function dataFolder(options: Options, env: NodeJS.ProcessEnv): string {
  const named = options.text('data') ?? env['YITONG_DATA'];
  if (named === '') throw usage('--data: no folder is named.');
  return named === undefined ? join(checkout, '.yitong') : resolve(named);
}

/** Where this machine keeps what it must remember of a region: the data folder, or a folder of the user for nodes elsewhere. */
export function stateFolder(data: string | undefined, env: NodeJS.ProcessEnv): string {
  return data ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'yitong');
}

/** Folder of this checkout. */
const checkout = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** The members set up in a data folder, in order of code. Errors: unreachable, when there are none. */
export function localMembers(data: string): readonly LocalMember[] {
  const folder = join(data, 'nodes');
  const codes = existsSync(folder) ? readable(folder).filter((name) => /^\d{6}$/.test(name)) : [];
  const members = codes.sort().flatMap((code) => memberIn(join(folder, code, 'config.json')) ?? []);
  if (members.length > 0) return members;
  throw new Failure(
    'unreachable',
    `There is no region in ${data}.`,
    'yitong up starts one; --data names another folder.',
  );
}

function readable(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw fileFailure(folder, error);
  }
}

function memberIn(config: string): LocalMember | undefined {
  const value = readJson(config);
  const url = urlIn(value);
  if (url === undefined || !isObject(value) || !isObject(value['name'])) return undefined;
  const { zh, en } = value['name'];
  const folder = dirname(config);
  const started = existsSync(join(folder, 'process.json'));
  // Another process of the node has a folder of its own inside the node's.
  const others = readable(folder).flatMap((name) => urlIn(readJson(join(folder, name, 'config.json'))) ?? []);
  return {
    code: String(value['member']),
    zh: String(zh),
    en: String(en),
    urls: [url, ...others],
    config,
    started,
  };
}

function urlIn(config: unknown): string | undefined {
  if (!isObject(config) || !isObject(config['http'])) return undefined;
  const { host, port } = config['http'];
  const name = String(host).includes(':') ? `[${host}]` : String(host);
  return `http://${name}:${port}`;
}

/** The member that `--at` names by code or name; without it the last one. Errors: usage. */
export function memberAt(members: readonly LocalMember[], at: string | undefined): LocalMember {
  const wanted = at?.toLowerCase();
  const found =
    wanted === undefined
      ? (members.findLast(({ started }) => started) ?? members.at(-1))
      : members.find(
          ({ code, zh, en }) => [code, zh, en.toLowerCase()].includes(wanted) || short(zh) === wanted,
        );
  if (found !== undefined) return found;
  const known = members.map(({ code, en }) => `${code} (${en})`).join(', ');
  throw usage(`--at ${at}: no such member runs here.`, `The members are ${known}.`);
}

/** 安徽省 is called 安徽 too. */
function short(zh: string): string {
  return zh.replace(/[省市]$/, '');
}

/** The accounts of the demonstration in a data folder; undefined when it has none. */
export function demonstrationAccounts(data: string): Accounts | undefined {
  const value = readJson(join(data, 'issuer', 'accounts.json'));
  if (!isObject(value) || !Array.isArray(value['accounts'])) return undefined;
  const list: readonly unknown[] = value['accounts'];
  return {
    issuer: String(value['issuer']),
    audience: String(value['audience']),
    accounts: list.flatMap(accountIn),
  };
}

function accountIn(value: unknown): readonly Account[] {
  if (!isObject(value)) return [];
  const { id, secret, member, roles, person, name } = value;
  if (typeof id !== 'string' || typeof secret !== 'string' || typeof member !== 'string') return [];
  const list: readonly unknown[] = Array.isArray(roles) ? roles : [];
  const english = isObject(name) ? String(name['en']) : id;
  const citizen = typeof person === 'string' ? person : undefined;
  return [{ id, secret, member, roles: list.map(String), person: citizen, name: english }];
}

/** A JSON file; undefined when it is missing or torn. Errors: usage, when it may not be read. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw fileFailure(path, error);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
