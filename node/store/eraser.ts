import type { BodyRow, Eraser } from '@yitong/kernel';
import type { Line } from './line.ts';
import { journalBody } from './tables.ts';

/** The seam by which what is over its term leaves the database; the line's role may erase bodies and forget ids, nothing else. */
export function eraser(line: Line): Eraser {
  return {
    async due(partition, { class: name, month, seq, limit }) {
      const rows = await line.ask({
        name: 'due_bodies',
        text: `select ${journalBody.select('t')} from journal_body t
          where partition = $1::int and class = $2::text and month <= $3::text and seq >= $4::bigint order by seq limit $5::int`,
        values: [partition, name, month, seq, limit],
      });
      return rows.map(journalBody.row);
    },
    async erase(partition, { body, kept, gone }) {
      const rows = await line.ask({
        name: kept === undefined ? 'erase_whole' : 'erase_part',
        text: eraseText(kept !== undefined),
        values: [
          ...keyOf(partition, body),
          Buffer.from(gone),
          ...(kept === undefined ? [] : [Buffer.from(kept)]),
        ],
      });
      return rows.length === 1;
    },
    async forgetIds(partition, month, limit) {
      const rows = await line.ask({
        name: 'forget_ids',
        text: `with over as (select month, source, id from seen where partition = $1::int and month <= $2::text limit $3::int)
          delete from seen t using over where t.partition = $1::int and t.month = over.month and t.source = over.source and t.id = over.id
          returning 1`,
        values: [partition, month, limit],
      });
      return rows.length;
    },
  };
}

function keyOf(partition: number, { month, seq, class: name, body }: BodyRow): unknown[] {
  return [partition, month, seq, name, Buffer.from(body)];
}

/** One statement, so that a batch is never without what is left of it; nothing happens when the body is no longer what was read. */
function eraseText(isKept: boolean): string {
  const where =
    'partition = $1::int and month = $2::text and seq = $3::bigint and class = $4::text and body = $5::bytea';
  const change = isKept
    ? `update journal_body set body = $7::bytea where ${where} returning partition`
    : `delete from journal_body where ${where} returning partition`;
  return `with found as (${change})
    insert into journal_body (partition, month, seq, class, body)
      select partition, $2::text, $3::bigint, 'gone', $6::bytea from found
      on conflict (partition, seq, class, month) do update set body = excluded.body
      returning partition`;
}
