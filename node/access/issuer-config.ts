import { z } from 'zod';

const claim = z
  .string()
  .regex(/^(?:\/.{1,200}|[^/].{0,200})$/, 'not the name of a claim, nor a JSON pointer to one');
const ownRole = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/, 'not of the form <system>/<role>');

const Client = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(1).optional().describe('Its secret, sent in the header `authorization`'),
  key: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the key by which it proves itself (`private_key_jwt`), instead of a secret'),
  scope: z
    .string()
    .min(1)
    .optional()
    .describe('Scopes that a sign-in asks for; `openid profile` when absent'),
  resource: z
    .boolean()
    .optional()
    .describe('Whether the audience is named in requests (RFC 8707); `false` for issuers that refuse it'),
});

/** What a node is told of its issuer: OpenID Connect, anybody's. */
export const IssuerConfig = z.strictObject({
  url: z.url().describe('OpenID Connect issuer of the tokens that are accepted'),
  audience: z.string().min(1),
  jwks: z.url().optional().describe('Its key set, where discovery does not tell'),
  tokenTypes: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Header types of its access tokens; `at+jwt` when absent, some issuers write `JWT`'),
  clients: z
    .array(z.string().min(1))
    .optional()
    .describe('Clients that tokens may be issued to; any that the issuer knows when absent'),
  claims: z
    .strictObject({
      roles: claim
        .optional()
        .describe('Claim with the roles, by name or by JSON pointer; `roles` when absent'),
      citizen: claim
        .optional()
        .describe('Claim with the citizen number of who signed in as themselves; `citizen` when absent'),
      authTime: claim
        .optional()
        .describe('Claim with the time of the sign-in, seconds since 1970; `auth_time` when absent'),
      acr: claim.optional().describe('Claim with how strong the sign-in was; `acr` when absent'),
      amr: claim.optional().describe('Claim with the means of the sign-in; `amr` when absent'),
    })
    .optional(),
  roles: z
    .record(z.string().min(1), z.array(ownRole))
    .optional()
    .describe(
      'What each role of the issuer gives at this member, as `<system>/<role>`; when absent they are `<member>:<system>/<role>` already',
    ),
  stepUp: z
    .strictObject({
      minutes: z
        .int()
        .min(1)
        .max(720)
        .describe('Minutes for which a strong sign-in lets its person move money; 15 when absent'),
      acr: z
        .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'not a word of `acr`'))
        .min(1)
        .describe(
          'Words of `acr` that count as strong; the issuer is asked for them. Any sign-in counts where neither `acr` nor `amr` is named',
        ),
      amr: z
        .array(z.string().min(1).max(80))
        .min(1)
        .describe('Words of `amr` of which one counts as strong too, such as `mfa` (RFC 8176)'),
      programs: z
        .array(z.string().min(1))
        .describe(
          'Clients that may move money by themselves, as hospital systems and imports do; none when absent, any in a demonstration',
        ),
    })
    .partial()
    .optional(),
  session: z
    .strictObject({
      idleMinutes: z
        .int()
        .min(5)
        .max(720)
        .describe('Minutes without a sign of the person after which a browser is signed out; 30 when absent'),
      hours: z
        .int()
        .min(1)
        .max(24)
        .describe('Hours after which they sign in again in any case; 12 when absent'),
    })
    .partial()
    .optional(),
  client: Client.optional().describe('The client as which this node signs browsers in; none are when absent'),
});

/** What a node is told of its issuer. */
export type IssuerConfig = z.infer<typeof IssuerConfig>;
