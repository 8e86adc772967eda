import { type CommandType, decode, encode, instantOf, type Problem, problem, zodProblem } from '@yitong/kit';
import type { Actor, CommandRequest, Seen } from '../api.ts';
import { toUtf8 } from '../exchange/bytes.ts';
import { CanonicalError, canonical, type JsonObject } from '../exchange/canonical.ts';
import { idAgeMaxMs, idAheadMaxMs, isSubject } from '../exchange/message.ts';
import { isUuid, uuidOf, uuidTimeMs } from '../exchange/uuid.ts';
import { leafHash } from '../journal/merkle.ts';
import type { Environment } from './environment.ts';
import type { Item } from './handle.ts';

/** A command that may go to its partition, or why not: nothing is stored of it. */
export type Admitted =
  | { readonly ok: true; readonly item: Item }
  | { readonly ok: false; readonly problem: Problem };

const refused = (code: string, status: number, title: string, remedy: string): Admitted => ({
  ok: false,
  problem: problem({ code, status, title, remedy }),
});

/** The cheap checks at the door (K8): type, role, id, schema, canonical form. */
export function admit(env: Environment, request: CommandRequest): Admitted {
  const route = env.scene.registry.route(request.type);
  if (route?.is !== 'command')
    return refused(
      'unknown-command',
      404,
      'This node has no such command',
      'See /openapi.json for what it has.',
    );
  const { command } = route;
  const parsed = decode(command.input, request.input);
  if (!parsed.success) return { ok: false, problem: zodProblem(parsed.error, { input: request.input }) };
  const subject = `${command.about.kind}:${command.keyOf(parsed.data)}`;
  if (!mayGive(command, request.actor, subject))
    return refused(
      'not-your-role',
      403,
      'Your roles do not allow this command',
      `Needs one of: ${command.by.join(', ')}.`,
    );
  const id = request.id ?? freshId(env);
  const fault = checkSubject(subject, request.seen) ?? checkId(env, id);
  if (fault) return fault;
  try {
    const data = encode(command.input, parsed.data);
    const { actor, seen } = request;
    const wish = { type: command.type, id, subject, data, actor, ...(seen === undefined ? {} : { seen }) };
    return { ok: true, item: itemFor(env, wish, parsed.data) };
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error;
    const errors = [
      { pointer: error.at.replace(/^\/data/, ''), code: 'not-canonical', detail: error.reason },
    ];
    return {
      ok: false,
      problem: problem({ code: 'invalid-input', status: 422, title: 'The input is not valid', errors }),
    };
  }
}

/** A command as bytes: its time is its id's own, so that the same wish always has the same leaf. */
export function itemFor(
  env: Environment,
  wish: { type: string; id: string; subject: string; data: unknown; actor: Actor; seen?: Seen },
  value: unknown,
): Item {
  const { here } = env.scene;
  const { actor } = wish;
  const seen = wish.seen === undefined ? {} : { seen: { ...wish.seen } };
  const message = {
    actor: actor.id,
    // The cast is safe: canonical() writes the data, or throws.
    data: wish.data as JsonObject,
    datacontenttype: 'application/json' as const,
    dataschema: `yitong:${wish.type}/1`,
    id: wish.id,
    ...(actor.person === undefined ? {} : { person: actor.person }),
    purpose: 'internal',
    roles: actor.roles.join(' '),
    ...seen,
    source: `yitong:${here}`,
    specversion: '1.0' as const,
    subject: wish.subject,
    time: instantOf(uuidTimeMs(wish.id) ?? 0),
    to: here,
    type: wish.type,
  };
  const bytes = toUtf8(canonical(message));
  const route = env.scene.registry.route(wish.type);
  if (!route) throw new Error(`${wish.type} is not declared`);
  return { message, bytes, leaf: leafHash(env.suite, bytes), route, value, from: here, actor, ...seen };
}

/** A new id for a wish that came without one. */
export function freshId(env: Environment): string {
  return uuidOf(env.clock.now(), env.chance.bytes(10));
}

function mayGive(command: CommandType, actor: Actor, subject: string): boolean {
  return command.by.some((role) =>
    role === 'self'
      ? actor.person !== undefined && subject === `person:${actor.person}`
      : actor.roles.includes(role),
  );
}

function checkSubject(subject: string, seen: Seen | undefined): Admitted | undefined {
  if (!isSubject(subject))
    return refused(
      'bad-subject',
      422,
      'The key is not printable ASCII of at most 120 characters',
      'Give a shorter, plain key.',
    );
  if (seen === undefined || seen.subject === subject) return undefined;
  return refused(
    'seen-elsewhere',
    422,
    'The record that was seen is about something else than this command',
    'Correct whom or what it is about, or begin without that record.',
  );
}

function checkId(env: Environment, id: string): Admitted | undefined {
  const time = isUuid(id) ? uuidTimeMs(id) : undefined;
  if (time === undefined)
    return refused('bad-id', 400, 'The id is not a UUID of version 7 in lower case', 'Mint a UUIDv7.');
  const now = env.clock.now();
  if (time >= now - idAgeMaxMs && time <= now + idAheadMaxMs) return undefined;
  return refused(
    'id-time',
    422,
    "The id's time is over 400 days old or over an hour ahead",
    'Mint a new id with a right clock.',
  );
}
