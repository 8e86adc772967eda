import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { localeOf } from '../http/locale.ts';
import type { DemonstrationAccount } from './accounts.ts';
import { pickedAcr, strongAcr } from './acr.ts';
import { pageHeaders, pageText } from './page.ts';
import { failedPage } from './sign-in-page.ts';

/** What the issuer's configuration is made of. */
export interface IssuerParts {
  readonly accounts: readonly DemonstrationAccount[];
  readonly audience: string;
  readonly redirects: readonly string[];
  /** Private signing key as JWK. */
  readonly jwk: Readonly<Record<string, string>>;
  /** Secret that signs cookies. */
  readonly cookie: string;
}

/** Id of the public client as which the nodes of a demonstration sign browsers in. */
export const portalClient = 'yitong-portal';
const scope = 'yitong';

/** Seconds that each thing lasts. */
const ttl: NonNullable<Configuration['ttl']> = {
  AccessToken: 3_600,
  ClientCredentials: 3_600,
  AuthorizationCode: 60,
  IdToken: 3_600,
  Interaction: 600,
  RefreshToken: 43_200,
  Session: 43_200,
  Grant: 43_200,
};

/** Access tokens are JWTs (RFC 9068) for one audience, with the claims `roles` and `citizen`; nobody registers, nothing needs consent. */
export function issuerConfiguration(parts: IssuerParts): Configuration {
  const byId = new Map(parts.accounts.map((account) => [account.id, account]));
  const claims = (id: string | undefined) => {
    const account = id === undefined ? undefined : byId.get(id);
    return (
      account && {
        roles: account.roles,
        ...(account.person === undefined ? {} : { citizen: account.person }),
      }
    );
  };
  return {
    jwks: { keys: [{ ...parts.jwk, kty: 'EC' }] },
    cookies: { keys: [parts.cookie] },
    clients: clientsOf(parts),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    acrValues: [pickedAcr, strongAcr],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name', 'name#en'] },
    // The token of a sign-in is for the nodes' audience, so names can come with the id token only.
    conformIdTokenClaims: false,
    features: featuresFor(parts.audience),
    ttl,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    extraTokenClaims: (context, token) => ({
      ...claims(
        'accountId' in token && typeof token.accountId === 'string' ? token.accountId : token.clientId,
      ),
      ...proofOf(context),
    }),
    findAccount: (_context, id) => accountOf(byId.get(id)),
    renderError: (context, { error }) => {
      const locale = localeOf(context.get('accept-language'));
      context.set(pageHeaders(locale));
      context.body = pageText(failedPage(locale, error));
    },
    // A session at a node goes on for as long as the node lets it.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    loadExistingGrant: (context) => grantAll(context, parts.audience),
  };
}

/** When and how whoever a token is for signed in (RFC 9068 2.2.1); a program's says nothing. */
function proofOf({ oidc }: KoaContextWithOIDC) {
  const { AuthorizationCode: code, RefreshToken: refresh } = oidc.entities;
  const source = code ?? refresh;
  return source?.authTime === undefined ? {} : { auth_time: source.authTime, acr: source.acr };
}

function accountOf(account: DemonstrationAccount | undefined) {
  if (account === undefined) return undefined;
  const { 'zh-CN': name, en } = account.name;
  return { accountId: account.id, claims: () => ({ sub: account.id, name, 'name#en': en }) };
}

function featuresFor(audience: string): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    userinfo: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience: audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3_600,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  };
}

function clientsOf({ accounts, redirects }: IssuerParts): ClientMetadata[] {
  const programs: ClientMetadata[] = accounts.map(({ id, secret }) => ({
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
  }));
  if (redirects.length === 0) return programs;
  const browser: ClientMetadata = {
    client_id: portalClient,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [...redirects],
    token_endpoint_auth_method: 'none',
  };
  return [...programs, browser];
}

/** Whoever signed in here uses the region's own portal: there is no third party to consent to. */
async function grantAll(context: KoaContextWithOIDC, audience: string) {
  const { client, session, provider } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  if (known !== undefined) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(audience, scope);
  await grant.save();
  return grant;
}
