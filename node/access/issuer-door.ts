import { readFileSync } from 'node:fs';
import { type Auth, tokenAuth } from './auth.ts';
import { type CodeFlow, codeFlow } from './code-flow.ts';
import type { IssuerConfig } from './issuer-config.ts';
import { type LogoutReader, logoutReader } from './logout-token.ts';
import { type SessionLimits, usualLimits } from './sessions.ts';
import { type StepUpRules, usualStepUp } from './step-up.ts';

/** Where the node stands for which an issuer signs people in. */
export interface DoorPlace {
  readonly member: string;
  /** Origin at which browsers know the node. */
  readonly origin: string;
  readonly demonstration: boolean;
  readonly now: () => number;
}

/** What an issuer's configuration makes of a node's door: which tokens are taken, and how browsers are signed in. */
export interface IssuerDoor {
  readonly auth: Auth;
  /** Undefined where the node is no client of the issuer: programs only. */
  readonly signIn:
    | { readonly flow: CodeFlow; readonly origin: string; readonly loggedOut: LogoutReader }
    | undefined;
}

/** Makes it. Errors: the client's key cannot be read. */
export function issuerDoor(issuer: IssuerConfig, place: DoorPlace): IssuerDoor {
  const { url, audience, jwks, tokenTypes, clients, claims = {}, roles, client, stepUp } = issuer;
  const { member, origin, demonstration, now } = place;
  const auth = tokenAuth({
    issuer: url,
    audience,
    member,
    now,
    claims: { ...claims, roleNames: roles },
    programs: stepUp?.programs,
    ...(jwks === undefined ? {} : { jwks }),
    ...(tokenTypes === undefined ? {} : { types: tokenTypes }),
    ...(clients === undefined ? {} : { clients }),
  });
  if (client === undefined) return { auth, signIn: undefined };
  const key = client.key === undefined ? undefined : readFileSync(client.key, 'utf8');
  const flow = codeFlow({
    issuer: url,
    audience,
    client: { ...client, key },
    redirect: `${origin}/session/callback`,
    home: `${origin}/`,
    // In a demonstration one browser plays many people: each sign-in asks which.
    ask: demonstration,
  });
  const loggedOut = logoutReader({
    issuer: url,
    client: client.id,
    now,
    ...(jwks === undefined ? {} : { jwks }),
  });
  return { auth, signIn: { origin, flow, loggedOut } };
}

/** How long browsers stay signed in, as the configuration has it. */
export function sessionLimits({ session = {} }: IssuerConfig): SessionLimits {
  const { idleMinutes, hours } = session;
  return {
    idleMs: idleMinutes === undefined ? usualLimits.idleMs : idleMinutes * 60_000,
    wholeMs: hours === undefined ? usualLimits.wholeMs : hours * 3_600_000,
  };
}

/** Which sign-in is strong and fresh here; in a demonstration every program is one of its own. */
export function stepUpRules(
  { stepUp = {} }: IssuerConfig,
  { demonstration }: Pick<DoorPlace, 'demonstration'>,
): StepUpRules {
  const { minutes, acr, amr, programs } = stepUp;
  return {
    ageMs: minutes === undefined ? usualStepUp.ageMs : minutes * 60_000,
    acr: acr ?? usualStepUp.acr,
    amr: amr ?? usualStepUp.amr,
    programs: programs ?? (demonstration ? 'any' : usualStepUp.programs),
  };
}
