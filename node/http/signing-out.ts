import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TokenRefused } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';

const open = { who: 'public' } as const;
/** Longest form that an issuer sends, bytes. */
const formMax = 16_384;

/** Signing out: of this browser, of all browsers at once, and by the issuer's word. */
export function addSignOuts(door: Door): void {
  if (door.signIn === undefined) return;
  addRoute(door, {
    method: 'POST',
    url: '/session/sign-out',
    permission: open,
    handle: (_request, reply) => left(door, reply),
  });
  addRoute(door, {
    method: 'POST',
    url: '/session/sign-out-everywhere',
    permission: { who: 'signed-in' },
    async handle(request, reply) {
      if (request.who !== undefined) await door.signOuts.end({ account: request.who.id });
      return left(door, reply);
    },
  });
  addBackChannel(door);
}

async function left({ signIn, sessions }: Door, reply: FastifyReply): Promise<FastifyReply> {
  const leave = await signIn?.flow.leaveUrl().catch(() => undefined); // An issuer that is away must keep nobody signed in here.
  return reply.header('set-cookie', sessions.endCookie()).send({ leave: leave ?? null });
}

/** Where the issuer says that a session of its own is over (OpenID Connect Back-Channel Logout 1.0): a form, as the standard has it. */
function addBackChannel(door: Door): void {
  void door.app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formMax },
      async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
    );
    addRoute(
      { ...door, app: scope },
      {
        method: 'POST',
        url: '/session/back-channel-logout',
        permission: open,
        bodyBytesMax: formMax,
        handle: (request, reply) => endedByIssuer(door, request, reply),
      },
    );
    done();
  });
}

const Form = z.object({ logout_token: z.string().max(8_192) });

async function endedByIssuer(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { data } = Form.safeParse(request.body);
  if (data === undefined || door.signIn === undefined) throw refusedWith('bad-request');
  try {
    await door.signOuts.end(await door.signIn.loggedOut(data.logout_token));
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    request.log.warn({ code: error.code }, 'a logout token was refused');
    throw refusedWith('bad-request');
  }
  return reply.send();
}
