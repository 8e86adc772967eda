import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInUnderWay } from '../access/sessions.ts';
import { reach } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { maskForLog } from './mask.ts';

const open = { who: 'public' } as const;

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
    url: '/session/callback',
    permission: open,
    handle: (request, reply) => end(door, request, reply),
  });
  addRoute(door, {
    method: 'POST',
    url: '/session/sign-out',
    permission: open,
    handle: (request, reply) => signOut(door, request, reply),
  });
}

/** What a page must know before anything else: whose node this is and who looks at it. */
function sessionOf({ config, signIn }: Door, { who, session, locale }: FastifyRequest): unknown {
  const { member, region, name, demonstration } = config;
  const holder = who && {
    id: who.id,
    name: session?.name?.[locale] ?? who.id,
    roles: who.roles,
    isPerson: reach({ who: 'roles', system: '', roles: ['self'] }, who) === 'self',
    until: new Date(who.until).toISOString(),
  };
  return { member, region, name, demonstration, canSignIn: signIn !== undefined, who: holder ?? null };
}

async function begin(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, sessions } = needed(door);
  const { back } = request.query as { back?: unknown };
  const url = new URL(request.url, signIn.origin);
  // The issuer leads back to one address only, and cookies are of the host that set them.
  if (request.headers.host !== new URL(signIn.origin).host) return reply.redirect(url.href, 302);
  try {
    const { url: there, begun } = await signIn.flow.begin(pathBack(back, request));
    return reply.header('set-cookie', sessions.signInCookie(begun)).redirect(there, 302);
  } catch (error) {
    return failed(request, reply, pathBack(back, request), error, 'issuer-away');
  }
}

async function end(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, sessions } = needed(door);
  const begun = sessions.readSignIn(request.headers.cookie);
  reply.header('set-cookie', sessions.endSignInCookie());
  if (begun === undefined)
    return failed(request, reply, pathBack(undefined, request), undefined, 'not-begun');
  try {
    const { session, seconds } = await signIn.flow.end(new URL(request.url, signIn.origin), begun);
    return reply.header('set-cookie', sessions.sessionCookie(session, seconds)).redirect(begun.back, 302);
  } catch (error) {
    return failed(request, reply, begun.back, error, 'refused');
  }
}

async function signOut(door: Door, _request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signIn, sessions } = needed(door);
  const leave = await signIn.flow.leaveUrl().catch(() => undefined); // An issuer that is away must keep nobody signed in here.
  return reply.header('set-cookie', sessions.endCookie()).send({ leave: leave ?? null });
}

/** A person meets a page that says so, not a problem in JSON; what went wrong goes to the log. */
function failed(
  request: FastifyRequest,
  reply: FastifyReply,
  back: SignInUnderWay['back'],
  error: unknown,
  why: 'issuer-away' | 'not-begun' | 'refused',
): FastifyReply {
  const detail = error instanceof Error ? maskForLog(error.message) : undefined;
  request.log.warn({ why, detail }, 'a sign-in came to nothing');
  const language = back.startsWith('/en') ? 'en' : 'zh';
  return reply.redirect(`/${language}/sign-in-failed?why=${why}&back=${encodeURIComponent(back)}`, 302);
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
