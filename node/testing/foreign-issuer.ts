import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { z } from 'zod';

// An issuer as a member's own would be, in a process of its own: it shares nothing with the built-in one but the library. Its address has
// a path, its roles are words of its own and lie nested, its clients prove themselves by key or secret, it signs with RSA and changes keys.

const path = '/realms/east';
const Wish = z.object({
  audience: z.string(),
  /** Origin of the node that is its client. */
  node: z.string(),
  /** The node's public key. */
  jwk: z.record(z.string(), z.unknown()),
  program: z.object({ id: z.string(), secret: z.string() }),
});
const Order = z.discriminatedUnion('type', [
  z.object({ type: z.literal('new-key') }),
  z.object({ type: z.literal('drop-old-keys') }),
  z.object({
    type: z.literal('sign'),
    header: z.record(z.string(), z.unknown()),
    claims: z.record(z.string(), z.unknown()),
  }),
]);
const wish = Wish.parse(JSON.parse(process.argv[2] ?? ''));

interface Person {
  readonly password: string;
  readonly name: string;
  readonly card: string;
  readonly roles: readonly string[];
  readonly number?: string;
}

const people: Readonly<Record<string, Person>> = {
  'wang.li': { password: 'spring-tide', name: '王丽', card: '7301', roles: ['librarian', 'staff'] },
  'an.na': {
    password: 'plum-rain',
    name: '安娜',
    card: '7302',
    roles: ['citizens'],
    number: '310101199003070019',
  },
};

/** What it writes into `acr` for whoever gave the number of their card besides the password. */
const byCard = 'urn:east:card';

let keys = [newKey(1)];
let serial = 1;

function newKey(number: number) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: `east-${number}`, use: 'sig', alg: 'PS256' };
}

const rolesOf = (id: string | undefined) =>
  id === wish.program.id ? ['librarian'] : (people[id ?? '']?.roles ?? []);

const clients = (): ClientMetadata[] => [
  {
    client_id: 'the-node',
    redirect_uris: [`${wish.node}/session/callback`],
    post_logout_redirect_uris: [`${wish.node}/`],
    backchannel_logout_uri: `${wish.node}/session/back-channel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [wish.jwk] },
  },
  {
    client_id: wish.program.id,
    client_secret: wish.program.secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  },
];

const features = (): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  backchannelLogout: { enabled: true },
  clientCredentials: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => wish.audience,
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource) => ({
      scope: '',
      audience: resource,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'PS256' } },
    }),
  },
});

function configuration(): Configuration {
  return {
    jwks: { keys },
    cookies: { keys: ['east'] },
    // Its own fetch refuses addresses of this machine, where the node of the test is.
    fetch: (url, options) => {
      const plain = { ...options };
      Reflect.deleteProperty(plain, 'dispatcher');
      return fetch(url, plain);
    },
    clients: clients(),
    clientDefaults: { id_token_signed_response_alg: 'PS256' },
    enabledJWA: { idTokenSigningAlgValues: ['PS256'], clientAuthSigningAlgValues: ['ES256'] },
    acrValues: [byCard],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: features(),
    ttl: {
      AccessToken: 300,
      ClientCredentials: 300,
      IdToken: 300,
      Interaction: 600,
      Session: 3_600,
      Grant: 3_600,
    },
    interactions: { url: (_context, { uid }) => `${path}/interaction/${uid}` },
    extraTokenClaims: (_context, token) => {
      const id = 'accountId' in token ? String(token.accountId) : token.clientId;
      const number = people[id ?? '']?.number;
      return { realm_access: { roles: rolesOf(id) }, ...(number === undefined ? {} : { id_card: number }) };
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: people[id]?.name }) }),
    loadExistingGrant: async ({ oidc }) => {
      const { client, session } = oidc;
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  };
}

async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.end(
      '<form method="post"><input name="login"><input name="password" type="password"><input name="card"></form>',
    );
    return;
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const form = new URLSearchParams(text);
  const id = form.get('login') ?? '';
  const isRight = people[id] !== undefined && people[id].password === form.get('password');
  const acr = form.get('card') === people[id]?.card ? { acr: byCard } : {};
  const result = isRight ? { login: { accountId: id, ...acr } } : { error: 'access_denied' };
  await provider.interactionFinished(request, response, result);
}

let provider: Provider;
const server = createServer((request, response) => {
  const { url = '' } = request;
  if (!url.startsWith(`${path}/`)) return void response.writeHead(404).end();
  if (url.startsWith(`${path}/interaction/`))
    return void interaction(request, response).catch((error: unknown) =>
      response.writeHead(400).end(String(error)),
    );
  Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
  provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const open = () => {
    provider = new Provider(url, configuration());
  };
  open();
  process.on('message', (message) => void obey(Order.parse(message), open));
  process.send?.({ url });
});
process.on('disconnect', () => process.exit(0));

async function obey(order: z.infer<typeof Order>, open: () => void): Promise<void> {
  if (order.type === 'new-key') keys = [newKey(++serial), ...keys];
  if (order.type === 'drop-old-keys') keys = keys.slice(0, 1);
  if (order.type !== 'sign') {
    open();
    process.send?.({ done: true });
    return;
  }
  const { createPrivateKey } = await import('node:crypto');
  const [key = newKey(0)] = keys;
  const { header, claims } = order;
  const stranger = header['kid'] === 'stranger' ? (await generateKeyPair('PS256')).privateKey : undefined;
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(stranger ?? createPrivateKey({ key, format: 'jwk' }));
  process.send?.({ token });
}
