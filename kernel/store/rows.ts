/**
 * Rows of a node's tables, as plain data. Every table leads with `partition`, which a commit names once.
 * `at` is a position: batch sequence × 2²⁰ + index of the entry, a safe integer. Times are milliseconds since 1970.
 * Fen are bigint; digests, links and signatures are bytes; ids are lower-case UUIDs.
 */

/** How long bodies are kept: one blob per batch and class. `gone`: what is left of entries whose term is over, for ever. 保存期限 */
export type RetentionClass = '1y' | '5y' | '15y' | '30y' | 'ever' | 'gone';

/** One batch of a partition's journal: root over its entries, link to the batch before. */
export interface JournalRow {
  readonly seq: number;
  readonly epoch: number;
  readonly now: number;
  readonly count: number;
  readonly root: Uint8Array;
  readonly prev: Uint8Array;
  readonly link: Uint8Array;
  /** The `yitong-journal/1` text that `link` hashes. */
  readonly head: Uint8Array;
  /** For each partition of this node, the position up to which its routes to here were taken. */
  readonly routes: readonly number[];
  /** Members that the batch has messages for; '' when it has routes for other partitions of this node. */
  readonly peers: readonly string[];
}

/** The entries of one batch and retention class, deflated. */
export interface BodyRow {
  /** Legal month of `now`, `YYYY-MM`. */
  readonly month: string;
  readonly seq: number;
  readonly class: RetentionClass;
  readonly body: Uint8Array;
}

/** An id that was accepted: (source, id) is the idempotency key, kept by the month of the id's own time. */
export interface SeenRow {
  readonly month: string;
  readonly source: string;
  readonly id: string;
  readonly leaf: Uint8Array;
  readonly at: number;
}

/** A frame that this member made durable, with the receipt it answers again and again. */
export interface ReceivedRow {
  readonly peer: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly link: Uint8Array;
  /** First message number after this frame. */
  readonly next: number;
  readonly at: number;
  readonly receipt: Uint8Array;
  readonly receiptSignature: Uint8Array;
  /** Canonical refusals, or '' when none was refused. */
  readonly refusals: string;
}

/** A frame that this member signed: its messages are the `out` entries for (peer, stream) in (fromAt, uptoAt]. */
export interface SentRow {
  readonly peer: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly link: Uint8Array;
  /** Number of the first message, and how many. */
  readonly number: number;
  readonly count: number;
  readonly fromAt: number;
  readonly uptoAt: number;
}

/** The peer's receipt for a sent frame. */
export interface ReceiptRow {
  readonly peer: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly receipt: Uint8Array;
  readonly signature: Uint8Array;
  readonly refusals: string;
}

/** A record's newest version; `body` null takes it away. `owner` is '' for the member's own, else the copy's owner. */
export interface RecordRow {
  readonly type: string;
  readonly subject: string;
  /** Value of the `each` field, or ''. */
  readonly id: string;
  readonly owner: string;
  readonly version: number;
  readonly at: number;
  readonly schema: number;
  /** Canonical JSON. */
  readonly body: string | null;
  /** False for the copies that other partitions of the node hold of it; lists show home rows only. */
  readonly home: boolean;
}

/** How an entry came about: at once, from a hold, or by taking another back. */
export type PostingKind = 'post' | 'settle' | 'reversal';

/** One leg of a transfer: debit positive, credit negative; a transfer's two legs sum to zero. */
export interface PostingRow {
  readonly transfer: string;
  readonly leg: 0 | 1;
  readonly account: string;
  readonly fen: bigint;
  readonly kind: PostingKind;
  /** Legal month, `YYYY-MM`. */
  readonly period: string;
  /** The other member of a mirrored account's pair. */
  readonly peer: string | null;
  readonly reverses: string | null;
  readonly at: number;
}

/** An account's sub-balance in the partition, each sum never negative. */
export interface BalanceRow {
  readonly account: string;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly heldDebit: bigint;
  readonly heldCredit: bigint;
  readonly at: number;
}

/** One reserved entry. `name` groups the entries of one hold. */
export interface HoldRow {
  readonly transfer: string;
  readonly name: string;
  readonly index: number;
  readonly debit: string;
  readonly credit: string;
  readonly fen: bigint;
  readonly state: 'open' | 'settled' | 'void' | 'expired';
  readonly at: number;
}

/** A message to oneself that is due at a time. */
export interface TimerRow {
  readonly subject: string;
  readonly name: string;
  readonly due: number;
  readonly type: string;
  /** Major of the data. */
  readonly version: number;
  readonly data: string;
  /** The message that armed it, and that message's conversation. */
  readonly cause: string;
  readonly at: number;
}

/** An input that waits for people: `held` itself, or `waiting` behind a held one of its subject. */
export interface HeldRow {
  readonly at: number;
  readonly subject: string;
  readonly reason: string;
  readonly kind: 'held' | 'waiting';
  readonly since: number;
}

/** A command and what came of it, while messages of it are under way and after. */
export interface ConversationRow {
  readonly command: string;
  readonly state: 'open' | 'done' | 'refused';
  /** Answers still owed to the command's subject. */
  readonly open: number;
  /** Refusal (code, at, facts) as canonical JSON, or ''. */
  readonly problem: string;
  /** Records made: [type, subject, id] each. */
  readonly made: readonly (readonly [string, string, string])[];
  readonly at: number;
}

/** A sent message that is to be answered here. */
export interface AwaitedRow {
  readonly message: string;
  /** The member that is to answer. */
  readonly peer: string;
  /** The command's id, or ''. */
  readonly conversation: string;
  readonly subject: string;
  readonly type: string;
  /** Major of the data as they were sent. */
  readonly version: number;
  /** The data that were sent, canonical JSON. */
  readonly data: string;
  readonly at: number;
}

/** A leaf of the node's log tree: the heads of one partition from first to last. Kept in partition 0. */
export interface SegmentRow {
  readonly number: number;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly root: Uint8Array;
}

/** Another member's cosignature under a checkpoint of this node: a line of a signed note. Kept in partition 0. */
export interface CosignatureRow {
  readonly number: number;
  readonly witness: string;
  readonly line: string;
  readonly at: number;
}

/** The newest state of another member's log that this node cosigned. Kept in partition 0. */
export interface WitnessedRow {
  readonly member: string;
  readonly size: number;
  /** Signed note. */
  readonly note: string;
  readonly at: number;
}

/** A signed state of the node's log tree: `number` = its size. Kept in partition 0. */
export interface CheckpointRow {
  readonly number: number;
  readonly text: string;
  readonly at: number;
}
