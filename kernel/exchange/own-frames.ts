import { count, type Environment } from '../runtime/environment.ts';
import { lanesOf, newStream } from '../runtime/frames.ts';
import { type OutStream, streamKey } from '../runtime/state.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { PeerAnswer } from '../seams.ts';
import { sameBytes } from './bytes.ts';
import { epochOf, memberOf } from './directory.ts';
import { link, readBatchHead } from './head.ts';
import type { FetchDirectory } from './receiver.ts';
import { type HeldFrame, readHeldFrames } from './stream-answer.ts';

/** How long a node waits for what its peers hold; those that are away are asked later. */
const lookMs = 1_000;

/** What asking a peer came to. `known`: it holds no frame of this stream that is not known here. A number: ask again after so many ms. */
export type Heard = 'known' | 'again' | number;

/**
 * A database that was put back from a backup does not know what was signed since. Before the first frame of a stream leaves, its receiver
 * is therefore asked which frames it holds (K54, exchange protocol B14): one that this member signed and does not know proves that the
 * database is older than that frame, and the node stands still. Nobody gets two frames for one place, and no other member can feign it.
 */
export class OwnFrames {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly #fetch: FetchDirectory;
  readonly #older: (reason: string) => void;
  /** Streams that were asked about, by partition, and those of them on which frames may leave. */
  readonly #known = new Map<number, Set<string>>();
  readonly #open = new Map<number, Set<string>>();
  readonly #asking = new Map<string, Promise<Heard>>();
  /** What peers answered and is not yet judged: it may take directories that are not known here. */
  readonly #judging = new Set<Promise<Heard>>();

  /** `older` is told once the database is proved to be older than what a peer holds. */
  constructor(
    env: Environment,
    writers: readonly PartitionWriter[],
    fetch: FetchDirectory,
    older: (reason: string) => void,
  ) {
    this.#env = env;
    this.#writers = writers;
    this.#fetch = fetch;
    this.#older = older;
  }

  /** The partition was read from the database anew: it may be another one. */
  forget(partition: number): void {
    this.#known.delete(partition);
    this.#open.delete(partition);
  }

  /**
   * Before a stream's first frame: asks about the stream, and about every other that is not known yet, for another may be the one with a
   * frame that proves it, and its peer may have been away until now. Errors: whatever keeps the peer from answering.
   */
  async hear(partition: number, peer: string, stream: string): Promise<Heard> {
    const key = streamKey(peer, stream);
    const open = setIn(this.#open, partition);
    if (open.has(key)) return 'known';
    const heard = setIn(this.#known, partition).has(key) ? 'known' : await this.#heard(partition, key);
    if (heard !== 'known') return heard;
    await this.look();
    if (this.#env.outdated !== undefined) return 'again';
    open.add(key);
    return 'known';
  }

  /** Asks about every stream, as far as the peers are there; of those that never sent anything here too, for the database may be from before. */
  async look(): Promise<void> {
    const { directory, scene } = this.#env;
    const peers = directory.members.filter(({ code }) => code !== scene.here);
    const keys = lanesOf(scene).flatMap((lane) =>
      Array.from({ length: scene.streams }, (_, of) => ({ of, name: `${lane}.${of}` })),
    );
    const asked = peers.flatMap(({ code }) =>
      keys.flatMap(({ of, name }) => {
        const partition = of % scene.partitions;
        const key = streamKey(code, name);
        const isAsked = this.#writers[partition]?.state && !this.#known.get(partition)?.has(key);
        return isAsked ? [this.#heard(partition, key).catch(() => 'again')] : [];
      }),
    );
    if (asked.length === 0) return;
    let stop = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      stop = this.#env.clock.after(lookMs, resolve);
    });
    await Promise.race([Promise.all(asked), over]);
    stop();
    // Whoever has answered is there: what it holds is judged, however long that takes.
    while (this.#judging.size > 0) await Promise.allSettled(this.#judging);
  }

  #heard(partition: number, key: string): Promise<Heard> {
    const name = `${partition} ${key}`;
    const asking = this.#asking.get(name) ?? this.#ask(partition, key);
    this.#asking.set(name, asking);
    const known = setIn(this.#known, partition);
    return asking
      .then((heard) => {
        if (heard === 'known') known.add(key);
        return heard;
      })
      .finally(() => this.#asking.delete(name));
  }

  async #ask(partition: number, key: string): Promise<Heard> {
    const stream = this.#streamOf(partition, key);
    if (!stream) return 'again';
    const env = this.#env;
    const epoch = epochOf(env.directory, env.scene.here);
    const answer = await env.peers.ask(
      stream.peer,
      `streams/${stream.stream}/after/${epoch}/${settled(stream)}`,
    );
    count(env, 'streams_heard');
    const judged = this.#judged(partition, key, stream.peer, answer);
    this.#judging.add(judged);
    return judged.finally(() => this.#judging.delete(judged));
  }

  async #judged(partition: number, key: string, peer: string, answer: PeerAnswer): Promise<Heard> {
    const { version } = this.#env.directory;
    /** The peer uses a directory that is not known here: with it the answer may be another. */
    const again = async (needed: number): Promise<Heard> => {
      await this.#fetch(peer, needed);
      return this.#env.directory.version > version ? this.#ask(partition, key) : 'again';
    };
    if (answer.status === 503) return answer.retryAfterMs ?? 500;
    // A program of before does not tell.
    if (answer.status === 404) return 'known';
    if (answer.status === 409) return again(version + 1);
    const frames = answer.status === 200 ? readHeldFrames(answer.body) : undefined;
    if (!frames) return 'again';
    for (const frame of frames) {
      const stream = this.#streamOf(partition, key);
      if (!stream) return 'again';
      const known = await this.#isKnown(partition, stream, frame);
      if (typeof known === 'number') return again(known);
      if (!known) return 'again';
    }
    return 'known';
  }

  #streamOf(partition: number, key: string): OutStream | undefined {
    const { state } = this.#writers[partition] ?? {};
    return state && (state.streams.get(key) ?? newStream(key, 1));
  }

  /** A number: whoever signed it is told by that version of the directory. */
  async #isKnown(
    partition: number,
    stream: OutStream,
    { seq, head, signature }: HeldFrame,
  ): Promise<boolean | number> {
    const waiting = stream.unreceipted.find(({ row }) => row.seq === seq);
    // It has its receipt: receipts come in any order, and one may have come meanwhile.
    if (!waiting && seq <= stream.seq) return true;
    const env = this.#env;
    const read = readBatchHead(head);
    if (!read.ok) return false;
    const { from, to, stream: name, seq: number, suite, key: id, directory } = read.value;
    const shown = link(env.suites[suite], head);
    if (waiting && sameBytes(waiting.row.link, shown)) return true;
    if (from !== env.scene.here || to !== stream.peer || name !== stream.stream || number !== seq)
      return false;
    // Whether the key was valid then, or is now, does not matter: it was this node's, which may have signed with it after the moment from
    // which others hold it to be revoked.
    const signer = memberOf(env.directory, from)?.keys.find((one) => one.id === id && one.suite === suite);
    if (!signer?.use.includes('batch')) return directory > env.directory.version && directory;
    if (!env.suites[signer.suite].verify(signer, head, signature)) return false;
    if (!waiting && (await this.#isSent(partition, streamKey(to, name), seq, shown))) return false;
    this.#older(
      `the database is older than what ${stream.peer} holds: batch ${seq} of stream ${name}, signed here at ${read.value.time}; ` +
        `the newest known here is ${stream.seq}. Nothing is taken and nothing sent: put back a newer state (yitong restore)`,
    );
    return false;
  }

  /**
   * Another process of this member may have sent it, or this one a moment ago: the database decides, not what is in memory. What it signed
   * for the same place itself is no such frame, but a second one.
   */
  async #isSent(partition: number, key: string, seq: number, shown: Uint8Array): Promise<boolean> {
    const { sent } = await this.#env.store.tail(partition);
    const own = sent.find(({ last }) => streamKey(last.peer, last.stream) === key);
    if (!own) return false;
    const there = [own.last, ...own.unreceipted].find((row) => row.seq === seq);
    return there ? sameBytes(there.link, shown) : own.last.seq >= seq;
  }
}

/** The set of a partition; whoever keeps it while the partition is read anew adds to one that counts no more. */
function setIn(sets: Map<number, Set<string>>, partition: number): Set<string> {
  const set = sets.get(partition) ?? new Set();
  sets.set(partition, set);
  return set;
}

/** The last frame of a stream with a receipt. */
function settled(stream: OutStream): number {
  return (stream.unreceipted[0]?.row.seq ?? stream.seq + 1) - 1;
}
