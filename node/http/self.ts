import { type CommandType, f, z } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { reach } from '../access/signed-in.ts';
import { type Refused, refusedWith } from './faults.ts';

/** Whether the asker may give this command about themselves only. */
export function selfOnly(command: CommandType, request: FastifyRequest): boolean {
  return reach({ who: 'roles', system: command.system, roles: command.by }, request.who) === 'self';
}

/** Whether an input is about the person who gives it, or cannot be read and names nobody else: then the kernel says what is wrong with it. */
export function namesSelf(command: CommandType, input: unknown, request: FastifyRequest): boolean {
  const parsed = command.input.safeParse(input);
  if (!parsed.success) {
    const named = f.citizenId.safeParse(Reflect.get(Object(input), personField(command) ?? ''));
    return !named.success || named.data === request.who?.person;
  }
  return command.about.person && command.keyOf(parsed.data) === request.who?.person;
}

/** The refusal for a command about somebody else. */
export function notYours(command: CommandType): Refused {
  const roles = command.by.map((role) => (role === 'self' ? role : `${command.system}/${role}`));
  return refusedWith('not-allowed', { facts: { roles } });
}

const personFields = new WeakMap<CommandType, string | null>();

/** The field of a command's input that holds a citizen number, the first of them; null without one. */
export function personField(command: CommandType): string | null {
  const known = personFields.get(command);
  if (known !== undefined) return known;
  const { properties = {} } = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' });
  const found = Object.entries(properties).find(([, one]) => Reflect.get(Object(one), 'kind') === 'cn-id');
  const field = found?.[0] ?? null;
  personFields.set(command, field);
  return field;
}

/** An input about its giver may leave the citizen number out: who signed in as themselves need not tell, nor a browser know, their number. */
export function withSelf(command: CommandType, input: unknown, request: FastifyRequest): unknown {
  const person = request.who?.person;
  if (person === undefined || typeof input !== 'object' || input === null || Array.isArray(input))
    return input;
  const field = command.about.person ? personField(command) : null;
  return field === null || Object.hasOwn(input, field) ? input : { ...input, [field]: person };
}
