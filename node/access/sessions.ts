import { z } from '@yitong/kit';
import type { Sealer } from '../http/seal.ts';

/** A browser's session: the access token that it holds, and how its holder is called. */
export interface Session {
  readonly token: string;
  readonly name?: { readonly 'zh-CN': string; readonly en: string } | undefined;
}

/** What a sign-in that is under way remembers until the issuer sends the browser back. */
export interface SignInUnderWay {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Path on this node to go on at. */
  readonly back: string;
}

const StoredSession = z.object({
  token: z.string().max(8_192),
  name: z.object({ 'zh-CN': z.string(), en: z.string() }).optional(),
});
const StoredSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  back: z.string(),
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
  sessionCookie(session: Session, seconds: number): string {
    const sealed = this.#sealer.seal(sessionUse, JSON.stringify(session));
    return `${this.#name}=${sealed}; ${this.#flags}; SameSite=Strict; Max-Age=${seconds}`;
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
