import type { Clock, KernelNode, Reader } from '@yitong/kernel';
import type { Locale, SystemType } from '@yitong/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Auth } from '../access/auth.ts';
import type { CodeFlow } from '../access/code-flow.ts';
import type { LogoutReader } from '../access/logout-token.ts';
import type { Session, SessionEnd, SessionLimits, Sessions } from '../access/sessions.ts';
import type { Permission, SignedIn } from '../access/signed-in.ts';
import type { StepUpRules } from '../access/step-up.ts';
import type { NodeLog } from './log.ts';
import type { ProblemWords } from './problems.ts';
import type { Sealer } from './seal.ts';
import type { SignOuts } from './sign-outs.ts';

/** How a node's HTTP door is told to be. */
export interface HttpConfig {
  readonly member: string;
  readonly region: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** Host names and `host:port`s that requests may name; loopback names with any port when `demonstration`. */
  readonly hosts: readonly string[];
  readonly demonstration: boolean;
  readonly issuer: string;
  /** Seals places in lists, 32 bytes; made anew at each start when absent. */
  readonly sealKey?: Uint8Array;
  /** Milliseconds for headers, and for headers and body together. */
  readonly headersMs?: number;
  readonly requestMs?: number;
  /** Milliseconds between heartbeats of live events (15 s). */
  readonly heartbeatMs?: number;
  /** How long a browser's session lasts; half an hour idle and twelve hours in all when absent. */
  readonly session?: SessionLimits;
  /** Which sign-in is fresh and strong; of a quarter of an hour, by no program, when absent. */
  readonly stepUp?: StepUpRules;
  /** Folder of the built portal; without it the door has no pages but the API's. */
  readonly portal?: string;
}

/** All that the door is made of. */
export interface HttpOptions {
  readonly node: KernelNode;
  readonly reader: Reader;
  readonly systems: readonly SystemType[];
  readonly config: HttpConfig;
  readonly auth: Auth;
  /** How browsers are signed in, and the origin at which they know this node; absent: programs only. */
  readonly signIn?:
    | { readonly flow: CodeFlow; readonly origin: string; readonly loggedOut: LogoutReader }
    | undefined;
  readonly clock: Clock;
  readonly log: NodeLog;
}

/** What routes share. */
export interface Door extends HttpOptions {
  readonly app: FastifyInstance;
  readonly words: ProblemWords;
  readonly sealer: Sealer;
  readonly sessions: Sessions;
  readonly signOuts: SignOuts;
  /** Every route that was added, for the tests and the description. */
  readonly routes: { readonly method: string; readonly url: string; readonly permission: Permission }[];
}

/** A route: nobody reaches it whom its permission does not let in. */
export interface RouteParts {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly permission: Permission;
  /** Whether it needs a fresh and strong sign-in besides. */
  readonly stepUp?: true | undefined;
  /** The answer does not end by itself. */
  readonly live?: true;
  /** Longest body, bytes, where it is another than the door's own. */
  readonly bodyBytesMax?: number;
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Permission;
    stepUp?: true | undefined;
  }
  interface FastifyRequest {
    who: SignedIn | undefined;
    /** The browser's session, when it is what signed the request in. */
    session: Session | undefined;
    /** Why the session that the browser still has a cookie of is over. */
    ended: SessionEnd | undefined;
    locale: Locale;
    startedAt: number;
  }
}

/** Adds a route with its permission; what everybody may see answers HEAD too, as GET without the body (RFC 9110 9.3.2). */
export function addRoute(door: Door, route: RouteParts): void {
  const { method, url, permission, stepUp, live, bodyBytesMax, handle } = route;
  door.app.route({
    ...(bodyBytesMax === undefined ? {} : { bodyLimit: bodyBytesMax }),
    method,
    url,
    exposeHeadRoute: method === 'GET' && permission.who === 'public' && live === undefined,
    config: { permission, ...(stepUp === undefined ? {} : { stepUp }) },
    handler: async (request, reply) => handle(request, reply),
  });
}
