import { z } from '@yitong/kit';
import { referenceOf, tokenAlgorithms, toleranceSeconds } from './auth.ts';
import { keySource } from './keys.ts';
import { TokenRefused } from './signed-in.ts';

/** Whose sessions an issuer says are over: an account's as it is known here, or those of one session there. */
export type LoggedOut = { readonly account: string } | { readonly sid: string };

/** Reads logout tokens (OpenID Connect Back-Channel Logout 1.0); throws `TokenRefused`. */
export type LogoutReader = (token: string) => Promise<LoggedOut>;

/** Which logout tokens are taken: of this issuer, for this client. */
export interface LogoutRules {
  readonly issuer: string;
  readonly client: string;
  readonly jwks?: string;
  readonly now: () => number;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** Oldest that one may be: an issuer sends it at once, and later it would sign out somebody who came back since. */
const ageMax = 120;

const Claims = z.object({
  sub: z.string().min(1).max(255).optional(),
  sid: z.string().min(1).max(255).optional(),
  nonce: z.never().optional(),
  events: z.object({ [event]: z.object({}) }),
});

/** Makes the reader; keys are found as those of access tokens are. */
export function logoutReader(rules: LogoutRules): LogoutReader {
  const keys = keySource(rules);
  return async (token) => {
    const { jwtVerify, errors } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, (header, jws) => keys(header, jws), {
        algorithms: tokenAlgorithms,
        issuer: rules.issuer,
        audience: rules.client,
        clockTolerance: toleranceSeconds,
        maxTokenAge: ageMax,
        currentDate: new Date(rules.now()),
        requiredClaims: ['iat', 'jti', 'events'],
      });
      return loggedOut(payload);
    } catch (error) {
      if (error instanceof TokenRefused) throw error;
      throw new TokenRefused(error instanceof errors.JOSEError ? error.code : 'unreachable');
    }
  };
}

/** One that names a session ends that one only. */
function loggedOut(payload: unknown): LoggedOut {
  const { data } = Claims.safeParse(payload);
  if (data?.sid !== undefined) return { sid: data.sid };
  if (data?.sub !== undefined) return { account: referenceOf(data.sub) };
  throw new TokenRefused('claims');
}
