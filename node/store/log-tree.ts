import type { Store } from '@yitong/kernel';
import { binaryArray, bytes, integer } from './columns.ts';
import { isBroken, type Line, sqlState } from './line.ts';

/** The node's log tree and its signed states. */
export function logTree(line: Line): Pick<Store, 'segments' | 'checkpoint'> {
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
