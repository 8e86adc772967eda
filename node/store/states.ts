import type { Reader, StreamState, TableName } from '@yitong/kernel';
import type { Line } from './line.ts';
import type { RecordPlace } from './record-tables.ts';
import { newestFrame, streamNames } from './streams.ts';
import { column, type Raw, type Table } from './table.ts';
import {
  awaited,
  balance,
  conversation,
  held,
  hold,
  posting,
  receipt,
  received,
  seen,
  sent,
  timer,
} from './tables.ts';

/** How far work and streams are, and whole tables for those who check. */
export function states(
  line: Line,
  partitions: number,
  places: ReadonlyMap<string, RecordPlace>,
): Pick<Reader, 'conversation' | 'held' | 'streams' | 'table'> {
  return {
    async conversation(partition, command) {
      const [raw] = await line.ask({
        name: 'conversation',
        text: `select ${conversation.select('t')} from conversation t where partition = $1::int and command = $2::uuid`,
        values: [partition, command],
      });
      return raw && conversation.row(raw);
    },
    async held(limit) {
      const raws = await line.ask({
        text: `select partition, ${held.select('t')} from held t order by partition, at limit $1::int`,
        values: [limit],
      });
      return raws.map((raw) => ({ ...held.row(raw), partition: Number(raw['partition']) }));
    },
    async streams() {
      const raws = await line.ask({
        text: streamStates,
        values: [Array.from({ length: partitions }, (_, n) => n)],
      });
      return raws.map(streamState);
    },
    async *table(name, partition) {
      if (name !== 'record') {
        yield* pages(line, tables[name], partition, {});
        return;
      }
      const types = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [type, place] of types) yield* pages(line, place.table, partition, { type });
    },
  };
}

/** A table whatever its rows. */
type AnyTable = Pick<Table<object>, 'name' | 'select'> & {
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, { readonly sql: string }>>;
  row(raw: Raw): object;
};

const tables: Readonly<Record<Exclude<TableName, 'record'>, AnyTable>> = {
  posting: any(posting),
  balance: any(balance),
  hold: any(hold),
  timer: any(timer),
  held: any(held),
  conversation: any(conversation),
  awaited: any(awaited),
  seen: any(seen),
  sent: any(sent),
  received: any(received),
  receipt: any(receipt),
};

function any<Row extends object>(table: Table<Row>): AnyTable {
  return { ...table, columns: { ...table.columns } };
}

const pageRows = 500;

async function* pages(line: Line, table: AnyTable, partition: number, head: Raw): AsyncGenerator<Raw> {
  const key = table.key.map(column).join(', ');
  const casts = table.key.map(
    (field, index) => `$${index + 2}::${table.columns[field]?.sql.split(' ', 1)[0]}`,
  );
  let after: readonly unknown[] = [];
  for (;;) {
    const beyond = after.length === 0 ? '' : `and (${key}) > (${casts.join(', ')})`;
    const raws = await line.ask({
      text: `select ${table.select('t')} from ${table.name} t where partition = $1::int ${beyond}
        order by ${key} limit ${pageRows}`,
      values: [partition, ...after],
    });
    for (const raw of raws) yield { ...head, ...table.row(raw) };
    const last = raws.at(-1);
    if (last === undefined || raws.length < pageRows) return;
    after = table.key.map((field) => last[field]);
  }
}

/** Of each stream's newest epoch: the last frame sent, the last receipted, the last received. */
const streamStates = `with
  s as (${streamNames('sent', '$1::int[]')}),
  r as (${streamNames('received', '$1::int[]')}),
  sent_last as (select s.*, f.seq from s cross join lateral (${newestFrame('sent', 't.seq')}) f),
  receipted as (select s.*, f.seq from s cross join lateral (
    select seq from receipt t where t.partition = s.partition and t.peer = s.peer and t.stream = s.stream
    order by epoch desc, seq desc limit 1) f),
  received_last as (select s.*, f.seq from r s cross join lateral (${newestFrame('received', 't.seq')}) f)
  select partition, peer, stream, coalesce(sent_last.seq, 0) as "sentSeq", coalesce(receipted.seq, 0) as "receiptedSeq",
    coalesce(received_last.seq, 0) as "receivedSeq"
  from sent_last full join receipted using (partition, peer, stream) full join received_last using (partition, peer, stream)
  order by partition, peer, stream`;

function streamState(raw: Raw): StreamState {
  return {
    partition: Number(raw['partition']),
    peer: String(raw['peer']),
    stream: String(raw['stream']),
    sentSeq: Number(raw['sentSeq']),
    receiptedSeq: Number(raw['receiptedSeq']),
    receivedSeq: Number(raw['receivedSeq']),
  };
}
