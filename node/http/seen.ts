import type { Seen } from '@yitong/kernel';
import type { FastifyRequest } from 'fastify';
import { reach } from '../access/signed-in.ts';
import { recordNamed } from './answers.ts';
import type { Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { subjectOf } from './refs.ts';

/**
 * The header `Yitong-Seen`: address of a record, and in quotes the version of it, as its `ETag` says, on which whoever gives the command relies.
 * Undefined without it. Errors: 400 for another form, 404 for a record that the asker could not have seen.
 */
export function seenIn(door: Door, request: FastifyRequest): Seen | undefined {
  const header = request.headers['yitong-seen'];
  if (header === undefined) return undefined;
  const [, path = '', at = ''] = /^(\/\S+) "(\d{1,4}\.\d{1,16})"$/.exec(String(header)) ?? [];
  if (at === '') throw refusedWith('seen');
  const url = new URL(path, 'http://here');
  const [, system, name, subject = '', key = '', more] = url.pathname.split('/').map(decoded);
  const record = more === undefined ? recordNamed(door, `${system}/${name}`) : undefined;
  if (record === undefined) throw refusedWith('seen');
  const readers = { who: 'roles', system: record.system, roles: record.readers } as const;
  if (reach(readers, request.who) === 'none') throw refusedWith('not-found');
  const owner = url.searchParams.get('owner') ?? '';
  return {
    type: record.type,
    subject: subjectOf(door, record.about, subject),
    id: key,
    owner: owner === door.config.member ? '' : owner,
    at,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refusedWith('seen');
  }
}
