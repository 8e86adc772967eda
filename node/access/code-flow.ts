import { createPrivateKey } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type * as Oidc from 'openid-client';
import { proofIn } from './claims.ts';
import type { Session, SignInUnderWay } from './sessions.ts';
import type { Proof, StepUpRules } from './step-up.ts';

/** The client that a node is to the issuer. */
export interface FlowClient {
  readonly id: string;
  readonly secret?: string | undefined;
  /** Private key in PEM by which it proves itself instead (RFC 7523). */
  readonly key?: string | undefined;
  /** `openid profile` when absent. */
  readonly scope?: string | undefined;
  /** Whether requests name the audience (RFC 8707); they do when absent. */
  readonly resource?: boolean | undefined;
}

/** How a node signs browsers in: as which client, at which issuer, back to where. */
export interface CodeFlowRules {
  readonly issuer: string;
  readonly audience: string;
  readonly client: FlowClient;
  /** Address that the issuer leads back to. */
  readonly redirect: string;
  /** Address that it leads to after it ended its own session. */
  readonly home: string;
  /** Whether the issuer shall ask each time who it is, even of a browser that it knows. */
  readonly ask: boolean;
}

/** A sign-in that must be fresh and strong, of a person who is signed in already, if anybody is. */
export interface StepUpWish extends Pick<StepUpRules, 'ageMs' | 'acr'> {
  readonly account?: string | undefined;
}

/** What the issuer gave: an access token, who its holder is called, and what it gives the next token for. */
export interface Granted {
  readonly token: string;
  readonly name?: Session['name'];
  /** When and how its holder signed in, as the identity token says it. */
  readonly proof?: Proof | undefined;
  readonly refresh?: string | undefined;
  /** Its own session, by which it can end ours. */
  readonly sid?: string | undefined;
}

/** Sign-in by the authorization code flow with PKCE (RFC 7636), done by the node: no token reaches a script of a page. */
export interface CodeFlow {
  begin(back: string, stepUp?: StepUpWish): Promise<{ readonly url: string; readonly begun: SignInUnderWay }>;
  /** `url` is the whole address that the issuer led back to. Throws what the issuer or the check of its answer says. */
  end(url: URL, begun: SignInUnderWay): Promise<Granted>;
  /** A new token for an old one's `refresh`; undefined when the issuer refuses. Throws when it is away. */
  renew(refresh: string): Promise<Granted | undefined>;
  /** Where the issuer ends its own session; undefined where it cannot. */
  leaveUrl(): Promise<string | undefined>;
}

/** Makes one; the issuer is looked up at the first sign-in. */
export function codeFlow(rules: CodeFlowRules): CodeFlow {
  let known: Promise<Oidc.Configuration> | undefined;
  const configuration = (): Promise<Oidc.Configuration> => {
    known ??= discovered(rules).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    async begin(back, stepUp) {
      const oidc = await import('openid-client');
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
      const strong = stepUp && { stepUp: { ageMs: stepUp.ageMs, account: stepUp.account } };
      const begun = { state, nonce, verifier, back, ...strong };
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: rules.redirect,
        scope: rules.client.scope ?? 'openid profile',
        ...resourceOf(rules),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // The page that one comes from says in which language one reads (OpenID Connect Core 3.1.2.1).
        ui_locales: back.startsWith('/en') ? 'en zh-CN' : 'zh-CN en',
        ...(rules.ask || stepUp ? { prompt: 'login' } : {}),
        ...(stepUp ? stepUpWords(rules, stepUp) : {}),
      });
      return { url: url.href, begun };
    },
    end: async (url, begun) => ended(await configuration(), rules, url, begun),
    renew: async (refresh) => renewed(await configuration(), rules, refresh),
    async leaveUrl() {
      const known = await configuration();
      if (rules.ask || known.serverMetadata().end_session_endpoint === undefined) return undefined;
      const oidc = await import('openid-client');
      return oidc.buildEndSessionUrl(known, { post_logout_redirect_uri: rules.home }).href;
    },
  };
}

/** What a fresh and strong sign-in is asked for by (RFC 9470 4, OpenID Connect Core 3.1.2.1). */
function stepUpWords({ ask }: CodeFlowRules, { acr, ageMs, account }: StepUpWish): Record<string, string> {
  return {
    max_age: String(Math.floor(ageMs / 1000)),
    ...(acr.length === 0 ? {} : { acr_values: acr.join(' ') }),
    // Names of accounts here are for the demonstration's own issuer to know; others would show them as what was typed.
    ...(ask && account !== undefined ? { login_hint: account } : {}),
  };
}

async function discovered({ issuer, client }: CodeFlowRules): Promise<Oidc.Configuration> {
  const oidc = await import('openid-client');
  const url = new URL(issuer);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return oidc.discovery(url, client.id, undefined, await proofOf(client), {
    timeout: 10,
    ...(isLoopback ? { execute: [oidc.allowInsecureRequests] } : {}),
  });
}

const resourceOf = ({ audience, client }: CodeFlowRules): Record<string, string> =>
  client.resource === false ? {} : { resource: audience };

/** How the node proves that it is the client: by its key, its secret, or, a public one, not at all beyond PKCE. */
async function proofOf({ key, secret }: FlowClient): Promise<Oidc.ClientAuth> {
  const oidc = await import('openid-client');
  if (key !== undefined) return oidc.PrivateKeyJwt(await importedKey(key));
  return secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret);
}

/** A private key for WebCrypto, with the algorithm that its kind is used with here. */
async function importedKey(pem: string): Promise<CryptoKey> {
  const { importPKCS8 } = await import('jose');
  const key = createPrivateKey(pem);
  const kinds: Readonly<Record<string, string>> = { rsa: 'PS256', ec: 'ES256' };
  const alg = kinds[key.asymmetricKeyType ?? ''];
  if (alg === undefined) throw new Error('the client’s key is neither RSA nor EC P-256');
  return importPKCS8(key.export({ type: 'pkcs8', format: 'pem' }).toString(), alg);
}

async function ended(
  configuration: Oidc.Configuration,
  rules: CodeFlowRules,
  url: URL,
  { state, nonce, verifier, stepUp }: SignInUnderWay,
): Promise<Granted> {
  const oidc = await import('openid-client');
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    ...(stepUp === undefined ? {} : { maxAge: Math.floor(stepUp.ageMs / 1000) }),
  };
  const granted = await oidc.authorizationCodeGrant(configuration, url, checks, resourceOf(rules));
  return grantedBy(granted, undefined);
}

async function renewed(
  configuration: Oidc.Configuration,
  rules: CodeFlowRules,
  refresh: string,
): Promise<Granted | undefined> {
  const oidc = await import('openid-client');
  try {
    const granted = await oidc.refreshTokenGrant(configuration, refresh, resourceOf(rules));
    return grantedBy(granted, refresh);
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.status < 500) return undefined;
    throw error;
  }
}

/** An issuer that gives no new `refresh` means that the old one stays good. */
function grantedBy(
  granted: Oidc.TokenEndpointResponse & Oidc.TokenEndpointResponseHelpers,
  before: string | undefined,
): Granted {
  const claims = granted.claims() ?? {};
  const name = nameIn(claims);
  const sid = Reflect.get(claims, 'sid');
  const refresh = granted.refresh_token ?? before;
  const proof = proofIn(claims);
  return {
    token: granted.access_token,
    ...(name === undefined ? {} : { name }),
    ...(proof === undefined ? {} : { proof }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(typeof sid === 'string' ? { sid: sid.slice(0, 255) } : {}),
  };
}

/** The holder's name, in both languages where the issuer tells them apart (`name#en`, OpenID Connect Core 5.2). */
function nameIn(claims: Readonly<Record<string, unknown>>): Session['name'] {
  const { name, 'name#en': english } = claims;
  if (typeof name !== 'string') return undefined;
  return { 'zh-CN': name.slice(0, 80), en: (typeof english === 'string' ? english : name).slice(0, 80) };
}
