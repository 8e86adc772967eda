import { createHash } from 'node:crypto';
import { checkCitizenId, z } from '@yitong/kit';
import { type ClaimPlaces, claimAt, proofIn, rolesHere } from './claims.ts';
import { type KeySource, keySource } from './keys.ts';
import { type SignedIn, TokenRefused } from './signed-in.ts';

/** Tells who sends a request. */
export interface Auth {
  /** Undefined without an `Authorization` header; throws `TokenRefused` for one that is not accepted. */
  authenticate(authorization: string | undefined): Promise<SignedIn | undefined>;
}

/** Which tokens are accepted. */
export interface TokenRules {
  /** Issuer, exactly as in the tokens. */
  readonly issuer: string;
  readonly audience: string;
  /** The key set's address, where discovery does not tell it. */
  readonly jwks?: string;
  /** Member whose roles count. */
  readonly member: string;
  /** Clients that tokens may be issued to; absent: any that the issuer knows. */
  readonly clients?: readonly string[];
  /** Header types of access tokens. RFC 9068 has `at+jwt`; some issuers write others. */
  readonly types?: readonly string[];
  /** Clients whose tokens are programs' own whatever their subject: some issuers give a program an account. */
  readonly programs?: readonly string[] | undefined;
  /** Where roles, citizen number and the kind of sign-in stand; `roles`, `citizen`, `auth_time`, `acr`, `amr` when absent. */
  readonly claims?: ClaimPlaces;
  readonly now: () => number;
  readonly fetch?: typeof fetch;
}

/** Algorithms of asymmetric keys; `none` and secrets shared with the issuer are no proof of who signed. */
export const tokenAlgorithms = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'];
/** Seconds that an issuer's clock may be off. */
export const toleranceSeconds = 60;
/** What says nothing of the token: its issuer gave no keys in time, or no key set. */
const keysAway: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);
const knownMax = 1_000;
const knownMs = 60_000;

const Claims = z.object({
  sub: z.string().min(1).max(255),
  exp: z.number(),
  client_id: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string().max(200)).max(100).optional(),
  citizen: z.string().optional(),
});

/** Accepts the access tokens of one OpenID Connect issuer. A token that was accepted is known for a minute and not verified again. */
export function tokenAuth(rules: TokenRules): Auth {
  const keys = keySource(rules);
  const known = new Map<string, { readonly who: SignedIn; readonly at: number }>();
  return {
    async authenticate(authorization) {
      if (authorization === undefined) return undefined;
      const token = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(authorization)?.[1];
      if (token === undefined || token.length > 8_192) throw new TokenRefused('form');
      const digest = createHash('sha256').update(token).digest('base64');
      const found = known.get(digest);
      const now = rules.now();
      if (found && now - found.at < knownMs && now < found.who.until) return found.who;
      const who = await verified(token, rules, keys);
      if (known.size >= knownMax) known.clear();
      known.set(digest, { who, at: now });
      return who;
    },
  };
}

async function verified(token: string, rules: TokenRules, keys: KeySource): Promise<SignedIn> {
  const { jwtVerify, errors } = await import('jose');
  const types = new Set((rules.types ?? ['at+jwt']).map((type) => type.toLowerCase()));
  try {
    const { payload, protectedHeader } = await jwtVerify(token, (header, jws) => keys(header, jws), {
      algorithms: tokenAlgorithms,
      issuer: rules.issuer,
      audience: rules.audience,
      clockTolerance: toleranceSeconds,
      currentDate: new Date(rules.now()),
      requiredClaims: ['exp', 'sub'],
    });
    const type = (protectedHeader.typ ?? '').toLowerCase().replace(/^application\//, '');
    if (!types.has(type)) throw new TokenRefused('typ');
    return signedIn(payload, rules);
  } catch (error) {
    if (error instanceof TokenRefused) throw error;
    const isJudged = error instanceof errors.JOSEError && !keysAway.has(error.code);
    throw new TokenRefused(isJudged ? error.code : 'unreachable');
  }
}

function signedIn(payload: unknown, rules: TokenRules): SignedIn {
  const { roles: rolesAt = 'roles', citizen: citizenAt = 'citizen', roleNames } = rules.claims ?? {};
  const given = { roles: claimAt(payload, rolesAt), citizen: claimAt(payload, citizenAt) };
  const { data } = Claims.safeParse({ ...Object(payload), ...given });
  if (data === undefined) throw new TokenRefused('claims');
  const { azp, client_id: client, citizen } = data;
  if (azp !== undefined && client !== undefined && azp !== client) throw new TokenRefused('azp');
  const holder = azp ?? client;
  if (rules.clients && (holder === undefined || !rules.clients.includes(holder)))
    throw new TokenRefused('azp');
  const roles = rolesHere(data.roles ?? [], rules.member, roleNames);
  const checked = citizen === undefined ? undefined : checkCitizenId(citizen);
  if (checked && !checked.ok) throw new TokenRefused('citizen');
  const person = checked ? { person: checked.id } : {};
  const proof = proofIn(payload, rules.claims);
  // A token that says when its person signed in is no program's, whoever it was given to.
  const isProgram = proof === undefined && (holder === data.sub || rules.programs?.includes(holder ?? ''));
  return {
    id: referenceOf(data.sub),
    roles,
    until: data.exp * 1000 + toleranceSeconds * 1000,
    ...person,
    ...(proof === undefined ? {} : { proof }),
    ...(isProgram && holder !== undefined ? { program: holder } : {}),
  };
}

/** The subject claim when it is a plain reference; a hash of it when it could itself be personal, such as a number of eighteen digits. */
export function referenceOf(sub: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,99}$/.test(sub) && !/[0-9]{11}|@/.test(sub);
  return plain ? sub : `sha256:${createHash('sha256').update(sub).digest('hex').slice(0, 32)}`;
}
