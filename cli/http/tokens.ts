import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, Failure, messageOf } from '../failure.ts';
import { isObject } from '../json/difference.ts';
import { type Account, type Accounts, readJson } from '../region.ts';
import type { Tokens } from './api.ts';

const marginMs = 60_000;

/** Tokens of a demonstration account by its client's credentials; one is kept in the data folder while it holds. */
export function accountTokens(data: string, issuer: Accounts, account: Account): Tokens {
  const path = join(data, 'issuer', 'tokens', `${account.id}.json`);
  let kept = readToken(path, issuer.issuer);
  let asked: Promise<Token> | undefined;
  return async (renew) => {
    if (!renew && kept !== undefined && kept.until - marginMs > Date.now()) return kept.token;
    asked ??= newToken(issuer, account).finally(() => {
      asked = undefined;
    });
    kept = await asked;
    keep(path, kept);
    return kept.token;
  };
}

/** A token that the environment gives. */
export function givenToken(token: string | undefined): Tokens {
  return async () => token;
}

interface Token {
  readonly issuer: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function readToken(path: string, issuer: string): Token | undefined {
  const value = readJson(path);
  if (!isObject(value) || value['issuer'] !== issuer) return undefined;
  const { token, until } = value;
  return typeof token === 'string' && typeof until === 'number' ? { issuer, token, until } : undefined;
}

function keep(path: string, token: Token): void {
  const half = `${path}.${process.pid}`;
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(half, JSON.stringify(token), { mode: 0o600 });
    renameSync(half, path);
  } catch {
    rmSync(half, { force: true }); // A token that cannot be kept is asked for again.
  }
}

async function newToken({ issuer, audience }: Accounts, account: Account): Promise<Token> {
  const oidc = await import('openid-client');
  try {
    const client = await oidc.discovery(
      new URL(issuer),
      account.id,
      undefined,
      oidc.ClientSecretBasic(account.secret),
      { execute: [oidc.allowInsecureRequests], timeout: 10 },
    );
    const granted = await oidc.clientCredentialsGrant(client, { resource: audience });
    const seconds = granted.expiresIn() ?? 300;
    return { issuer, token: granted.access_token, until: Date.now() + seconds * 1000 };
  } catch (error) {
    throw notSignedIn(issuer, account, error);
  }
}

function notSignedIn(issuer: string, account: Account, error: unknown): Failure {
  const code = errorCode(error);
  if (code === 'OAUTH_RESPONSE_BODY_ERROR' || code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE')
    return new Failure(
      'forbidden',
      `The issuer refuses the account ${account.id}.`,
      'yitong up makes the accounts anew.',
    );
  const cause =
    error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  return new Failure(
    'unreachable',
    `The issuer ${issuer} does not answer: ${cause}.`,
    'yitong up starts the region.',
  );
}
