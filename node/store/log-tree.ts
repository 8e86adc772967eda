import type { LogStore } from '@yitong/kernel';
import { binaryArray, bytes, integer } from './columns.ts';
import { isBroken, type Line, sqlState } from './line.ts';

/** The node's log tree, its signed states, and what it witnessed of other members'. All of it lies in partition 0. */
export function logTree(line: Line): LogStore {
  return {
    async segments() {
      const [segments, newest] = await Promise.all([
        line.ask({
          text: 'select number, source, first, last, root from segment where partition = 0 order by number',
          values: [],
        }),
        line.ask({
          text: 'select number, text, at from checkpoint where partition = 0 order by number desc limit 1',
          values: [],
        }),
      ]);
      const [last] = newest;
      return {
        segments: segments.map((raw) => ({
          number: Number(raw['number']),
          partition: Number(raw['source']),
          first: Number(raw['first']),
          last: Number(raw['last']),
          root: bytes.read(raw['root']),
        })),
        checkpoint: last && {
          number: Number(last['number']),
          text: String(last['text']),
          at: Number(last['at']),
        },
      };
    },
    async checkpoint(epoch, segments, checkpoint) {
      const first = segments[0]?.number ?? checkpoint.number;
      const isDense = segments.every((row, index) => row.number === first + index);
      if (!isDense || checkpoint.number !== first + segments.length) return false;
      const columns = (['number', 'partition', 'first', 'last'] as const).map((field) =>
        binaryArray(integer, segments.length, (index) => segments[index]?.[field] ?? 0),
      );
      const roots = binaryArray(bytes, segments.length, (index) => segments[index]?.root ?? new Uint8Array());
      return append(
        line,
        [epoch, first, ...columns, roots],
        [checkpoint.number, checkpoint.text, checkpoint.at],
      );
    },
    ...heads(line),
    ...cosignatures(line),
    ...witnessed(line),
  };
}

function heads(line: Line): Pick<LogStore, 'heads'> {
  return {
    async heads(partition, first, last) {
      const rows = await line.ask({
        text: 'select head from journal where partition = $1 and seq between $2::bigint and $3::bigint order by seq',
        values: [partition, first, last],
      });
      return rows.map((row) => bytes.read(row['head']));
    },
  };
}

function cosignatures(line: Line): Pick<LogStore, 'cosigned' | 'cosign'> {
  return {
    async cosigned(count) {
      const rows = await line.ask({
        text: `select c.number, c.text, c.at, s.witness, s.line, s.at as cosigned_at from checkpoint c
          join cosignature s on s.partition = 0 and s.number = c.number
          where c.partition = 0 and c.number = (select number from cosignature where partition = 0 group by number having count(*) >= $1
            order by number desc limit 1) order by s.witness`,
        values: [count],
      });
      const [first] = rows;
      if (!first) return undefined;
      const number = Number(first['number']);
      return {
        checkpoint: { number, text: String(first['text']), at: Number(first['at']) },
        cosignatures: rows.map((row) => ({
          number,
          witness: String(row['witness']),
          line: String(row['line']),
          at: Number(row['cosigned_at']),
        })),
      };
    },
    async cosign(rows) {
      for (const { number, witness, line: text, at } of rows)
        await line.ask({
          text: `insert into cosignature (partition, number, witness, line, at)
            values (0, $1::bigint, $2, $3, $4::bigint) on conflict do nothing`,
          values: [number, witness, text, at],
        });
    },
  };
}

function witnessed(line: Line): Pick<LogStore, 'witnessed' | 'witness'> {
  return {
    async witnessed() {
      const rows = await line.ask({
        text: 'select member, size, note, at from witnessed where partition = 0 order by member',
        values: [],
      });
      return rows.map((row) => ({
        member: String(row['member']),
        size: Number(row['size']),
        note: String(row['note']),
        at: Number(row['at']),
      }));
    },
    async witness({ member, size, note, at }, before) {
      const values = [member, size, note, at];
      const rows = await line.ask(
        before === 0
          ? {
              text: `insert into witnessed (partition, member, size, note, at)
                values (0, $1, $2::bigint, $3, $4::bigint) on conflict do nothing returning member`,
              values,
            }
          : {
              text: `update witnessed set size = $2::bigint, note = $3, at = $4::bigint
                where partition = 0 and member = $1 and size = $5::bigint returning member`,
              values: [...values, before],
            },
      );
      return rows.length === 1;
    },
  };
}

/** One transaction: divides by zero unless the lease of partition 0 is the writer's and the tree has just so many leaves. */
async function append(line: Line, leaves: readonly unknown[], state: readonly unknown[]): Promise<boolean> {
  const [epoch, size, ...columns] = leaves;
  const client = await line.client();
  const results = await Promise.allSettled([
    client.query('begin'),
    client.query({
      name: 'tree_fence',
      text: `select 1 / count(*) from lease where partition = 0 and epoch = $1::bigint
        and $2::bigint = (select count(*) from segment where partition = 0)`,
      values: [epoch, size],
    }),
    client.query({
      name: 'tree_leaves',
      text: `insert into segment (partition, number, source, first, last, root)
        select 0, * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])`,
      values: columns,
    }),
    client.query({
      name: 'tree_state',
      text: 'insert into checkpoint (partition, number, text, at) values (0, $1::bigint, $2::text, $3::bigint)',
      values: [...state],
    }),
    client.query('commit'),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return true;
  if (isBroken(failed.reason)) line.drop(client);
  if (['22012', '23505'].includes(sqlState(failed.reason) ?? '')) return false;
  throw failed.reason;
}
