import type { ListQuery } from '@yitong/kernel';
import { f, type RecordType } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import type { Reach } from '../access/signed-in.ts';
import { fault, Refused, refusedWith } from './faults.ts';
import type { AskedList } from './list-query.ts';
import { type QueryFaultCode, queryFault } from './query-faults.ts';

/** The header that names a person by their citizen number: that stands in no address. */
export const personHeader = 'Yitong-Person';

/** Whether the store finds a record's records by the person whom they concern. */
export function isFoundByPerson(record: RecordType): boolean {
  return record.about.person || (record.person !== undefined && record.find.includes(record.person));
}

/**
 * Narrows a list to one person: of who reads about themselves to their own, else to the person whom `Yitong-Person` names, where it does. Errors: 400
 * for what is no citizen number, and for a list that is not found or a count that is not made by one; 403 where the store cannot find the asker's own.
 */
export function aboutOne(
  record: RecordType,
  request: FastifyRequest,
  asked: AskedList,
  far: Reach,
): Partial<ListQuery> {
  const person = far === 'self' ? (request.who?.person ?? '') : personAsked(record, request, asked);
  if (person === undefined) return {};
  if (record.about.person) return { subject: `${record.about.kind}:${person}` };
  if (record.person === undefined || !isFoundByPerson(record)) throw refusedWith('not-allowed');
  return { where: [...asked.where, { field: record.person, is: '=', value: person }] };
}

function personAsked(record: RecordType, request: FastifyRequest, { by }: AskedList): string | undefined {
  const named = request.headers[personHeader.toLowerCase()];
  if (named === undefined) return undefined;
  if (!isFoundByPerson(record)) throw wrong('unknown-field');
  // A count shows no row, and so nobody's reading of one person would be noted.
  if (by.length > 0) throw wrong('not-counted');
  const number = f.citizenId.safeParse(named);
  if (!number.success) throw wrong('no-citizen-number');
  return number.data;
}

function wrong(code: QueryFaultCode): Refused {
  return new Refused((locale) =>
    fault('invalid-query', locale, { errors: [queryFault(personHeader, code, locale)] }),
  );
}
