import type { CommandType } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { reach } from '../access/signed-in.ts';
import { type Refused, refusedWith } from './faults.ts';

/** Whether the asker may give this command about themselves only. */
export function selfOnly(command: CommandType, request: FastifyRequest): boolean {
  return reach({ who: 'roles', system: command.system, roles: command.by }, request.who) === 'self';
}

/** Whether an input is about the person who gives it, or cannot be read at all: then the kernel says what is wrong with it. */
export function namesSelf(command: CommandType, input: unknown, request: FastifyRequest): boolean {
  const parsed = command.input.safeParse(input);
  if (!parsed.success) return true;
  return command.about.person && command.keyOf(parsed.data) === request.who?.person;
}

/** The refusal for a command about somebody else. */
export function notYours(command: CommandType): Refused {
  const roles = command.by.map((role) => (role === 'self' ? role : `${command.system}/${role}`));
  return refusedWith('not-allowed', { facts: { roles } });
}
