import { access } from '@yitong/kernel';
import type { FastifyRequest } from 'fastify';
import { watchers } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { askedList, sealedCursor } from './list-query.ts';
import { masked } from './mask.ts';
import { viewOf } from './rows.ts';

/** Who read whose data at this member, for audits: the newest first, persons masked. A reading of the log is no reading of a person's data. */
export function addReadsLog(door: Door): void {
  const record = access.records.get('read');
  if (record === undefined) throw new Error('the kernel keeps no log of readings');
  addRoute(door, {
    method: 'GET',
    url: '/reads',
    permission: watchers,
    async handle(request: FastifyRequest) {
      const asked = askedList(door, record, request.query as Readonly<Record<string, unknown>>);
      const { where, limit, after } = asked;
      const sort = asked.sort ?? { field: 'at', descending: true };
      const { type } = record;
      const found = await door.reader.list({ type, where, sort, limit, after, owner: 'all' });
      const data = found.rows.map((row) => ({ ...Object(viewOf(record, row).value), person: row.subject }));
      const asOf = new Date(door.clock.now()).toISOString();
      const sources = [{ member: door.config.member, state: 'fresh', asOf }];
      return { data: masked(data), asOf, sources, next: sealedCursor(door, record, found.next) ?? null };
    },
  });
}
