import type { SentRow, Store, Tail } from '@yitong/kernel';
import { journalRow, journalSelect } from './journal.ts';
import type { Line } from './line.ts';
import { newestFrame, streamNames } from './streams.ts';
import { held, received, sent } from './tables.ts';

/** What a partition's writer must know before its first batch. */
export async function readTail(line: Line, partition: number): ReturnType<Store['tail']> {
  const values = [partition];
  const [journal, last, unreceipted, newest, waiting, due] = await Promise.all([
    line.ask({
      text: `select ${journalSelect} from journal j where partition = $1 order by seq desc limit 1`,
      values,
    }),
    line.ask({ text: latest('sent', sent.select('t')), values }),
    line.ask({ text: openFrames, values }),
    line.ask({ text: latest('received', received.select('t')), values }),
    line.ask({ text: `select ${held.select('t')} from held t where partition = $1 order by at`, values }),
    line.ask({ text: 'select due from timer where partition = $1 order by due limit 1', values }),
  ]);
  const [row] = journal;
  if (!row) throw new Error(`partition ${partition} has no genesis row: prepare the store first`);
  return {
    journal: journalRow(row),
    sent: bySent(last.map(sent.row), unreceipted.map(sent.row)),
    received: newest.map(received.row),
    held: waiting.map(held.row),
    nextDue: due[0] && Number(due[0]['due']),
  };
}

const latest = (table: 'sent' | 'received', columns: string): string =>
  `select t.* from (${streamNames(table, 'array[$1::int]')}) s cross join lateral (${newestFrame(table, columns)}) t
    order by t.peer, t.stream`;

/** How far back a stream is looked through: at most four frames have no receipt, and those lie near its end (K36). */
const lookedBack = 256;

/** Frames without a receipt, by partition: the newest of each stream are looked at, however many there ever were. */
export const openFrames = `select t.* from (${streamNames('sent', 'array[$1::int]')}) s cross join lateral (
    select ${sent.select('n')} from (select * from sent f where f.partition = s.partition and f.peer = s.peer
      and f.stream = s.stream order by f.epoch desc, f.seq desc limit ${lookedBack}) n
    left join lateral (select true as there from receipt r where r.partition = n.partition and r.peer = n.peer
      and r.stream = n.stream and r.epoch = n.epoch and r.seq = n.seq limit 1) r on true
    where r.there is null) t
  order by t.peer, t.stream, t.epoch, t.seq`;

function bySent(last: readonly SentRow[], open: readonly SentRow[]): Tail['sent'] {
  return last.map((frame) => ({
    last: frame,
    unreceipted: open.filter((row) => row.peer === frame.peer && row.stream === frame.stream),
  }));
}
