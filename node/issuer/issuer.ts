import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SystemType } from '@yitong/kit';
import { z } from '@yitong/kit';
import type Provider from 'oidc-provider';
import { SignInLimits } from '../access/sign-in-limits.ts';
import { localeOf } from '../http/locale.ts';
import { type DemonstrationAccount, demonstrationAccounts, type NamedMember } from './accounts.ts';
import { issuerConfiguration } from './configuration.ts';
import { sendPage } from './page.ts';
import { failedPage, homePage, interactionPage, waitPage } from './sign-in-page.ts';

/** How the issuer of the demonstration runs. */
export interface IssuerOptions {
  /** Address to listen on; `127.0.0.1`, this machine alone, when absent. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Folder of `accounts.json` and `issuer-keys.json`, both readable by this account alone. */
  readonly dataDir: string;
  readonly members: readonly NamedMember[];
  readonly systems: readonly SystemType[];
  /** What the nodes expect in `aud`. */
  readonly audience: string;
  /** Must be true: the accounts are known to all. */
  readonly demonstration: boolean;
  readonly scale?: number;
  readonly seed?: number;
  /** Where a browser's client may be sent back to after sign-in. */
  readonly redirects?: readonly string[];
  /** Milliseconds since 1970, for the pace of attempts; the machine's clock when absent. */
  readonly now?: () => number;
}

/** A running issuer. */
export interface RunningIssuer {
  readonly url: string;
  readonly accounts: readonly DemonstrationAccount[];
  close(): Promise<void>;
}

const StoredAccounts = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      secret: z.string(),
      member: z.string(),
      roles: z.array(z.string()),
      person: z.string().optional(),
      name: z.object({ 'zh-CN': z.string(), en: z.string() }),
    }),
  ),
});
const StoredKeys = z.object({ jwk: z.record(z.string(), z.string()), cookie: z.string() });

/**
 * Starts an OpenID Connect issuer with made-up accounts, for demonstration only: tokens by client credentials for programs, by code with PKCE
 * for a browser. Accounts and secrets are written to `accounts.json`. Throws when `demonstration` is not true.
 */
export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  if (options.demonstration !== true)
    throw new Error(
      'the built-in issuer serves demonstrations only: configure the issuer of your members instead',
    );
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const keys = issuerKeys(join(options.dataDir, 'issuer-keys.json'));
  const accountsFile = join(options.dataDir, 'accounts.json');
  const { members, systems, scale = 200, seed = 1 } = options;
  const accounts = demonstrationAccounts({ members, systems, scale, seed }, storedAccounts(accountsFile));
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 15_000, keepAliveTimeout: 5_000 });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, host, options.port);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  writePrivate(accountsFile, { demonstration: true, issuer: url, audience: options.audience, accounts });
  const { audience, redirects = [] } = options;
  const configuration = issuerConfiguration({ accounts, audience, redirects, ...keys });
  const provider = await quietly(async () => {
    const { default: OidcProvider } = await import('oidc-provider');
    return new OidcProvider(url, configuration);
  });
  server.on('request', serve(provider, accounts, new SignInLimits(options.now ?? Date.now)));
  return { url, accounts, close: () => close(server) };
}

/** Where secrets and accounts are tried; keys and discovery are for everybody at any time. */
const attempts = /^\/(token|auth|interaction)(?=[/?]|$)/;

function serve(
  provider: Provider,
  accounts: readonly DemonstrationAccount[],
  limits: SignInLimits,
): (request: IncomingMessage, response: ServerResponse) => void {
  const pages = interactionPage(provider, accounts);
  const rest = provider.callback();
  return (request, response) => {
    const { url = '', socket, headers } = request;
    const locale = localeOf(headers['accept-language']);
    if (attempts.test(url)) {
      const address = socket.remoteAddress ?? '';
      const seconds = limits.wait(address);
      if (seconds > 0)
        return sendPage(response, 429, waitPage(locale, seconds), { 'retry-after': `${seconds}` });
      response.on('finish', () => {
        if (response.statusCode >= 400) limits.failed(address);
      });
    }
    if (url === '/') return sendPage(response, 200, homePage(accounts, locale));
    if (!url.startsWith('/interaction/')) return void rest(request, response);
    pages(request, response).catch(() => sendPage(response, 400, failedPage(locale)));
  };
}

/** Its remarks about the version of Node and the store in memory are known and meant for other uses. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const words = ['warn', 'info'] as const;
  const before = words.map((word) => [word, Reflect.get(console, word) as typeof console.warn] as const);
  for (const [word, say] of before) {
    Reflect.set(console, word, (...parts: unknown[]) => {
      if (!String(parts[0]).includes('oidc-provider ')) say(...parts);
    });
  }
  try {
    return await run();
  } finally {
    for (const [word, say] of before) Reflect.set(console, word, say);
  }
}

function issuerKeys(path: string): { jwk: Record<string, string>; cookie: string } {
  if (existsSync(path)) return StoredKeys.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = z.record(z.string(), z.string()).parse(privateKey.export({ format: 'jwk' }));
  const made = {
    jwk: { ...jwk, kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' },
    cookie: randomBytes(32).toString('base64url'),
  };
  writePrivate(path, made);
  return made;
}

function storedAccounts(path: string): readonly DemonstrationAccount[] {
  if (!existsSync(path)) return [];
  const { accounts } = StoredAccounts.parse(JSON.parse(readFileSync(path, 'utf8')));
  return accounts.map(({ person, ...account }) => ({
    ...account,
    ...(person === undefined ? {} : { person }),
  }));
}

function writePrivate(path: string, value: unknown): void {
  const half = `${path}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, path);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
