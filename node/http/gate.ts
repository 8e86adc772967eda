import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leftOf, usualLimits } from '../access/sessions.ts';
import { SignInLimits } from '../access/sign-in-limits.ts';
import { reach, type SignedIn, TokenRefused } from '../access/signed-in.ts';
import { challenge, usualStepUp, wanting } from '../access/step-up.ts';
import type { Door, HttpConfig } from './context.ts';
import { refusedWith } from './faults.ts';
import { localeOf } from './locale.ts';
import { beginSpan } from './tracing.ts';

/** Headers of every answer; pages for people set a policy of their own. */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
  vary: 'accept-language, authorization, cookie',
};

/** Before anything of a body is read: host name, token, permission. A route without permission does not come into being. */
export function addGate(door: Door): void {
  const { app, config } = door;
  const limits = new SignInLimits(() => door.clock.monotonic());
  app.decorateRequest('who', undefined);
  app.decorateRequest('session', undefined);
  app.decorateRequest('ended', undefined);
  app.decorateRequest('locale', 'en');
  app.decorateRequest('startedAt', 0);
  app.addHook('onRoute', ({ method, url, config: own }) => {
    const permission = own?.permission;
    if (permission === undefined)
      throw new Error(`the route ${String(method)} ${url} says nothing of who may use it`);
    for (const one of [method].flat()) door.routes.push({ method: one, url, permission });
  });
  app.addHook('onRequest', async (request, reply) => {
    request.locale = localeOf(request.headers['accept-language']);
    request.startedAt = door.clock.monotonic();
    reply.headers(headers).header('yitong-trace', request.id);
    beginSpan(request);
    if (!hostAllowed(request.headers.host, config)) throw refusedWith('wrong-host');
    if (request.headers['content-encoding'] !== undefined) throw refusedWith('encoded-body');
    const { permission } = request.routeOptions.config;
    if (permission === undefined) return; // nothing there: the answer is the same for everybody
    await admit(door, limits, request);
  });
}

async function admit(door: Door, limits: SignInLimits, request: FastifyRequest): Promise<void> {
  const wait = limits.wait(request.ip);
  if (wait > 0) throw refusedWith('too-many', {}, { 'retry-after': String(wait) });
  if (request.headers.authorization === undefined) await admitBrowser(door, request);
  else await admitBearer(door, limits, request);
  const { permission, stepUp } = request.routeOptions.config;
  if (permission === undefined) return;
  if (reach(permission, request.who) !== 'none') {
    if (stepUp && request.who !== undefined) checkStepUp(door, request.who);
    return;
  }
  if (request.ended !== undefined) throw refusedWith('session-ended', { facts: { why: request.ended } });
  if (request.who === undefined) throw refusedWith('sign-in-needed', {}, { 'www-authenticate': 'Bearer' });
  const roles =
    permission.who === 'roles' ? permission.roles.map((role) => `${permission.system}/${role}`) : [];
  throw refusedWith('not-allowed', { facts: { roles } });
}

/** Money moves only for who signed in strongly and lately. Errors: 401 with what to ask the issuer for (RFC 9470); 403 for a program without the right. */
function checkStepUp({ config, clock }: Door, who: SignedIn): void {
  const rules = config.stepUp ?? usualStepUp;
  const why = wanting(who, rules, clock.now());
  if (why === undefined) return;
  if (why === 'program') throw refusedWith('program-not-trusted', { facts: { client: who.program } });
  const facts = { why, minutes: Math.round(rules.ageMs / 60_000), acr: rules.acr };
  throw refusedWith('step-up-needed', { facts }, { 'www-authenticate': challenge(rules) });
}

/** Whether a request is the browser's own or of this node's pages, as far as the browser says; other programs say nothing. */
export function isOfOwnPages({ headers }: FastifyRequest): boolean {
  return ['none', 'same-origin'].includes(headers['sec-fetch-site'] ?? 'none');
}

/** A browser's session signs in what its own pages ask for; what a page of others makes it send is nobody's. */
async function admitBrowser(door: Door, request: FastifyRequest): Promise<void> {
  const { cookie, host, origin } = request.headers;
  const session = door.sessions.read(cookie);
  if (session === undefined) return;
  if (!isOfOwnPages(request)) return;
  const isSafe = request.method === 'GET' || request.method === 'HEAD';
  if (!isSafe && (origin === undefined || hostIn(origin) !== host)) throw refusedWith('cross-site');
  const { ms, by } = leftOf(session, door.config.session ?? usualLimits, door.clock.now());
  if (ms <= 0) {
    request.ended = by;
    return;
  }
  if (await door.signOuts.isOver(session)) {
    request.ended = 'elsewhere';
    return;
  }
  request.session = session;
  request.who = { ...session.who, until: door.clock.now() + ms };
}

function hostIn(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
}

async function admitBearer(door: Door, limits: SignInLimits, request: FastifyRequest): Promise<void> {
  try {
    request.who = await door.auth.authenticate(request.headers.authorization);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    request.log.info({ code: error.code }, 'a token was refused');
    if (error.code === 'unreachable') throw refusedWith('issuer-away', {}, { 'retry-after': '5' });
    limits.failed(request.ip);
    throw refusedWith('token-refused', {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}

/** Whether a request names this node. A name that merely resolves here is how a web page of others would reach it. */
export function hostAllowed(
  host: string | undefined,
  config: Pick<HttpConfig, 'hosts' | 'demonstration'>,
): boolean {
  if (host === undefined || !/^[A-Za-z0-9.:[\]-]{1,255}$/.test(host)) return false;
  const name = host.replace(/:[0-9]+$/, '').toLowerCase();
  if (config.hosts.includes(host.toLowerCase()) || config.hosts.includes(name)) return true;
  return config.demonstration && ['localhost', '127.0.0.1', '[::1]'].includes(name);
}

/** Whether a body is still on its way that is too long to be read for nothing. */
export function hasUnreadBody(request: FastifyRequest, reply: FastifyReply): boolean {
  const { raw } = request;
  if (!(raw.socket instanceof Socket) || raw.complete || reply.raw.headersSent) return false;
  const length = Number(raw.headers['content-length'] ?? 0);
  return length > 65_536 || raw.headers['transfer-encoding'] !== undefined;
}
