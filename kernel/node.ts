import type {
  Actor,
  FrameAnswer,
  KernelNode,
  NodeStatus,
  QuestionAnswers,
  QuestionWish,
  RecordView,
} from './api.ts';
import { Courier } from './exchange/courier.ts';
import { Desk } from './exchange/desk.ts';
import { epochOf } from './exchange/directory.ts';
import { OwnFrames } from './exchange/own-frames.ts';
import { Receiver } from './exchange/receiver.ts';
import { type SignedDirectoryText, signedText } from './exchange/signed-directory.ts';
import { evidenceFor } from './journal/proofs.ts';
import type { WriterEvents } from './runtime/applied.ts';
import { congestedPeers } from './runtime/congestion.ts';
import type { OpenFrame } from './runtime/state.ts';
import { PartitionWriter } from './runtime/writer.ts';
import { acceptClock } from './service/accepted-clock.ts';
import { accuser } from './service/accuser.ts';
import { Answers } from './service/answers.ts';
import { Blobs } from './service/blob-desk.ts';
import { Checkpoints } from './service/checkpoints.ts';
import { Counter } from './service/counter.ts';
import { Directories } from './service/directories.ts';
import { environmentOf, type NodeOptions } from './service/environment.ts';
import { Epochs } from './service/epochs.ts';
import { historyOf } from './service/history.ts';
import { Leases } from './service/leases.ts';
import { Live } from './service/live.ts';
import { type MembershipDesk, membershipDesk } from './service/membership-desk.ts';
import { PassingOn } from './service/passing-on.ts';
import { compareBooks } from './service/peer-books.ts';
import { askMembers } from './service/question-door.ts';
import { Questions } from './service/questions.ts';
import { noteList, readRecord } from './service/reading.ts';
import { Retention } from './service/retention.ts';
import { Routes } from './service/routes.ts';
import { siblingDesk } from './service/sibling-desk.ts';
import { answerSibling, type SiblingDesk, Siblings } from './service/siblings.ts';
import { statusOf } from './service/status.ts';
import { trailOf, whereIs } from './service/trail.ts';
import { catchUp } from './service/upgrade.ts';
import { type Vouching, vouching } from './service/vouching.ts';
import { wayOf } from './service/way.ts';
import { Welcome } from './service/welcome.ts';
import { witness as witnessOf } from './service/witness.ts';

/** A node without a key that may sign looks so often whether one may now. */
const signingMs = 5_000;

/** The kernel of one node on its seams. */
export function createNode(options: NodeOptions): KernelNode {
  return new Node(options);
}

class Node implements KernelNode {
  readonly #env: ReturnType<typeof environmentOf>;
  readonly #writers: PartitionWriter[];
  readonly #counter: Counter;
  readonly #courier: Courier;
  readonly #ownFrames: OwnFrames;
  readonly #leases: Leases;
  readonly #checkpoints: Checkpoints;
  readonly #retention: Retention;
  readonly #routes: Routes;
  readonly #siblings: Siblings;
  readonly #siblingDesk: SiblingDesk;
  readonly #passingOn: PassingOn;
  readonly #live: Live;
  readonly #directories: Directories;
  readonly #epochs: Epochs;
  readonly #welcome: Welcome;
  readonly #questions: Questions;
  readonly membership: MembershipDesk;
  readonly vouching: Vouching;
  readonly blobs: Blobs;
  #stopped = true;
  readonly evidence: KernelNode['evidence'] = (id) => evidenceFor(this.#env, id, this.#directories.chain.all);
  readonly checkpoint: KernelNode['checkpoint'] = () => this.#passingOn.checkpoint();
  readonly retain: KernelNode['retain'] = () => this.#retention.round();
  readonly history: KernelNode['history'] = (...asked) => historyOf(this.#env, ...asked);
  readonly way: KernelNode['way'] = (...asked) => wayOf(this.#env, this.#courier, ...asked);
  readonly trail: KernelNode['trail'] = (at) => trailOf(this.#env, at);
  readonly placeOf: KernelNode['placeOf'] = (id) => whereIs(this.#env, id);
  readonly command: KernelNode['command'] = (...asked) => this.#counter.command(...asked);
  readonly outcome: KernelNode['outcome'] = (type, subject, id, waitMs) =>
    this.#counter.outcome({ type, subject, id }, waitMs);
  readonly read: KernelNode['read'] = (request) => readRecord(this.#env, this.#counter, request);
  readonly release: KernelNode['release'] = (actor, position, how, reason) =>
    this.#passingOn.release({ actor, position, how, reason });
  readonly sibling: KernelNode['sibling'] = (...asked) => answerSibling(this.#siblingDesk, ...asked);
  readonly subscribe: KernelNode['subscribe'] = (filter, listener, missed = () => undefined) =>
    this.#live.subscribe(filter, listener, missed);
  readonly acceptClock: KernelNode['acceptClock'] = (...accepted) =>
    acceptClock(this.#env, this.#writers, ...accepted);
  readonly compareBooks: KernelNode['compareBooks'] = (peer, period) => compareBooks(this.#env, peer, period);

  constructor(options: NodeOptions) {
    this.#env = environmentOf(options);
    this.#siblings = new Siblings(this.#env, options.share);
    const siblings = this.#siblings;
    this.#live = new Live(this.#env, siblings);
    this.#leases = new Leases(this.#env, siblings, options.holder ?? options.member);
    this.#writers = Array.from(
      { length: options.partitions },
      (_, partition) => new PartitionWriter(this.#env, partition, this.#events()),
    );
    this.#counter = new Counter(this.#env, this.#writers, this.#siblings);
    this.#retention = new Retention(this.#env, options.eraser, this.#leases, this.#counter);
    this.#routes = new Routes(this.#env, this.#writers, this.#siblings);
    this.#siblings.moved = (partition) => this.#routes.moved(partition);
    const fetch = (peer: string, version: number) => this.#directories.fetch(peer, version);
    const note = (peer: string) => this.#courier.note(peer);
    this.#ownFrames = new OwnFrames(this.#env, this.#writers, fetch, (reason) => this.#standStill(reason));
    this.#courier = new Courier(this.#env, this.#writers, fetch, this.#ownFrames);
    const all = () => this.#directories.chain.all;
    const witness = witnessOf(this.#env, note, all);
    this.#checkpoints = new Checkpoints(this.#env, this.#leases, (epoch) => witness.round(epoch));
    const receiver = new Receiver(this.#env, this.#writers, note, fetch, accuser(this.#env, note, all));
    this.#epochs = new Epochs(this.#env, this.#writers, note, fetch, this.#ownFrames);
    const { signatures, directory, former = [], keepDirectory: keep = () => undefined } = options;
    const given = [...former, { directory, signatures }];
    const common = { env: this.#env, writers: this.#writers, counter: this.#counter, siblings };
    const followed = { given, keep, changed: () => this.#followDirectory() };
    this.#directories = new Directories({ ...common, ...followed });
    this.membership = membershipDesk({ ...common, directories: this.#directories });
    const chain = () => this.#directories.chain;
    this.vouching = vouching(this.#env, chain);
    this.blobs = new Blobs(this.#env, this.#counter);
    const answers = new Answers(this.#env, this.#counter, fetch, note);
    this.#questions = new Questions(this.#env, answers, fetch);
    this.#welcome = new Welcome(this.#env, this.#writers, this.#counter, chain);
    const desk = new Desk({ env: this.#env, writers: this.#writers, receiver, chain, fetch });
    const stand = (reason: string) => this.#standStill(reason);
    const held = { routes: this.#routes, leases: this.#leases, checkpoints: this.#checkpoints };
    const own = { receiver, answers, witness, desk, live: this.#live, stand };
    this.#siblingDesk = siblingDesk({ ...common, ...held, ...own });
    this.#passingOn = new PassingOn({ ...common, desk: this.#siblingDesk });
  }

  async start(): Promise<void> {
    this.#stopped = false;
    await this.#directories.open();
    await this.#leases.acquire(this.#writers.map((writer) => writer.partition));
    this.#leases.renew((partition) => this.#writers[partition]?.fenced());
    for (const { partition, epoch } of this.#leases.held) await this.#writers[partition]?.open(epoch);
    await this.#ownFrames.look();
    if (this.#env.outdated !== undefined) return;
    for (const { partition, state } of this.#writers) if (state) await this.#routes.opened(partition);
    await this.#directories.start();
    this.membership.look();
    this.#epochs.look();
    for (const { partition } of this.#leases.held)
      await catchUp(this.#env, this.#writers, this.#counter, partition);
    this.#welcome.look();
    this.#checkpoints.start();
    this.#retention.start();
    await this.blobs.start();
    for (const { partition, state } of this.#writers) if (!state) void this.#retake(partition);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#halt();
    await this.#checkpoints.stop();
    this.#leases.stop();
    await this.#leases.release();
  }

  noteList(actor: Actor, purpose: string, type: string, shown: readonly RecordView[]): Promise<void> {
    return noteList(this.#env, this.#counter, { actor, purpose, type, shown });
  }

  receive(peer: string, frame: Uint8Array): Promise<FrameAnswer> {
    this.#courier.wake(peer);
    return this.#passingOn.frame(peer, frame);
  }

  ask(peer: string, what: string, body?: Uint8Array): Promise<FrameAnswer> {
    this.#courier.wake(peer);
    return this.#passingOn.ask(peer, what, body);
  }

  question(wish: QuestionWish): Promise<QuestionAnswers> {
    return askMembers(this.#env, this.#questions, wish);
  }

  directory(version: number): SignedDirectoryText | undefined {
    const signed = this.#directories.chain.at(version);
    return signed && signedText(signed);
  }

  rest(): void {
    for (const writer of this.#writers) writer.rest();
  }

  status(): NodeStatus {
    return statusOf(
      this.#env,
      this.#writers,
      this.#courier,
      this.#directories,
      this.#siblings,
      this.#stopped,
    );
  }

  metrics(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#env.counters);
  }

  /** Another directory is in force: streams change their epoch, and what waits for a member is tried again. */
  #followDirectory(): void {
    this.#epochs.look();
    this.#welcome.look();
    for (const writer of this.#writers)
      for (const stream of writer.state?.streams.values() ?? [])
        this.#bring(writer.partition, stream.unreceipted);
    this.#kickUntilSigning();
  }

  /** By this node's clock the time of its only key may not have come yet. */
  #kickUntilSigning(): void {
    for (const writer of this.#writers) writer.kick();
    if (!this.#env.canSign && !this.#stopped)
      this.#env.clock.after(signingMs, () => this.#kickUntilSigning());
  }

  /** The database is proved to be an older one: what is done on it would be a second history. Leases stay, so that no other process does it. */
  #standStill(reason: string): void {
    if (this.#env.outdated !== undefined) return;
    this.#env.outdated = reason;
    this.#env.log.error('the database is older than what was sent', { reason });
    for (const address of this.#siblings.addresses)
      void this.#siblings.tell(address, 0, 'stand', reason).catch(() => undefined);
    void this.#halt();
  }

  /** Ends all that the node does by itself. */
  async #halt(): Promise<void> {
    for (const loop of [this.#courier, this.#directories, this.#epochs, this.#welcome, this.blobs])
      loop.stop();
    this.#live.stop();
    await this.#retention.stop();
    await Promise.all(this.#writers.map((writer) => writer.close()));
  }

  #bring(partition: number, frames: readonly OpenFrame[]): void {
    for (const frame of [...frames])
      void this.#courier
        .deliver(partition, frame)
        .catch((error: unknown) => this.#env.log.error('courier failed', { error: String(error) }));
  }

  #events(): WriterEvents {
    return {
      finished: (partition, finished, seq) => this.#counter.finished(partition, finished, seq),
      frames: (partition, _stream, frames) => this.#bring(partition, frames),
      route: (partition, finished, k, at) => this.#routes.sent(partition, finished, k, at),
      committed: (partition, rows, conversations) => {
        this.#counter.talked(partition, conversations);
        this.#live.committed(partition, rows);
        this.membership.committed(rows);
        this.blobs.committed(rows);
        if (epochOf(this.#env.directory, this.#env.scene.here) > 1) this.#epochs.look();
      },
      congested: () => congestedPeers(this.#env, this.#writers),
      lost: (partition) => {
        this.#ownFrames.forget(partition);
        this.#routes.closed(partition);
        void this.#retake(partition);
      },
    };
  }

  /** Takes a lost partition again, however long another holds it or the database is away. What is due then is tried until it is done or the partition lost again. */
  async #retake(partition: number): Promise<void> {
    const writer = this.#writers[partition];
    for (let isOpen = false; writer && !this.#stopped; ) {
      const lease = isOpen ? undefined : await this.#leases.retake(partition);
      if (this.#stopped || (isOpen ? !writer.state : !lease)) return;
      try {
        if (lease) await writer.open(lease.epoch);
        if (lease) await this.#routes.opened(partition);
        isOpen = true;
        await this.#directories.bring(partition);
        this.#epochs.look();
        await catchUp(this.#env, this.#writers, this.#counter, partition);
        return this.#welcome.look();
      } catch (error) {
        this.#env.log.error('partition not opened', { partition, error: String(error) });
        await this.#leases.pause();
      }
    }
  }
}
