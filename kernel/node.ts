import { problem, type SystemType } from '@yitong/kit';
import { access } from './access/access.ts';
import type {
  Actor,
  CommandAnswer,
  CommandRequest,
  FrameAnswer,
  KernelNode,
  LiveEvent,
  NodeStatus,
  ReadRequest,
  RecordView,
} from './api.ts';
import { Courier } from './exchange/courier.ts';
import { type Directory, directoryBytes, streamsOf } from './exchange/directory.ts';
import type { DirectorySignature } from './exchange/directory-step.ts';
import { Receiver } from './exchange/receiver.ts';
import { suites as realSuites, type SigningKey, type Suites } from './exchange/suite.ts';
import { entryJson } from './journal/entries.ts';
import { evidenceFor, takeCheckpoint } from './journal/proofs.ts';
import { admit, freshId, itemFor } from './runtime/door.ts';
import { defaultLimits, type Environment, type Limits, type Log } from './runtime/environment.ts';
import { decodeData, type Item } from './runtime/handle.ts';
import { placeOf, positionOf } from './runtime/ids.ts';
import { Laws } from './runtime/law.ts';
import { entriesIn, itemOf, parseOwn, routesFor } from './runtime/open.ts';
import { answerOf, recordView, storedOutcome, talkAnswer } from './runtime/outcomes.ts';
import { partitionOf } from './runtime/partition.ts';
import type { Finished, NodeScene } from './runtime/plan.ts';
import { Registry } from './runtime/registry.ts';
import { PartitionWriter } from './runtime/writer.ts';
import type { Chance, Clock, Peers, Point } from './seams.ts';
import type { Lease, Reader, Store } from './store/store.ts';

/** What a node is made of. */
export interface NodeOptions {
  readonly member: string;
  readonly systems: readonly SystemType[];
  readonly partitions: number;
  readonly directory: Directory;
  /** Signatures of the directory, for evidence files. */
  readonly signatures: readonly DirectorySignature[];
  readonly key: SigningKey;
  readonly store: Store;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly peers: Peers;
  readonly suites?: Suites;
  readonly point?: Point;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Name and address of this process in the leases. */
  readonly holder?: string;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The kernel of one node on its seams. */
export function createNode(options: NodeOptions): KernelNode {
  return new Node(options);
}

interface Waiter {
  readonly settle: (answer: CommandAnswer) => void;
}

class Node implements KernelNode {
  readonly #env: Environment;
  readonly #writers: PartitionWriter[];
  readonly #courier: Courier;
  readonly #receiver: Receiver;
  readonly #holder: string;
  readonly #signatures: readonly DirectorySignature[];
  #leases: readonly Lease[] = [];
  readonly #accepted = new Map<string, (finished: Finished, partition: number, seq: number) => void>();
  readonly #waiters = new Map<
    string,
    { readonly type: string; readonly subject: string; readonly list: Set<Waiter> }
  >();
  readonly #listeners = new Set<{
    filter: { type: string; subject?: string };
    listener: (event: LiveEvent) => void;
  }>();
  #stopped = true;
  #beat: (() => void) | undefined;

  constructor(options: NodeOptions) {
    this.#env = environmentOf(options);
    this.#signatures = options.signatures;
    this.#holder = options.holder ?? options.member;
    this.#writers = Array.from(
      { length: options.partitions },
      (_, partition) => new PartitionWriter(this.#env, partition, this.#events()),
    );
    this.#courier = new Courier(this.#env, this.#writers);
    this.#receiver = new Receiver(this.#env, this.#writers);
  }

  async start(): Promise<void> {
    this.#stopped = false;
    const all = this.#writers.map((writer) => writer.partition);
    for (;;) {
      const taken = await this.#env.store.acquire(
        all.filter((p) => !this.#leases.some((lease) => lease.partition === p)),
        this.#holder,
        this.#holder,
      );
      this.#leases = [...this.#leases, ...taken];
      if (this.#leases.length === all.length) break;
      await new Promise<void>((resolve) => this.#env.clock.after(500, resolve));
    }
    for (const { partition, epoch } of this.#leases) await this.#writers[partition]?.open(epoch);
    for (const writer of this.#writers) await this.#takeRoutes(writer);
    this.#renew();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#beat?.();
    this.#courier.stop();
    await Promise.all(this.#writers.map((writer) => writer.close()));
    await this.#env.store.release(this.#leases, this.#holder);
    this.#leases = [];
  }

  async command(request: CommandRequest, waitMs: number): Promise<CommandAnswer> {
    const admitted = admit(this.#env, request);
    if (!admitted.ok)
      return {
        state: 'invalid',
        ...(request.id === undefined ? {} : { id: request.id }),
        problem: admitted.problem,
      };
    const { item } = admitted;
    const { id, subject, type } = item.message;
    const first = await this.#submit(item, request.id !== undefined);
    if (first.again) return (await this.outcome(type, subject, id, waitMs)) ?? first.answer;
    if (first.answer.state !== 'open' || waitMs <= 0) return first.answer;
    return this.#wait({ type, subject, id }, waitMs, first.answer);
  }

  async outcome(
    type: string,
    subject: string,
    id: string,
    waitMs: number,
  ): Promise<CommandAnswer | undefined> {
    const partition = partitionOf(subject, this.#writers.length);
    const stored = await storedOutcome(this.#env, partition, { type, subject, id });
    if (stored?.state !== 'open' || waitMs <= 0) return stored;
    return this.#wait({ type, subject, id }, waitMs, stored);
  }

  async read(request: ReadRequest): Promise<RecordView | undefined> {
    const { type, subject, id, actor, purpose } = request;
    const data = { type, id, owner: '', purpose };
    const item = itemFor(
      this.#env,
      { type: 'kernel/read', id: freshId(this.#env), subject, data, actor },
      data,
    );
    const { finished, partition } = await this.#submit(item, false);
    return finished?.shown && recordView(finished.shown, partition);
  }

  async noteList(actor: Actor, purpose: string, type: string, shown: readonly RecordView[]): Promise<void> {
    const record = this.#env.scene.registry.record(type);
    if (!record) return;
    const persons = shown.flatMap((one) => {
      if (record.about.person) return [one.subject.slice(one.subject.indexOf(':') + 1)];
      const found: unknown =
        record.person === undefined ? undefined : Reflect.get(Object(one.value), record.person);
      return typeof found === 'string' ? [found] : [];
    });
    const distinct = [...new Set(persons)];
    for (let at = 0; at < distinct.length; at += 100) {
      const data = { type, purpose, persons: distinct.slice(at, at + 100) };
      const subject = `reader:${actor.id}`.slice(0, 120);
      await this.#submit(
        itemFor(this.#env, { type: 'kernel/shown', id: freshId(this.#env), subject, data, actor }, data),
        false,
      );
    }
  }

  /** Releases a held message: it and all that wait behind it of its subject run again in order, in one batch. */
  async release(
    actor: Actor,
    position: string,
    how: 'run' | 'refuse',
    reason: string,
  ): Promise<CommandAnswer> {
    const [partition = -1, at = -1] = position.split('.').map(Number);
    const writer = this.#writers[partition];
    const row = writer?.state?.held.get(at);
    if (!writer || row?.kind !== 'held')
      return {
        state: 'invalid',
        problem: problem({
          code: 'not-held',
          status: 404,
          title: 'Nothing is held at this position',
          remedy: 'See the list of held messages.',
        }),
      };
    const rows = [...(writer.state?.held.values() ?? [])]
      .filter((one) => one.subject === row.subject)
      .sort((a, b) => a.at - b.at);
    const items = await Promise.all(rows.map((one) => this.#heldItem(partition, one.at)));
    for (const [k, item] of items.entries()) {
      const where = rows[k]?.at ?? at;
      const input = {
        kind: 'release',
        item,
        position: where,
        refuse: where === at && how === 'refuse',
      } as const;
      writer.push('releases', {
        input,
        messages: 1,
        bytes: item.bytes.length,
        urgent: true,
        dropped: () => undefined,
      });
    }
    const data = { position, how, reason: reason.slice(0, 500) };
    const subject = row.subject;
    const item = itemFor(
      this.#env,
      { type: 'kernel/release', id: freshId(this.#env), subject, data, actor },
      data,
    );
    return (await this.#submit(item, false)).answer;
  }

  /** The held message's bytes lie in the journal; a released one that was held again is a reference to them. */
  async #heldItem(partition: number, position: number): Promise<Item> {
    const { seq, index } = placeOf(position);
    const [batch] = await this.#env.store.read(partition, seq, 1);
    const entry = batch && entriesIn(batch).find((one) => one.index === index);
    if (!entry) throw new Error('the held message is not in the journal');
    if (entry.kind === 'ref') {
      const { partition: where, position: there } = entryJson(entry);
      return this.#heldItem(Number(where), Number(there));
    }
    return itemOf(this.#env, entry.bytes, parseOwn(entry.bytes).source.slice('yitong:'.length));
  }

  evidence(messageId: string): Promise<unknown> {
    return evidenceFor(this.#env, messageId, this.#signatures);
  }

  checkpoint(): Promise<string> {
    const epoch = this.#leases.find((lease) => lease.partition === 0)?.epoch ?? 0;
    return takeCheckpoint(
      this.#env,
      epoch,
      this.#writers.map((writer) => writer.state?.seq ?? 0),
    );
  }

  async receive(peer: string, frame: Uint8Array): Promise<FrameAnswer> {
    return this.#receiver.receive(peer, frame);
  }

  directory(version: number): Uint8Array | undefined {
    return version === this.#env.directory.version ? directoryBytes(this.#env.directory) : undefined;
  }

  subscribe(
    filter: { readonly type: string; readonly subject?: string },
    listener: (event: LiveEvent) => void,
  ): () => void {
    const entry = { filter, listener };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  status(): NodeStatus {
    const { directory, scene } = this.#env;
    const partitions = this.#writers.map((writer) => ({
      partition: writer.partition,
      epoch: writer.state?.epoch ?? 0,
      seq: writer.state?.seq ?? 0,
      queue: writer.queued,
      writing: writer.writing,
    }));
    const reasons = [
      ...(this.#stopped ? ['the node is stopped'] : []),
      ...this.#writers
        .filter((writer) => !writer.state)
        .map((writer) => `partition ${writer.partition} has no writer here`),
    ];
    const { version, issued, expires } = directory;
    const held = this.#writers.reduce((sum, writer) => sum + (writer.state?.held.size ?? 0), 0);
    const peers = scene.members.filter((member) => member !== scene.here).map((member) => this.#peer(member));
    const head = { member: scene.here, region: scene.region, directory: { version, issued, expires } };
    return { ...head, partitions, peers, held, ready: reasons.length === 0, reasons };
  }

  metrics(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#env.counters);
  }

  #peer(member: string): NodeStatus['peers'][number] {
    const { reachable, lastReceipt, skewMs, alarms } = this.#courier.note(member);
    const streams = this.#writers.flatMap((writer) => [...(writer.state?.streams.values() ?? [])]);
    const own = streams.filter((stream) => stream.peer === member);
    const unreceipted = own.reduce((sum, stream) => sum + stream.unreceipted.length, 0);
    return {
      member,
      reachable,
      lastReceipt,
      skewMs,
      unreceipted,
      alarms: [...alarms].map(([stream, alarm]) => ({ stream, ...alarm })),
    };
  }

  /** Puts an item into its partition's queue; resolves once it is durable. */
  #submit(item: Parameters<typeof answerOf>[0]['slot']['item'] & object, lookup: boolean) {
    const partition = partitionOf(item.message.subject, this.#writers.length);
    const writer = this.#writers[partition];
    return new Promise<{
      answer: CommandAnswer;
      again: boolean;
      finished: Finished | undefined;
      partition: number;
    }>((resolve) => {
      const busy = (detail: string): void => {
        const answer = {
          state: 'busy',
          retryAfterMs: 500,
          problem: problem({ code: 'busy', status: 503, title: 'Try again later', detail }),
        } as const;
        resolve({ answer, again: false, finished: undefined, partition });
      };
      if (!writer || writer.queued > this.#env.limits.queue) return busy('too much waits for this partition');
      const key = `${item.message.id} ${item.message.subject}`;
      const told = this.#accepted.get(key);
      this.#accepted.set(key, (finished, at, seq) => {
        told?.(finished, at, seq);
        const answer = answerOf(finished, at, positionOf(seq, finished.slot.index));
        resolve({ answer, again: finished.outcome === 'dup', finished, partition: at });
      });
      const input = { kind: 'command', item } as const;
      writer.push('local', {
        input,
        messages: 1,
        bytes: item.bytes.length,
        urgent: false,
        lookup,
        dropped: busy,
      });
    });
  }

  #wait(
    command: { type: string; subject: string; id: string },
    waitMs: number,
    meanwhile: CommandAnswer,
  ): Promise<CommandAnswer> {
    return new Promise((resolve) => {
      const entry = this.#waiters.get(command.id) ?? {
        type: command.type,
        subject: command.subject,
        list: new Set<Waiter>(),
      };
      this.#waiters.set(command.id, entry);
      const settle = (answer: CommandAnswer): void => {
        cancel();
        entry.list.delete(waiter);
        if (entry.list.size === 0) this.#waiters.delete(command.id);
        resolve(answer);
      };
      const waiter = { settle };
      const cancel = this.#env.clock.after(waitMs, () => settle(meanwhile));
      entry.list.add(waiter);
      // It may have ended between its commit and this wait.
      void this.#env.reader
        .conversation(partitionOf(command.subject, this.#writers.length), command.id)
        .then((row) => {
          if (row && row.state !== 'open')
            settle(
              talkAnswer(
                row,
                command.type,
                command.subject,
                partitionOf(command.subject, this.#writers.length),
              ),
            );
        });
    });
  }

  #events(): ConstructorParameters<typeof PartitionWriter>[2] {
    return {
      finished: (partition, finished, seq) => {
        const { item, origin } = finished.slot;
        if (origin !== 'command' || !item) return;
        const key = `${item.message.id} ${item.message.subject}`;
        const told = this.#accepted.get(key);
        this.#accepted.delete(key);
        told?.(finished, partition, seq);
      },
      frames: (partition, _stream, frames) => {
        for (const frame of frames)
          void this.#courier
            .deliver(partition, frame)
            .catch((error: unknown) => this.#env.log.error('courier failed', { error: String(error) }));
      },
      route: (partition, finished, k, at) => this.#route(partition, finished, k, at),
      committed: (partition, rows, conversations) => {
        for (const row of conversations) {
          const waiting = row.state === 'open' ? undefined : this.#waiters.get(row.command);
          for (const waiter of waiting ? [...waiting.list] : [])
            waiter.settle(talkAnswer(row, waiting?.type ?? '', waiting?.subject ?? '', partition));
        }
        for (const row of this.#listeners.size > 0 ? rows : []) this.#tell(row, partition);
      },
      lost: (partition) => void this.#retake(partition),
    };
  }

  #tell(row: Parameters<typeof recordView>[0], partition: number): void {
    const event = {
      id: `${partition}.${row.at}.0`,
      type: row.type,
      subject: row.subject,
      record: row.body === null ? undefined : recordView(row, partition),
    };
    for (const { filter, listener } of this.#listeners)
      if (filter.type === row.type && (filter.subject === undefined || filter.subject === row.subject))
        listener(event);
  }

  #route(partition: number, finished: Finished, k: number, at: number): void {
    const outgoing = finished.merged?.routes[k];
    if (!outgoing) return;
    const { message, bytes, leaf } = outgoing;
    const route = this.#env.scene.registry.route(message.type);
    if (!route) return;
    const target = this.#writers[partitionOf(message.subject, this.#writers.length)];
    const decoded = decodeData(route, message);
    const item = {
      message,
      bytes,
      leaf,
      route,
      from: this.#env.scene.here,
      value: decoded.ok ? decoded.value : undefined,
    };
    const input = { kind: 'route', item, partition, position: at } as const;
    target?.push('routes', {
      input,
      messages: 1,
      bytes: bytes.length,
      urgent: outgoing.urgent,
      dropped: () => undefined,
    });
  }

  /** Routes of other partitions that were not taken before the last stop. */
  async #takeRoutes(writer: PartitionWriter): Promise<void> {
    for (const [partition, after] of [...(writer.state?.routes ?? [])].entries())
      for await (const { item, position } of routesFor(this.#env, { partition, after }, writer.partition)) {
        const input = { kind: 'route', item, partition, position } as const;
        writer.push('routes', {
          input,
          messages: 1,
          bytes: item.bytes.length,
          urgent: false,
          dropped: () => undefined,
        });
      }
  }

  #renew(): void {
    this.#beat = this.#env.clock.after(1_000, () => {
      void this.#env.store
        .renew(this.#leases, this.#holder)
        .catch(() => [])
        .finally(() => {
          if (!this.#stopped) this.#renew();
        });
    });
  }

  async #retake(partition: number): Promise<void> {
    this.#leases = this.#leases.filter((lease) => lease.partition !== partition);
    while (!this.#stopped) {
      const [lease] = await this.#env.store.acquire([partition], this.#holder, this.#holder).catch(() => []);
      const writer = this.#writers[partition];
      if (lease && writer) {
        this.#leases = [...this.#leases, lease];
        await writer.open(lease.epoch);
        return this.#takeRoutes(writer);
      }
      await new Promise<void>((resolve) => this.#env.clock.after(500, resolve));
    }
  }
}

function environmentOf(options: NodeOptions): Environment {
  const { member, directory, store, reader, clock, chance, peers, key, partitions } = options;
  const registry = new Registry([access, ...options.systems]);
  const suites = options.suites ?? realSuites;
  const mirrored = new Map(
    registry.systems.map((system) => [
      system.name,
      new Set(
        [...system.accounts.values()].filter((a) => a.head.mirror !== undefined).map((a) => a.accountName),
      ),
    ]),
  );
  const members = directory.members.map((one) => one.code);
  const scene: NodeScene = {
    here: member,
    region: directory.region,
    members,
    partitions,
    streams: streamsOf(directory),
    registry,
    laws: new Laws(),
    mirrored,
  };
  return {
    scene,
    store,
    reader,
    clock,
    chance,
    peers,
    suites,
    suite: suites[key.suite],
    key,
    point: options.point ?? (() => undefined),
    directory,
    limits: { ...defaultLimits, ...options.limits },
    counters: new Map(),
    log: options.log ?? silent,
  };
}
