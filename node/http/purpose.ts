import type { RecordType } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import type { Reach } from '../access/signed-in.ts';
import type { Door } from './context.ts';
import { refusedWith } from './faults.ts';

/** Purpose under which people see their own data. */
const ownData = 'own-data';
/** Purpose that stands for reading what concerns no person; it is not logged. */
const noPerson = 'no-person';

/** Whether a record concerns a person, so that each reading stands on that person's page. */
export function concernsPerson(record: RecordType): boolean {
  return record.about.person || record.person !== undefined;
}

/**
 * The purpose of a reading, from the header `Yitong-Purpose` or the parameter `purpose`: one that the record's system declares. People who read
 * about themselves and readers of what concerns nobody need none. Errors: 400 when it is missing, 403 when it is not declared.
 */
export function purposeOf(door: Door, request: FastifyRequest, record: RecordType, reach: Reach): string {
  if (!concernsPerson(record)) return noPerson;
  if (reach === 'self') return ownData;
  const header = request.headers['yitong-purpose'];
  const { purpose: parameter } = request.query as { purpose?: unknown };
  const given = typeof header === 'string' ? header : typeof parameter === 'string' ? parameter : undefined;
  const declared = door.systems.find(({ name }) => name === record.system)?.purposes ?? [];
  const facts = { purposes: declared };
  if (given === undefined || given === '') throw refusedWith('purpose-needed', { facts });
  const known = declared.length === 0 ? /^[a-z0-9-]{1,80}$/.test(given) : declared.includes(given);
  if (!known) throw refusedWith('purpose-not-allowed', { facts });
  return given;
}
