import type * as Oidc from 'openid-client';
import type { Session, SignInUnderWay } from './sessions.ts';

/** How a node signs browsers in: as which client, at which issuer, back to where. */
export interface CodeFlowRules {
  readonly issuer: string;
  readonly audience: string;
  readonly client: { readonly id: string; readonly secret?: string | undefined };
  /** Address that the issuer leads back to. */
  readonly redirect: string;
  /** Whether the issuer shall ask each time who it is, even of a browser that it knows. */
  readonly ask: boolean;
}

/** A session, and for how many seconds its token is good. */
export interface SignedInBrowser {
  readonly session: Session;
  readonly seconds: number;
}

/** Sign-in by the authorization code flow with PKCE (RFC 7636), done by the node: no token reaches a script of a page. */
export interface CodeFlow {
  begin(back: string): Promise<{ readonly url: string; readonly begun: SignInUnderWay }>;
  /** `url` is the whole address that the issuer led back to. Throws what the issuer or the check of its answer says. */
  end(url: URL, begun: SignInUnderWay): Promise<SignedInBrowser>;
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
    async begin(back) {
      const oidc = await import('openid-client');
      const verifier = oidc.randomPKCECodeVerifier();
      const begun = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, back };
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: rules.redirect,
        scope: 'openid profile',
        resource: rules.audience,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(rules.ask ? { prompt: 'login' } : {}),
      });
      return { url: url.href, begun };
    },
    end: async (url, begun) => ended(await configuration(), rules, url, begun),
    async leaveUrl() {
      const { end_session_endpoint: end } = (await configuration()).serverMetadata();
      return rules.ask ? undefined : end;
    },
  };
}

async function discovered({ issuer, client }: CodeFlowRules): Promise<Oidc.Configuration> {
  const oidc = await import('openid-client');
  const url = new URL(issuer);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const proof = client.secret === undefined ? oidc.None() : oidc.ClientSecretBasic(client.secret);
  return oidc.discovery(url, client.id, undefined, proof, {
    timeout: 10,
    ...(isLoopback ? { execute: [oidc.allowInsecureRequests] } : {}),
  });
}

async function ended(
  configuration: Oidc.Configuration,
  { audience }: CodeFlowRules,
  url: URL,
  { state, nonce, verifier }: SignInUnderWay,
): Promise<SignedInBrowser> {
  const oidc = await import('openid-client');
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  const granted = await oidc.authorizationCodeGrant(configuration, url, checks, { resource: audience });
  const claims = granted.claims();
  const name = nameIn(claims ?? {});
  const session: Session = { token: granted.access_token, ...(name === undefined ? {} : { name }) };
  return { session, seconds: granted.expiresIn() ?? 300 };
}

/** The holder's name, in both languages where the issuer tells them apart (`name#en`, OpenID Connect Core 5.2). */
function nameIn(claims: Readonly<Record<string, unknown>>): Session['name'] {
  const { name, 'name#en': english } = claims;
  if (typeof name !== 'string') return undefined;
  return { 'zh-CN': name.slice(0, 80), en: (typeof english === 'string' ? english : name).slice(0, 80) };
}
