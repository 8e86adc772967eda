import { z } from '@yitong/kit';
import type { Sealer } from '../http/seal.ts';
import type { SignedIn } from './signed-in.ts';

/** A browser's session: who its holder is, as their last token said, and since when. */
export interface Session {
  /** `until` is when that token ended: from then on the issuer is asked again before the session goes on. */
  readonly who: SignedIn;
  readonly name?: { readonly 'zh-CN': string; readonly en: string } | undefined;
  /** When the person signed in, and when they last did something; milliseconds since 1970, by the node's clock. */
  readonly began: number;
  readonly seen: number;
  /** What the issuer gives a new token for. */
  readonly refresh?: string | undefined;
  /** The issuer's own session. */
  readonly sid?: string | undefined;
}

/** How long a session lasts: without a sign of the person, and at all. Milliseconds. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly wholeMs: number;
}

/** Half an hour without a sign of the person and twelve hours at all, as NIST SP 800-63B 4.2.3 has it for two factors. */
export const usualLimits: SessionLimits = { idleMs: 30 * 60_000, wholeMs: 12 * 3_600_000 };

/**
 * Why a session is over: nothing done for too long, its whole time is up, the issuer does not renew it, or its holder or the issuer
 * ended it from elsewhere.
 */
export type SessionEnd = 'idle' | 'whole' | 'issuer' | 'elsewhere';

/** Milliseconds that are left of a session, and what will end it; nothing is left of one that is over. */
export function leftOf(
  { who, began, seen, refresh }: Session,
  { idleMs, wholeMs }: SessionLimits,
  now: number,
): { readonly ms: number; readonly by: SessionEnd } {
  const ends: readonly (readonly [number, SessionEnd])[] = [
    [began + wholeMs - now, 'whole'],
    [seen + idleMs - now, 'idle'],
    ...(refresh === undefined ? ([[who.until - now, 'issuer']] as const) : []),
  ];
  const [ms, by] = ends.reduce((first, next) => (next[0] < first[0] ? next : first));
  return { ms, by };
}

/** What a sign-in that is under way remembers until the issuer sends the browser back. */
export interface SignInUnderWay {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Path on this node to go on at. */
  readonly back: string;
  /** A fresh and strong sign-in is wanted: how old it may be, and of whom when somebody is signed in. */
  readonly stepUp?: { readonly ageMs: number; readonly account?: string | undefined } | undefined;
}

const StoredSession = z.object({
  who: z.object({
    id: z.string(),
    roles: z.array(z.string()),
    person: z.string().exactOptional(),
    until: z.number(),
    proof: z
      .object({ at: z.number(), acr: z.string().optional(), amr: z.array(z.string()).optional() })
      .optional(),
  }),
  name: z.object({ 'zh-CN': z.string(), en: z.string() }).optional(),
  began: z.number(),
  seen: z.number(),
  refresh: z.string().optional(),
  sid: z.string().optional(),
});
const StoredSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  back: z.string(),
  stepUp: z.object({ ageMs: z.number(), account: z.string().optional() }).optional(),
});

/** Which cookies belong to a node: one of its own for each member, as ports of one host share their cookies. */
export interface CookiePlace {
  readonly member: string;
  /** Whether browsers reach the node by https; the cookie's name then promises it. */
  readonly secure: boolean;
}

const sessionUse = 'session';
const signInUse = 'sign-in';
/** Seconds in which a sign-in must come to its end. */
const signInSeconds = 600;
/** The cookie outlives what is in it, so that its holder can be told why it is over. */
const cookieSeconds = 86_400;

/** Keeps sessions in the browser's own cookies, sealed: any process of the member can read them, nobody else can make or change one. */
export class Sessions {
  readonly #sealer: Sealer;
  readonly #name: string;
  readonly #flags: string;

  constructor(sealer: Sealer, { member, secure }: CookiePlace) {
    this.#sealer = sealer;
    this.#name = `${secure ? '__Host-' : ''}yitong-${member}`;
    this.#flags = `Path=/; HttpOnly${secure ? '; Secure' : ''}`;
  }

  /** The session that a request's cookies carry. */
  read(cookies: string | undefined): Session | undefined {
    return this.#opened(cookies, sessionUse, this.#name, StoredSession);
  }

  /** Strict: no page of others, not even one of this host's other ports, makes a browser act as its holder. */
  sessionCookie(session: Session): string {
    const sealed = this.#sealer.seal(sessionUse, JSON.stringify(session));
    return `${this.#name}=${sealed}; ${this.#flags}; SameSite=Strict; Max-Age=${cookieSeconds}`;
  }

  endCookie(): string {
    return `${this.#name}=; ${this.#flags}; SameSite=Strict; Max-Age=0`;
  }

  readSignIn(cookies: string | undefined): SignInUnderWay | undefined {
    return this.#opened(cookies, signInUse, `${this.#name}-begun`, StoredSignIn);
  }

  /** Lax: the issuer, another site, leads back with it. */
  signInCookie(begun: SignInUnderWay): string {
    const sealed = this.#sealer.seal(signInUse, JSON.stringify(begun));
    return `${this.#name}-begun=${sealed}; ${this.#flags}; SameSite=Lax; Max-Age=${signInSeconds}`;
  }

  endSignInCookie(): string {
    return `${this.#name}-begun=; ${this.#flags}; SameSite=Lax; Max-Age=0`;
  }

  #opened<T>(cookies: string | undefined, use: string, name: string, schema: z.ZodType<T>): T | undefined {
    const value = cookieIn(cookies, name);
    const text = value === undefined ? undefined : this.#sealer.open(use, value);
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  }
}

/** The value of a cookie in the header `Cookie`. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').slice(0, 16_384).split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
