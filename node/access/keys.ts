import { z } from '@yitong/kit';
import type { ExportedJWKSCache, FetchImplementation, JWTVerifyGetKey } from 'jose';
import { TokenRefused } from './signed-in.ts';

/** Finds the key of a token by its header's `kid` in the issuer's key set; addresses in the header are never followed. */
export type KeySource = JWTVerifyGetKey;

/** Where to look for keys. */
export interface KeyPlace {
  readonly issuer: string;
  readonly jwks?: string;
  readonly fetch?: typeof fetch;
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const timeoutMs = 5_000;
const cooldownMs = 30_000;
const keptMs = 86_400_000;

/**
 * The issuer's keys: found by discovery at the first token, kept ten minutes, fetched again for an unknown `kid` at most every thirty seconds.
 * The algorithm must be the one the key itself is for. Throws when the issuer cannot be reached or names itself otherwise.
 */
export function keySource(place: KeyPlace): KeySource {
  const ask = place.fetch ?? fetch;
  const askForKeys: FetchImplementation = (url, options) => ask(url, options);
  let set: Promise<KeySource> | undefined;
  const load = async (): Promise<KeySource> => {
    const { createRemoteJWKSet, customFetch, jwksCache } = await import('jose');
    const address = new URL(place.jwks ?? (await discovered(place.issuer, ask)));
    assertSafe(address);
    const cache: ExportedJWKSCache | Record<string, never> = {};
    const remote = createRemoteJWKSet(address, {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: 600_000,
      [customFetch]: askForKeys,
      [jwksCache]: cache,
    });
    return async (header, token) => {
      try {
        return await remote(header, token);
      } catch (error) {
        const last = await lastKnown(cache, error);
        return last(header, token);
      }
    };
  };
  return async (header, token) => {
    set ??= load().catch((error: unknown) => {
      set = undefined;
      throw error;
    });
    // Without a `kid` any key of the set would be tried.
    if (typeof header.kid !== 'string' || header.kid.length > 200) throw new TokenRefused('kid');
    const keys = await set;
    return keys(header, token);
  };
}

/** An issuer that is away for a while does not sign everybody out: the keys that it showed last serve for a day. */
async function lastKnown(
  cache: ExportedJWKSCache | Record<string, never>,
  error: unknown,
): Promise<KeySource> {
  const { createLocalJWKSet, errors } = await import('jose');
  const decided =
    error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
  if (decided || cache.jwks === undefined || Date.now() - cache.uat > keptMs) throw error;
  return createLocalJWKSet(cache.jwks);
}

async function discovered(issuer: string, ask: typeof fetch): Promise<string> {
  const address = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  assertSafe(address);
  const answer = await ask(address, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`the issuer’s discovery answers ${answer.status}`);
  const found = Discovery.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error('the issuer names itself otherwise');
  return found.jwks_uri;
}

/** Keys come over TLS, or from this very machine. */
function assertSafe(address: URL): void {
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && loopback))
    throw new Error('the issuer’s keys must come over https');
}
