import type { Invocation } from './command.ts';
import { Failure, usage } from './failure.ts';
import { Api } from './http/api.ts';
import { accountTokens, givenToken } from './http/tokens.ts';
import { duration } from './progress.ts';
import {
  type Account,
  type Accounts,
  dataFolder,
  demonstrationAccounts,
  type LocalMember,
  localMembers,
  memberAt,
} from './region.ts';

/** A node and who asks it. */
export interface Connection {
  readonly api: Api;
  /** Code of the member; with `--url` what the node itself says. */
  readonly member: string;
  /** The account's id; undefined without one. */
  readonly account: string | undefined;
  /** Where this machine keeps what it must remember of the region; undefined with `--url`. */
  readonly data: string | undefined;
}

/** Whom a command speaks as when `--as` does not say: the first of these that the member has. */
export interface Wanted {
  /** `<system>/<role>` in order of preference; `self` is a resident, `public` nobody. */
  readonly roles: readonly string[];
  /** Seconds to keep trying a node that does not answer or is busy (20). */
  readonly patience?: number;
}

/** Finds the node that `--at` or `--url` names and signs in. Errors: usage, unreachable. */
export async function connect(invocation: Invocation, wanted: Wanted): Promise<Connection> {
  const { options, env } = invocation;
  const url = options.text('url') ?? env['YITONG_URL'];
  if (url !== undefined) return await elsewhere(invocation, url, wanted);
  const data = dataFolder(options, env);
  return connectTo(
    invocation,
    data,
    memberAt(localMembers(data), options.text('at') ?? env['YITONG_AT']),
    wanted,
  );
}

/** Signs in at one member of a data folder. */
export function connectTo(
  invocation: Invocation,
  data: string,
  member: LocalMember,
  wanted: Wanted,
): Connection {
  const accounts = demonstrationAccounts(data);
  const account = accountFor(accounts, member.code, wanted.roles, invocation.options.text('as'));
  const tokens =
    account === undefined || accounts === undefined
      ? givenToken(invocation.env['YITONG_TOKEN'])
      : accountTokens(data, accounts, account);
  const api = new Api(member.urls, tokens, patience(invocation, wanted));
  return { api, member: member.code, account: account?.id, data };
}

async function elsewhere(invocation: Invocation, url: string, wanted: Wanted): Promise<Connection> {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw usage(`--url ${url}: not an address.`, 'Write it such as https://node.example:7310');
  const api = new Api([url], givenToken(invocation.env['YITONG_TOKEN']), patience(invocation, wanted));
  const member = invocation.options.text('at') ?? '';
  return { api, member, account: undefined, data: undefined };
}

function patience({ output, stop }: Invocation, { patience: seconds = 20 }: Wanted) {
  let told = 0;
  const waiting = (why: string, ms: number) => {
    if (performance.now() - told < 5_000 || ms < 1_000) return;
    told = performance.now();
    output.note(`${why}; trying again for up to ${duration(seconds)} …`);
  };
  return { ms: seconds * 1000, signal: stop, waiting };
}

/** Who reads a member's books and their proofs, in the order in which an account is looked for. */
export const bookReaders = ['node/accountant', 'node/auditor', 'node/operator'];

/** The account that `--as` names, whole or without the member; else the first that has one of the roles. */
export function accountFor(
  accounts: Accounts | undefined,
  member: string,
  roles: readonly string[],
  as: string | undefined,
): Account | undefined {
  const all = accounts?.accounts ?? [];
  if (as !== undefined) return named(all, member, as);
  for (const role of roles) {
    if (role === 'public') return undefined;
    const own = all.filter((account) => account.member === member);
    const found = own.find((account) =>
      role === 'self' ? account.person !== undefined : account.roles.includes(`${member}:${role}`),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function named(all: readonly Account[], member: string, as: string): Account {
  const found = all.find(({ id }) => id === as) ?? all.find(({ id }) => id === `${member}-${as}`);
  if (found !== undefined) return found;
  const own = all.filter((account) => account.member === member).map(({ id }) => id.slice(member.length + 1));
  const known =
    own.length === 0 ? 'There are none in this data folder.' : `At ${member} there are: ${own.join(', ')}.`;
  throw new Failure('usage', `--as ${as}: no such account.`, known);
}
