import type { LogStore } from './log-store.ts';
import type {
  AwaitedRow,
  BalanceRow,
  BodyRow,
  ConversationRow,
  HeldRow,
  HoldRow,
  JournalRow,
  PostingRow,
  ReceiptRow,
  ReceivedRow,
  RecordRow,
  RetentionClass,
  SeenRow,
  SentRow,
  TimerRow,
} from './rows.ts';

/**
 * One batch as plain data: blind writes of one partition. `journal.seq - 1` with link `journal.prev` must be the newest batch,
 * and `journal.epoch` the lease's, or nothing is written. A key occurs at most once in each list.
 */
export interface Commit {
  readonly partition: number;
  readonly journal: JournalRow;
  readonly bodies: readonly BodyRow[];
  readonly seen: readonly SeenRow[];
  readonly received: readonly ReceivedRow[];
  readonly sent: readonly SentRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly records: readonly RecordRow[];
  readonly postings: readonly PostingRow[];
  readonly balances: readonly BalanceRow[];
  /** A new hold is `open`, one that is there leaves `open` once: else `refused`. */
  readonly holds: readonly HoldRow[];
  /** `gone` first, then `put`: a timer that fired may be armed again. `held` and `awaited`: `put` first, then `gone`. */
  readonly timers: {
    readonly put: readonly TimerRow[];
    readonly gone: readonly { subject: string; name: string }[];
  };
  readonly held: { readonly put: readonly HeldRow[]; readonly gone: readonly number[] };
  readonly conversations: readonly ConversationRow[];
  readonly awaited: { readonly put: readonly AwaitedRow[]; readonly gone: readonly string[] };
}

/**
 * What became of a commit. `unknown`: the connection broke, look the sequence up. `fenced`: another holder wrote, or the lease is lost.
 * `duplicate`: an id in `seen` was there before (K11). `refused`: the data themselves are at fault (SQL class 22 or 23), `code` says how.
 * `again`: try the same once more (40001, 40P01). `full`: no space left.
 */
export type CommitResult =
  | { readonly result: 'done' }
  | { readonly result: 'fenced' }
  | { readonly result: 'unknown' }
  | { readonly result: 'duplicate' }
  | { readonly result: 'again' }
  | { readonly result: 'full' }
  | { readonly result: 'refused'; readonly code: string };

/** Something a handler asked for that is not in the cache. `records`: all of a type about a subject, copies included. */
export type Miss =
  | { readonly table: 'records'; readonly type: string; readonly subject: string }
  | { readonly table: 'record'; readonly type: string; readonly subject: string; readonly id: string }
  | { readonly table: 'balance'; readonly account: string }
  | { readonly table: 'hold'; readonly name: string }
  | { readonly table: 'transfer'; readonly transfer: string }
  | { readonly table: 'conversation'; readonly command: string }
  | { readonly table: 'awaited'; readonly message: string };

/** What was found for misses; what is absent does not exist. `postings` answers `transfer`. */
export interface Loaded {
  readonly records: readonly RecordRow[];
  readonly balances: readonly BalanceRow[];
  readonly holds: readonly HoldRow[];
  readonly postings: readonly PostingRow[];
  readonly conversations: readonly ConversationRow[];
  readonly awaited: readonly AwaitedRow[];
}

/** Where a partition stands: what its writer must know before its first batch. */
export interface Tail {
  /** The newest batch; the genesis row (seq 0, link of 32 zero bytes, now 0) for a new partition. */
  readonly journal: JournalRow;
  /** For each (peer, stream): the last frame sent and those without a receipt, oldest first. */
  readonly sent: readonly { readonly last: SentRow; readonly unreceipted: readonly SentRow[] }[];
  /** For each (peer, stream): the last frame received. */
  readonly received: readonly ReceivedRow[];
  readonly held: readonly HeldRow[];
  readonly nextDue: number | undefined;
}

/** A batch with all its bodies that are not yet erased. */
export interface JournalBatch {
  readonly row: JournalRow;
  readonly bodies: readonly BodyRow[];
}

/** A right to write a partition, by the database's clock. */
export interface Lease {
  readonly partition: number;
  readonly epoch: number;
}

/** Where the writer of a partition is: a process that works, by the database's clock, and its address for the node's other processes. */
export interface LeaseHeld extends Lease {
  readonly holder: string;
  readonly address: string;
}

/** The seam between kernel and engine. One suite of tests runs against every implementation. */
export interface Store extends LogStore {
  /** Takes each partition whose lease is free or over; `epoch` rises by one with every change of hands. */
  acquire(partitions: readonly number[], holder: string, address: string): Promise<readonly Lease[]>;
  /** Prolongs; returns the partitions that are still this holder's. */
  renew(leases: readonly Lease[], holder: string): Promise<readonly number[]>;
  release(leases: readonly Lease[], holder: string): Promise<void>;
  /** The partitions that have a holder now, in order. */
  places(): Promise<readonly LeaseHeld[]>;
  tail(partition: number): Promise<Tail>;
  load(partition: number, misses: readonly Miss[]): Promise<Loaded>;
  /** Timers due at or before `now`, the earliest first, and when the next one after them is due. */
  due(
    partition: number,
    now: number,
    limit: number,
  ): Promise<{ timers: readonly TimerRow[]; nextDue: number | undefined }>;
  /** Ids already accepted, in one partition or (undefined) in any. */
  seen(
    partition: number | undefined,
    ids: readonly { readonly source: string; readonly id: string }[],
  ): Promise<readonly (SeenRow & { readonly partition: number })[]>;
  commit(commit: Commit): Promise<CommitResult>;
  /** What would become of a commit: nothing of it stays. */
  probe(commit: Commit): Promise<CommitResult>;
  /** Batches from `seq` upwards, at most `limit`; with `peer`, only those that have messages for it. */
  read(partition: number, seq: number, limit: number, peer?: string): Promise<readonly JournalBatch[]>;
  /** The stored answer to a frame, if it was received. */
  received(
    partition: number,
    peer: string,
    stream: string,
    epoch: number,
    seq: number,
  ): Promise<ReceivedRow | undefined>;
  /** Everything about a sent frame: the frame of that stream whose messages include `at`, and its receipt. */
  sentAt(
    partition: number,
    peer: string,
    stream: string,
    at: number,
  ): Promise<{ sent: SentRow; receipt: ReceiptRow | undefined } | undefined>;
}

/** A body whose entries are looked at because their term is over, as it lies there, and what is to stand in its place. */
export interface Erasure {
  readonly body: BodyRow;
  /** The entries that stay in their class; undefined when none does. */
  readonly kept: Uint8Array | undefined;
  /** All that is left of this batch's erased entries, those of before included. */
  readonly gone: Uint8Array;
}

/** The only seam by which anything leaves the journal; its database role may do nothing else (K27). */
export interface Eraser {
  /** Bodies of a class of that month (`YYYY-MM`) or an earlier one, from batch `seq` on. */
  due(
    partition: number,
    query: {
      readonly class: RetentionClass;
      readonly month: string;
      readonly seq: number;
      readonly limit: number;
    },
  ): Promise<readonly BodyRow[]>;
  /** Puts what is kept and what is left in the place of a body. False when it is no longer what was read. */
  erase(partition: number, erasure: Erasure): Promise<boolean>;
  /** Forgets accepted ids of that month or an earlier one (K10); how many, at most `limit`. */
  forgetIds(partition: number, month: string, limit: number): Promise<number>;
}

/** An order, a filter and a page of a list of records. Fields are declared in the record's `find`. */
export interface ListQuery {
  readonly type: string;
  /** Records about this subject only. */
  readonly subject?: string;
  readonly where: readonly {
    readonly field: string;
    readonly is: '=' | '>=' | '<=' | '>' | '<' | 'prefix';
    readonly value: string;
  }[];
  /** Rows of which a field of the record's `search` contains these words, whatever the case of Latin letters. */
  readonly words?: string | undefined;
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
  readonly limit: number;
  /** Opaque place after which the page begins. */
  readonly after: string | undefined;
  /** Own records, copies of others', or both (home rows only). */
  readonly owner: 'own' | 'others' | 'all';
}

/** A count of records by the values of fields that are declared in the record's `groups`. */
export interface GroupQuery extends Omit<ListQuery, 'sort'> {
  readonly by: readonly string[];
}

/** One combination of values, each as text, null where it is missing: rows, and distinct subjects. A row with a list of values is in a group for each. */
export interface RecordGroup {
  readonly values: readonly (string | null)[];
  readonly rows: number;
  readonly subjects: number;
}

/** A row of the mirrored books: one entry on an account kept for `peer`, positive when it grows on its side. */
export interface MirrorEntry {
  readonly transfer: string;
  readonly account: string;
  readonly peer: string;
  readonly period: string;
  readonly fen: bigint;
  readonly partition: number;
  readonly kind: PostingKindName;
  /** Position of the message that booked it. */
  readonly at: number;
}
type PostingKindName = PostingRow['kind'];

/** Reads of committed tables, across partitions, outside every writer. */
export interface Reader {
  list(query: ListQuery): Promise<{
    readonly rows: readonly (RecordRow & { readonly partition: number })[];
    readonly next: string | undefined;
  }>;
  count(query: Omit<ListQuery, 'sort' | 'limit' | 'after'>): Promise<number>;
  /** Rows and subjects by the values of declared fields, in order of the values, a missing one first; a page of `limit` groups. */
  groups(query: GroupQuery): Promise<{
    readonly groups: readonly RecordGroup[];
    readonly next: string | undefined;
  }>;
  record(type: string, subject: string, id: string, partition: number): Promise<RecordRow | undefined>;
  /** Sums over partitions, of accounts whose id begins with a prefix, in order of id. */
  balances(prefix: string): Promise<readonly BalanceRow[]>;
  /** Entries on mirrored accounts, in order of transfer; `peer` and `period` narrow. Pages by `after` (transfer). */
  mirrors(query: {
    peer?: string;
    period?: string;
    limit: number;
    after?: string;
  }): Promise<readonly MirrorEntry[]>;
  /** Sums of them by system's account, peer and period. */
  mirrorTotals(query: {
    peer?: string;
    period?: string;
  }): Promise<readonly { account: string; peer: string; period: string; count: number; fen: bigint }[]>;
  conversation(partition: number, command: string): Promise<ConversationRow | undefined>;
  held(limit: number): Promise<readonly (HeldRow & { readonly partition: number })[]>;
  /** How far each stream is: last sent, last receipted, last received. */
  streams(): Promise<readonly StreamState[]>;
  /** All rows of a table as plain objects in key order, for `rebuild` and `verify`; pages by partition. */
  table(name: TableName, partition: number): AsyncIterable<Readonly<Record<string, unknown>>>;
}

/** How far a stream is in both directions, by frame number; 0: none yet. */
export interface StreamState {
  readonly partition: number;
  readonly peer: string;
  readonly stream: string;
  readonly sentSeq: number;
  readonly receiptedSeq: number;
  readonly receivedSeq: number;
}

/** Tables that rebuild and verify read whole. */
export type TableName =
  | 'record'
  | 'posting'
  | 'balance'
  | 'hold'
  | 'timer'
  | 'held'
  | 'conversation'
  | 'awaited'
  | 'seen'
  | 'sent'
  | 'received'
  | 'receipt';
