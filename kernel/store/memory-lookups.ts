import { compareText } from './find.ts';
import { type DatabaseTables, keys, type MemoryStep, type PartitionTables } from './memory-tables.ts';
import type {
  AwaitedRow,
  BalanceRow,
  ConversationRow,
  HoldRow,
  PostingRow,
  ReceivedRow,
  RecordRow,
  SentRow,
  TimerRow,
} from './rows.ts';
import type { JournalBatch, Loaded, Miss, Store, Tail } from './store.ts';

type Lookups = Pick<Store, 'tail' | 'load' | 'due' | 'seen' | 'read' | 'received' | 'sentAt'>;

/** Where the tables lie, which a restored snapshot replaces. */
export interface MemoryTables {
  readonly tables: DatabaseTables;
  partition(partition: number): PartitionTables;
}

/** The store's reads. */
export function lookups(database: MemoryTables, step: MemoryStep): Lookups {
  return {
    ...ofWork(database, step),
    ...ofFrames(database, step),
    async seen(partition, ids) {
      await step('seen');
      const numbered = database.tables.partitions.map((tables, number) => ({ tables, number }));
      const asked = numbered.filter(({ number }) => partition === undefined || number === partition);
      return asked.flatMap(({ tables, number }) =>
        ids.flatMap((id) => {
          const row = tables.seen.get(keys.seen(id));
          return row ? [{ ...row, partition: number }] : [];
        }),
      );
    },
  };
}

function ofWork(database: MemoryTables, step: MemoryStep): Pick<Lookups, 'tail' | 'load' | 'due' | 'read'> {
  return {
    async tail(partition) {
      await step('tail');
      return tailOf(database.partition(partition));
    },
    async load(partition, misses) {
      await step('load');
      return loadFrom(database.partition(partition), misses);
    },
    async due(partition, now, limit) {
      await step('due');
      const all = dueOrder(database.partition(partition));
      const timers = all.filter((timer) => timer.due <= now).slice(0, limit);
      return { timers, nextDue: all[timers.length]?.due };
    },
    async read(partition, seq, limit, peer) {
      await step('read');
      return batches(database.partition(partition), seq, limit, peer);
    },
  };
}

function ofFrames(database: MemoryTables, step: MemoryStep): Pick<Lookups, 'received' | 'sentAt'> {
  return {
    async received(partition, peer, stream, epoch, seq) {
      await step('received');
      return database.partition(partition).received.get(keys.frame({ peer, stream, epoch, seq }));
    },
    async sentAt(partition, peer, stream, at) {
      await step('sentAt');
      const tables = database.partition(partition);
      const frames = [...tables.sent.values()].filter((row) => row.peer === peer && row.stream === stream);
      const holding = frames.filter((row) => row.fromAt < at && at <= row.uptoAt);
      const [sent] = holding.sort((a, b) => b.epoch - a.epoch);
      return sent && { sent, receipt: tables.receipts.get(keys.frame(sent)) };
    },
  };
}

function tailOf(tables: PartitionTables): Tail {
  const journal = tables.journal.at(-1);
  if (!journal) throw new Error('a partition without genesis row');
  const sent = newestFirst<SentRow>(tables.sent.values()).map((frames) => ({
    last: frames[0],
    unreceipted: frames.filter((row) => !tables.receipts.has(keys.frame(row))).reverse(),
  }));
  const received = newestFirst<ReceivedRow>(tables.received.values()).map(([last]) => last);
  const held = [...tables.held.values()].sort((a, b) => a.at - b.at);
  return { journal, sent, received, held, nextDue: dueOrder(tables)[0]?.due };
}

/** Frames of each (peer, stream), the newest first; streams in order of their names. */
export function newestFirst<T extends SentRow | ReceivedRow>(rows: Iterable<T>): readonly [T, ...T[]][] {
  const streams = new Map<string, [T, ...T[]]>();
  for (const row of [...rows].sort((a, b) => b.epoch - a.epoch || b.seq - a.seq)) {
    const frames = streams.get(keys.stream(row));
    if (frames) frames.push(row);
    else streams.set(keys.stream(row), [row]);
  }
  return [...streams.entries()].sort(([a], [b]) => compareText(a, b)).map(([, frames]) => frames);
}

function dueOrder(tables: PartitionTables): TimerRow[] {
  return [...tables.timers.values()].sort(
    (a, b) => a.due - b.due || compareText(a.subject, b.subject) || compareText(a.name, b.name),
  );
}

function batches(
  tables: PartitionTables,
  seq: number,
  limit: number,
  peer: string | undefined,
): JournalBatch[] {
  const found: JournalBatch[] = [];
  for (let next = Math.max(seq, 1); next < tables.journal.length && found.length < limit; next++) {
    const row = tables.journal[next];
    if (row && (peer === undefined || row.peers.includes(peer)))
      found.push({ row, bodies: tables.bodies.get(row.seq) ?? [] });
  }
  return found;
}

/** What was found, by key: misses may overlap. */
class Finds {
  readonly records = new Set<RecordRow>();
  readonly balances = new Set<BalanceRow>();
  readonly holds = new Set<HoldRow>();
  readonly postings = new Set<PostingRow>();
  readonly conversations = new Set<ConversationRow>();
  readonly awaited = new Set<AwaitedRow>();
}

function loadFrom(tables: PartitionTables, misses: readonly Miss[]): Loaded {
  const finds = new Finds();
  for (const miss of misses) find(tables, miss, finds);
  return {
    records: [...finds.records],
    balances: [...finds.balances],
    holds: [...finds.holds],
    postings: [...finds.postings],
    conversations: [...finds.conversations],
    awaited: [...finds.awaited],
  };
}

function find(tables: PartitionTables, miss: Miss, finds: Finds): void {
  switch (miss.table) {
    case 'records':
      for (const row of recordsOf(tables, miss)) finds.records.add(row);
      return;
    case 'record':
      for (const row of recordsOf(tables, miss)) if (row.id === miss.id) finds.records.add(row);
      return;
    case 'balance':
      add(finds.balances, tables.balances.get(miss.account));
      return;
    case 'hold':
      for (const row of holdsNamed(tables, miss.name)) finds.holds.add(row);
      return;
    case 'transfer':
      add(finds.postings, tables.postings.get(keys.leg({ transfer: miss.transfer, leg: 0 })));
      add(finds.postings, tables.postings.get(keys.leg({ transfer: miss.transfer, leg: 1 })));
      return;
    case 'conversation':
      add(finds.conversations, tables.conversations.get(miss.command));
      return;
    case 'awaited':
      add(finds.awaited, tables.awaited.get(miss.message));
      return;
  }
}

function add<T>(finds: Set<T>, row: T | undefined): void {
  if (row !== undefined) finds.add(row);
}

function recordsOf(tables: PartitionTables, of: { type: string; subject: string }): readonly RecordRow[] {
  const rows = tables.records.get(of.type)?.get(of.subject)?.values() ?? [];
  return [...rows].sort((a, b) => compareText(a.id, b.id) || compareText(a.owner, b.owner));
}

function holdsNamed(tables: PartitionTables, name: string): readonly HoldRow[] {
  const transfers = tables.holdNames.get(name) ?? [];
  const rows = transfers.flatMap((transfer) => tables.holds.get(transfer) ?? []);
  return rows.sort((a, b) => a.index - b.index);
}
