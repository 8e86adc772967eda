import { type Store, uuidTimeMs } from '@yitong/kernel';
import { binaryArray } from './columns.ts';
import type { Line } from './line.ts';
import { receipt, received, seen, sent } from './tables.ts';

/** A message lies in one frame, and in void ones of earlier epochs: at most four of each. */
const lookedAhead = 16;

/** Lookups by id and by frame. */
export function frames(line: Line, partitions: number): Pick<Store, 'seen' | 'received' | 'sentAt'> {
  const every = Array.from({ length: partitions }, (_, partition) => partition);
  return {
    async seen(partition, ids) {
      if (ids.length === 0) return [];
      const rows = await line.ask({
        name: 'seen',
        text: `select t.partition, ${seen.select('t')} from unnest($3::text[], $4::uuid[]) as k(source, id) cross join lateral
          (select * from seen where partition = any($1::int[]) and month = any($2::text[])
            and source = k.source and id = k.id offset 0) t`,
        values: [
          partition === undefined ? every : [partition],
          monthsOf(ids),
          binaryArray(seen.columns.source, ids.length, (index) => ids[index]?.source ?? ''),
          binaryArray(seen.columns.id, ids.length, (index) => ids[index]?.id ?? ''),
        ],
      });
      return rows.map((raw) => ({ ...seen.row(raw), partition: Number(raw['partition']) }));
    },
    async received(partition, peer, stream, epoch, seq) {
      const [raw] = await line.ask({
        name: 'received',
        text: `select ${received.select('t')} from received t where partition = $1::int and peer = $2::text and stream = $3::text
          and epoch = $4::bigint and seq = $5::bigint`,
        values: [partition, peer, stream, epoch, seq],
      });
      return raw && received.row(raw);
    },
    async sentAt(partition, peer, stream, at) {
      const place = [partition, peer, stream];
      const frames = await line.ask({
        name: 'sent_at',
        text: `select ${sent.select('t')} from sent t where partition = $1::int and peer = $2::text and stream = $3::text
          and upto_at >= $4::bigint order by upto_at limit ${lookedAhead}`,
        values: [...place, at],
      });
      const holding = frames.map(sent.row).filter((one) => one.fromAt < at);
      const [row] = holding.sort((a, b) => b.epoch - a.epoch);
      if (!row) return undefined;
      const [answer] = await line.ask({
        name: 'receipt',
        text: `select ${receipt.select('t')} from receipt t where partition = $1::int and peer = $2::text and stream = $3::text
          and epoch = $4::bigint and seq = $5::bigint`,
        values: [...place, row.epoch, row.seq],
      });
      return { sent: row, receipt: answer && receipt.row(answer) };
    },
  };
}

/** Months that the ids' own times may lie in, whatever the time zone. */
function monthsOf(ids: readonly { readonly id: string }[]): string[] {
  const days = new Set<number>();
  for (const { id } of ids) {
    const time = uuidTimeMs(id);
    if (time !== undefined) days.add(Math.floor(time / 86_400_000));
  }
  const months = new Set<string>();
  for (const day of days)
    for (const hours of [-14, 24 + 14])
      months.add(new Date(day * 86_400_000 + hours * 3_600_000).toISOString().slice(0, 7));
  return [...months];
}
