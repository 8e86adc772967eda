import type {
  AwaitedRow,
  BalanceRow,
  BodyRow,
  CheckpointRow,
  ConversationRow,
  CosignatureRow,
  HeldRow,
  HoldRow,
  JournalRow,
  PostingRow,
  ReceiptRow,
  ReceivedRow,
  RecordRow,
  SeenRow,
  SegmentRow,
  SentRow,
  TimerRow,
  WitnessedRow,
} from './rows.ts';

/** The lease row of a partition; `until` by the database's clock, in ms. */
export interface LeaseState {
  epoch: number;
  holder: string | undefined;
  address: string;
  until: number;
}

/** All tables of one partition. Rows are never changed in place, so a copy of the maps is a copy of the state. */
export interface PartitionTables {
  lease: LeaseState;
  journal: JournalRow[];
  /** By seq, in order of class. */
  bodies: Map<number, readonly BodyRow[]>;
  seen: Map<string, SeenRow>;
  received: Map<string, ReceivedRow>;
  sent: Map<string, SentRow>;
  receipts: Map<string, ReceiptRow>;
  /** By type, then subject, then (id, owner). */
  records: Map<string, Map<string, Map<string, RecordRow>>>;
  postings: Map<string, PostingRow>;
  reversed: Set<string>;
  balances: Map<string, BalanceRow>;
  holds: Map<string, HoldRow>;
  /** Transfers of each hold's name. */
  holdNames: Map<string, readonly string[]>;
  timers: Map<string, TimerRow>;
  held: Map<number, HeldRow>;
  conversations: Map<string, ConversationRow>;
  awaited: Map<string, AwaitedRow>;
}

/** One node's database: its partitions and, beside them, the log tree that partition 0 keeps. */
export interface DatabaseTables {
  partitions: PartitionTables[];
  segments: SegmentRow[];
  checkpoints: CheckpointRow[];
  cosignatures: CosignatureRow[];
  witnessed: WitnessedRow[];
}

/** Lets a simulation in before a call has effect. */
export type MemoryStep = (call: string) => Promise<void>;

/** Keys of rows in the maps above. */
export const keys = {
  seen: (row: { source: string; id: string }): string => `${row.source}\n${row.id}`,
  stream: (row: { peer: string; stream: string }): string => `${row.peer}\n${row.stream}`,
  frame: (row: { peer: string; stream: string; epoch: number; seq: number }): string =>
    `${row.peer}\n${row.stream}\n${row.epoch}\n${row.seq}`,
  record: (row: { id: string; owner: string }): string => `${row.id}\n${row.owner}`,
  leg: (row: { transfer: string; leg: number }): string => `${row.transfer}\n${row.leg}`,
  timer: (row: { subject: string; name: string }): string => `${row.subject}\n${row.name}`,
} as const;

/** A new partition: the genesis row and a free lease. */
export function emptyPartition(): PartitionTables {
  return {
    lease: { epoch: 0, holder: undefined, address: '', until: Number.NEGATIVE_INFINITY },
    journal: [genesis()],
    bodies: new Map(),
    seen: new Map(),
    received: new Map(),
    sent: new Map(),
    receipts: new Map(),
    records: new Map(),
    postings: new Map(),
    reversed: new Set(),
    balances: new Map(),
    holds: new Map(),
    holdNames: new Map(),
    timers: new Map(),
    held: new Map(),
    conversations: new Map(),
    awaited: new Map(),
  };
}

/** The row before a partition's first batch: seq 0, link of 32 zero bytes. */
function genesis(): JournalRow {
  const zeros = new Uint8Array(32);
  const head = new Uint8Array(0);
  return {
    seq: 0,
    epoch: 0,
    now: 0,
    count: 0,
    root: zeros,
    prev: zeros,
    link: zeros,
    head,
    routes: [],
    peers: [],
  };
}

/** The same state once more; what is then done to one does not touch the other. */
export function copyTables(from: DatabaseTables): DatabaseTables {
  return {
    partitions: from.partitions.map(copyPartition),
    segments: [...from.segments],
    checkpoints: [...from.checkpoints],
    cosignatures: [...from.cosignatures],
    witnessed: [...from.witnessed],
  };
}

function copyPartition(from: PartitionTables): PartitionTables {
  const records = new Map<string, Map<string, Map<string, RecordRow>>>();
  for (const [type, subjects] of from.records)
    records.set(type, new Map([...subjects].map(([subject, rows]) => [subject, new Map(rows)])));
  return {
    lease: { ...from.lease },
    journal: [...from.journal],
    bodies: new Map(from.bodies),
    seen: new Map(from.seen),
    received: new Map(from.received),
    sent: new Map(from.sent),
    receipts: new Map(from.receipts),
    records,
    postings: new Map(from.postings),
    reversed: new Set(from.reversed),
    balances: new Map(from.balances),
    holds: new Map(from.holds),
    holdNames: new Map(from.holdNames),
    timers: new Map(from.timers),
    held: new Map(from.held),
    conversations: new Map(from.conversations),
    awaited: new Map(from.awaited),
  };
}
