import type { Problem } from '@yitong/kit';
import type { SignedDirectoryText } from './exchange/signed-directory.ts';
import type { BlobDesk } from './service/blob-desk.ts';
import type { MembershipDesk } from './service/membership-desk.ts';
import type { QuestionAnswer, Wish } from './service/questions.ts';
import type { RetentionRound } from './service/retention.ts';
import type { Vouching } from './service/vouching.ts';
import type { Way } from './service/way.ts';

/** Who asks: a pseudonymous reference, the roles of the token, and the citizen number when the person signed in as themselves. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
  readonly person?: string;
}

/** A version of a record of the command's own subject, which whoever gives the command had before them: it is refused where another one stands now. */
export interface Seen {
  /** `<system>/<record>` */
  readonly type: string;
  readonly subject: string;
  /** Value of the `each` field, or ''. */
  readonly id: string;
  /** '' for the member's own record. */
  readonly owner: string;
  /** Position, `partition.position`. */
  readonly at: string;
}

/** A command as it comes to the door. `id`: UUIDv7 minted by whoever wishes; the same id is the same wish. */
export interface CommandRequest {
  /** `<system>/<command>` */
  readonly type: string;
  readonly id?: string;
  /** JSON form. */
  readonly input: unknown;
  readonly actor: Actor;
  readonly seen?: Seen;
}

/** A record that a conversation made: its type, subject, and `each` key ('' when the subject has one only). */
export interface Made {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
}

/**
 * What became of a command. `invalid`: refused at the door, nothing stored. `busy`: try the same id again later.
 * `open`: durable, its conversation goes on. `held`: waits for an operator. `refused`: nothing happened, and why.
 */
export type CommandAnswer =
  | {
      readonly state: 'done';
      readonly id: string;
      readonly subject: string;
      readonly at: string;
      readonly made: readonly Made[];
    }
  | {
      readonly state: 'open' | 'held';
      readonly id: string;
      readonly subject: string;
      readonly at: string;
      readonly made: readonly Made[];
    }
  | {
      readonly state: 'refused';
      readonly id: string;
      readonly subject: string;
      readonly at: string;
      readonly problem: Problem;
    }
  | { readonly state: 'invalid'; readonly id?: string; readonly problem: Problem }
  | { readonly state: 'busy'; readonly problem: Problem; readonly retryAfterMs: number };

/** A record as it leaves the node: JSON form, with its version and the owner when it is a copy. */
export interface RecordView {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
  readonly version: number;
  /** Position, `partition.position`. */
  readonly at: string;
  readonly value: unknown;
}

/** One version of a record as its journal has it: undefined where its body was erased, a value of null where it was taken away. */
export interface RecordVersion {
  /** Position, `partition.position`. */
  readonly at: string;
  /** Time of the batch that wrote it. */
  readonly time: string;
  readonly version: number | undefined;
  readonly value: unknown;
}

/** A message as its envelope tells it, without its content. */
export interface TrailMessage {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly time: string;
  /** Id of the message that led to it. */
  readonly cause?: string;
  readonly conversation?: string;
}

/** A place in the journal: the message handled there, and what it did. 凭据链 */
export interface Trail {
  /** `partition.position` */
  readonly at: string;
  /** Time of the batch. */
  readonly time: string;
  readonly batch: number;
  readonly partition: number;
  readonly outcome: string;
  /** Undefined where its body was erased. */
  readonly cause: TrailMessage | undefined;
  /** Fen as decimal text. */
  readonly bookings: readonly {
    readonly transfer: string;
    readonly debit: string;
    readonly credit: string;
    readonly fen: string;
    readonly kind: string;
    readonly period: string;
    readonly peer: string | null;
  }[];
  readonly made: readonly Made[];
  readonly sent: readonly TrailMessage[];
}

/** A page of the debts between two members, as each tells the other: transfer, account and fen of each entry. */
export interface BookPage {
  readonly entries: readonly (readonly [transfer: string, account: string, fen: string])[];
  /** Transfer behind which the next page begins. */
  readonly next: string | null;
}

/** Two members' books of a month side by side. 对账 */
export interface BooksCompared {
  /** Entries that both have with the same amount, and their sum. */
  readonly same: number;
  readonly fen: bigint;
  /** How many differ, and the first of them; null where a side lacks the entry. */
  readonly all: number;
  readonly differences: readonly {
    readonly transfer: string;
    readonly account: string;
    /** Place in the own journal, where there is one. */
    readonly at: string | null;
    readonly ours: bigint | null;
    readonly theirs: bigint | null;
  }[];
}

/** A request to read one record. The outcome is an access row of the person concerned. */
export interface ReadRequest {
  readonly type: string;
  readonly subject: string;
  readonly id: string;
  readonly actor: Actor;
  readonly purpose: string;
  /** The emergency for which somebody reads who is no reader, in their own words; the person sees them. */
  readonly emergency?: string;
}

/** A change that left with a commit; `topic` is the record's `<type>` and `subject`. */
export interface LiveEvent {
  /** `partition.position.n` */
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly record: RecordView | undefined;
}

/** State of one peer as the operator sees it. */
export interface PeerStatus {
  readonly member: string;
  readonly reachable: boolean;
  readonly lastReceipt: number | undefined;
  readonly skewMs: number | undefined;
  readonly unreceipted: number;
  /** Streams that stand still for a reason that needs a person: `fork`, `gap`, `rejected`. */
  readonly alarms: readonly { readonly stream: string; readonly code: string; readonly detail: string }[];
}

/** State of the node as `status` and `/ready` tell it. */
export interface NodeStatus {
  readonly member: string;
  readonly region: string;
  readonly directory: { readonly version: number; readonly issued: string; readonly expires: string };
  /** What people should look at though the node works: an old or forked directory. */
  readonly warnings: readonly string[];
  readonly partitions: readonly {
    readonly partition: number;
    readonly epoch: number;
    readonly seq: number;
    readonly queue: number;
    readonly writing: boolean;
  }[];
  readonly peers: readonly PeerStatus[];
  readonly held: number;
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** What came back for a frame: HTTP status, body and type, and how long the sender should wait. */
export interface FrameAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly retryAfterMs?: number;
}

/** A question of somebody at this member. */
export interface QuestionWish extends Omit<Wish, 'to'> {
  /** Members asked, this one too if it is named. */
  readonly to: readonly string[];
}

/** One answer for each member asked, in their order; or why nobody was asked. */
export type QuestionAnswers =
  | { readonly ok: true; readonly answers: readonly QuestionAnswer[] }
  | { readonly ok: false; readonly problem: Problem };

/** A running kernel, as HTTP, tests and the simulation use it. */
export interface KernelNode {
  start(): Promise<void>;
  /** Takes nothing more, finishes what is under way, signs a checkpoint, lets its leases go. */
  stop(): Promise<void>;
  /** `waitMs`: hold until the conversation ends, at most so long. Never throws for what the asker did. */
  command(request: CommandRequest, waitMs: number): Promise<CommandAnswer>;
  /** What became of a command that was accepted; undefined when it is not known here. */
  outcome(type: string, subject: string, id: string, waitMs: number): Promise<CommandAnswer | undefined>;
  /** Undefined: no such record, or not for this reader. */
  read(request: ReadRequest): Promise<RecordView | undefined>;
  /** Versions of a record that was read, the newest first, at most `limit`. */
  history(record: RecordView, limit: number): Promise<readonly RecordVersion[]>;
  /** The way that a record that was read went over the members; of its versions the newest `limit`. */
  way(record: RecordView, limit: number): Promise<Way>;
  /** What stands behind a place of the journal, `partition.position`; undefined when nothing does. */
  trail(at: string): Promise<Trail | undefined>;
  /** The place of a message, by its id or by that of the command that it belongs to: where it was taken, or sent from here; undefined when it is not known here. */
  placeOf(id: string): Promise<string | undefined>;
  /** Compares the books of a month with a peer's, entry by entry; undefined when the peer gives no answer. */
  compareBooks(peer: string, period: string): Promise<BooksCompared | undefined>;
  /** Logs that a list showed these records; resolves once durable. */
  noteList(actor: Actor, purpose: string, type: string, shown: readonly RecordView[]): Promise<void>;
  /** Releases a held message: run it again, or refuse it. */
  release(actor: Actor, position: string, how: 'run' | 'refuse', reason: string): Promise<CommandAnswer>;
  /** An operator accepts a clock that jumped: timers run again by what it shows. False when it did not jump. */
  acceptClock(actor: Actor, reason: string): boolean;
  receive(peer: string, frame: Uint8Array): Promise<FrameAnswer>;
  /** What a peer asks beside frames: the address below `/exchange/v1/`, and a body where it has one. */
  ask(peer: string, what: string, body?: Uint8Array): Promise<FrameAnswer>;
  /** What another process of this node asks this one. Errors: there is no such question. */
  sibling(what: string, asked: readonly unknown[]): Promise<unknown>;
  /** A question to members, each answered for itself; what is wrong with the wish is a problem. */
  question(wish: QuestionWish): Promise<QuestionAnswers>;
  /** A version of the directory, signed; undefined when it is not known here. */
  directory(version: number): SignedDirectoryText | undefined;
  /** Where the next version of the directory is proposed and signed. */
  readonly membership: MembershipDesk;
  /** What this member says to whoever holds a paper, and whether such a paper stands. */
  readonly vouching: Vouching;
  /** Files: brought, fetched, given. */
  readonly blobs: BlobDesk;
  subscribe(
    filter: { readonly type: string; readonly subject?: string },
    listener: (event: LiveEvent) => void,
    /** Told when changes may have been made that the listener did not hear of. */
    missed?: () => void,
  ): () => void;
  /** Evidence file (B12) for a message sent or received by its id; undefined when not known or not yet receipted. */
  evidence(messageId: string): Promise<unknown>;
  checkpoint(): Promise<string>;
  /** Erases a bounded part of what is over its term, now instead of at the next hour. Errors: no role that may erase was given. */
  retain(): Promise<RetentionRound>;
  /** Lets go of what is in memory only to be quick; the store has it all. */
  rest(): void;
  status(): NodeStatus;
  /** Counters and gauges by name, for /metrics. */
  metrics(): Readonly<Record<string, number>>;
}
