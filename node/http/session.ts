import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Granted, StepUpWish } from '../access/code-flow.ts';
import { leftOf, type Session, type SignInUnderWay, usualLimits } from '../access/sessions.ts';
import { reach, type SignedIn } from '../access/signed-in.ts';
import { usualStepUp, wanting } from '../access/step-up.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { maskForLog } from './mask.ts';
import { Renewals } from './renewals.ts';

const open = { who: 'public' } as const;
/** Milliseconds before a token's end from which it is renewed. */
const renewMs = 60_000;

/** Signing browsers in and out, and who is signed in. */
export function addSession(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/session',
    permission: open,
    handle: (request) => sessionOf(door, request),
  });
  if (door.signIn === undefined) return;
  addRoute(door, {
    method: 'GET',
    url: '/session/sign-in',
    permission: open,
    handle: (request, reply) => begin(door, request, reply),
  });
  addRoute(door, {
    method: 'GET',
    url: '/session/step-up',
    permission: open,
    handle: (request, reply) => begin(door, request, reply, stepUpOf(door, request)),
  });
  addRoute(door, {
    method: 'GET',
    url: '/session/callback',
    permission: open,
    handle: (request, reply) => end(door, request, reply),
  });
  const renewals = new Renewals(door);
  addRoute(door, {
    method: 'POST',
    url: '/session/stay',
    permission: open,
    handle: (request, reply) => stay(door, renewals, request, reply),
  });
}

/**
 * What a page must know before anything else: whose node this is and who looks at it, or why nobody does any more; their name in
 * the page's language.
 */
export function sessionOf(
  door: Door,
  request: FastifyRequest,
  locale = request.locale,
): Readonly<Record<string, unknown>> {
  const { member, region, name, demonstration } = door.config;
  const { who, session, ended } = request;
  const holder = who && {
    id: who.id,
    name: session?.name?.[locale] ?? who.id,
    roles: who.roles,
    isPerson: reach({ who: 'roles', system: '', roles: ['self'] }, who) === 'self',
    ...lasting(door, who, session),
  };
  const canSignIn = door.signIn !== undefined;
  return { member, region, name, demonstration, canSignIn, who: holder ?? null, ended: ended ?? null };
}

/** How much longer its holder is signed in. Seconds, for clocks of browsers are often wrong. */
function lasting({ config, clock }: Door, who: SignedIn, session: Session | undefined) {
  if (session === undefined) return { secondsLeft: secondsIn(who.until - clock.now()), endsBy: 'issuer' };
  const { ms, by } = leftOf(session, config.session ?? usualLimits, clock.now());
  return { secondsLeft: secondsIn(ms), endsBy: by };
}

const secondsIn = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

/** What is asked of the issuer for what needs a fresh and strong sign-in. */
function stepUpOf({ config }: Door, { session }: FastifyRequest): StepUpWish {
  const { acr, ageMs } = config.stepUp ?? usualStepUp;
  return { acr, ageMs, account: session?.who.id };
}

async function begin(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  stepUp?: StepUpWish,
): Promise<FastifyReply> {
  const { signIn, sessions } = needed(door);
  const { back } = request.query as { back?: unknown };
  const url = new URL(request.url, signIn.origin);
  // The issuer leads back to one address only, and cookies are of the host that set them.
  if (request.headers.host !== new URL(signIn.origin).host) return reply.redirect(url.href, 302);
  try {
    const { url: there, begun } = await signIn.flow.begin(pathBack(back, request), stepUp);
    return reply.header('set-cookie', sessions.signInCookie(begun)).redirect(there, 302);
  } catch (error) {
    return failed(request, reply, { back: pathBack(back, request), stepUp }, error, 'issuer-away');
  }
}

async function end(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, sessions } = needed(door);
  const begun = sessions.readSignIn(request.headers.cookie);
  reply.header('set-cookie', sessions.endSignInCookie());
  if (begun === undefined)
    return failed(request, reply, { back: pathBack(undefined, request) }, undefined, 'not-begun');
  try {
    const granted = await signIn.flow.end(new URL(request.url, signIn.origin), begun);
    const who = await holderOf(door, granted);
    const now = door.clock.now();
    const lacks = begun.stepUp && lacking(door, begun.stepUp, who);
    if (lacks !== undefined) return failed(request, reply, begun, undefined, lacks);
    const session = {
      who,
      name: granted.name,
      refresh: granted.refresh,
      sid: granted.sid,
      began: now,
      seen: now,
    };
    return reply.header('set-cookie', sessions.sessionCookie(session)).redirect(begun.back, 302);
  } catch (error) {
    return failed(request, reply, begun, error, 'refused');
  }
}

/** Whom the token that the issuer gave makes its holder; when and how they signed in the identity token says first. Errors: it is not one that is accepted here. */
async function holderOf({ auth }: Door, { token, proof }: Granted): Promise<SignedIn> {
  const who = await auth.authenticate(`Bearer ${token}`);
  if (who === undefined) throw new Error('the issuer gave no token');
  return proof === undefined ? who : { ...who, proof: { ...who.proof, ...proof } };
}

/** Why what came back is not the fresh and strong sign-in that was asked for. */
function lacking(
  { config, clock }: Door,
  { account }: NonNullable<SignInUnderWay['stepUp']>,
  who: SignedIn,
): 'other-person' | 'not-strong' | undefined {
  if (account !== undefined && account !== who.id) return 'other-person';
  return wanting(who, config.stepUp ?? usualStepUp, clock.now()) === undefined ? undefined : 'not-strong';
}

/** Said by a page when its person does something: the session goes on, with the roles that the issuer gives them now. */
async function stay(
  door: Door,
  renewals: Renewals,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { session } = request;
  if (session === undefined || request.who === undefined) return sessionOf(door, request);
  const now = door.clock.now();
  let next: Session = { ...session, seen: now };
  if (session.refresh !== undefined && now > session.who.until - renewMs) {
    const renewed = await renewals.renew(session.refresh);
    // An issuer that is away makes nobody stay, and signs nobody out who was here a moment ago.
    if (renewed === 'away') return sessionOf(door, request);
    // Another process of this node may have renewed it a moment ago, at an issuer that takes a refresh token once: its cookie is in the browser by the next try.
    if (renewed === 'refused' && !isSecond(request)) return { ...sessionOf(door, request), again: true };
    if (renewed === 'refused') next = { ...session, refresh: undefined, who: { ...session.who, until: now } };
    // Renewing is no signing in: when and how the person did stays as it was.
    else next = { ...next, ...renewed, who: { ...renewed.who, proof: session.who.proof } };
  }
  request.session = next;
  const { ms, by } = leftOf(next, door.config.session ?? usualLimits, now);
  request.who = ms > 0 ? { ...next.who, until: now + ms } : undefined;
  request.ended = ms > 0 ? undefined : by;
  reply.header('set-cookie', door.sessions.sessionCookie(next));
  return sessionOf(door, request);
}

const isSecond = ({ body }: FastifyRequest): boolean => Reflect.get(Object(body), 'again') === true;

/** A person meets a page that says so, not a problem in JSON; what went wrong goes to the log. */
function failed(
  request: FastifyRequest,
  reply: FastifyReply,
  { back, stepUp }: { readonly back: string; readonly stepUp?: object | undefined },
  error: unknown,
  why: 'issuer-away' | 'not-begun' | 'refused' | 'other-person' | 'not-strong',
): FastifyReply {
  const detail = error instanceof Error ? maskForLog(error.message) : undefined;
  request.log.warn({ why, detail }, 'a sign-in came to nothing');
  const language = back.startsWith('/en') ? 'en' : 'zh';
  const way = stepUp === undefined ? '' : '&way=step-up';
  const query = `why=${why}&back=${encodeURIComponent(back)}${way}`;
  return reply.redirect(`/${language}/sign-in-failed?${query}`, 302);
}

/** Where to go on: a page of this node, nothing else. */
function pathBack(wish: unknown, request: FastifyRequest): string {
  const home = request.locale === 'en' ? '/en/home' : '/zh/home';
  if (typeof wish !== 'string' || wish.length > 500) return home;
  return /^\/(?:zh|en)(?:\/[A-Za-z0-9._~%-]+)*(?:\?[A-Za-z0-9._~%&=+,:*-]*)?$/.test(wish) ? wish : home;
}

function needed({ signIn, sessions }: Door) {
  if (signIn === undefined) throw refusedWith('unknown-page');
  return { signIn, sessions };
}
