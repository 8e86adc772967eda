import type { CommandAnswer, FrameAnswer } from '../api.ts';
import type { Environment } from '../runtime/environment.ts';
import type { SiblingWay } from '../seams.ts';
import type { RecordRow } from '../store/rows.ts';
import type { LeaseHeld } from '../store/store.ts';
import type { CommandRef, Submitted } from './counter.ts';
import type { Release } from './quarantine.ts';
import type { RoutedText } from './routes.ts';

/** This process as one of several of its node: which share of the partitions it prefers, and its address for the others. */
export interface Share {
  /** 1 to `of`. */
  readonly number: number;
  readonly of: number;
  readonly address: string;
  readonly way: SiblingWay;
}

/** What one process of a node asks another of it, as plain data. Each is answered there and never passed on (K8). */
export interface SiblingDesk {
  take(bytes: Uint8Array, lookup: boolean, waitMs: number): Promise<Submitted>;
  known(command: CommandRef, waitMs: number): Promise<CommandAnswer | undefined>;
  release(wish: Release): Promise<CommandAnswer>;
  frame(peer: string, frame: Uint8Array): Promise<FrameAnswer>;
  ask(peer: string, what: string, body: Uint8Array | undefined): Promise<FrameAnswer>;
  checkpoint(): Promise<string>;
  /** Messages of partition `source` for `target`, in order; false where `target` is not held. */
  routes(source: number, target: number, after: number | undefined, list: readonly RoutedText[]): boolean;
  /** Lets a partition go that the asker prefers; false when it stays. */
  hand(partition: number): Promise<boolean>;
  /** Another process wants changes of these types; true when it was not told of some of them until now. */
  follow(address: string, types: readonly string[]): boolean;
  /** What was committed in another process. */
  live(partition: number, rows: readonly RecordRow[]): void;
  /** The database is proved to be an older one. */
  stand(reason: string): void;
}

/** How long a sibling may take beyond what is waited for, in ms. */
const answerMs = 5_000;

/** The other processes of this node, found by the leases they hold (K35). 同一节点的其他进程 */
export class Siblings {
  readonly #env: Environment;
  readonly #share: Share | undefined;
  #places: ReadonlyMap<number, LeaseHeld> = new Map();
  #looking: Promise<void> | undefined;
  /** Told of each partition that has another holder than before. */
  moved: (partition: number) => void = () => undefined;

  constructor(env: Environment, share: Share | undefined) {
    this.#env = env;
    this.#share = share;
  }

  get address(): string | undefined {
    return this.#share?.address;
  }

  /** Whether this process is one of several. */
  get are(): boolean {
    return this.#share !== undefined;
  }

  /** Whether this process is the one that should hold a partition. */
  prefers(partition: number): boolean {
    const { number, of } = this.#share ?? { number: 1, of: 1 };
    return partition % of === number - 1;
  }

  /** Whether another process is known to hold a partition. */
  holds(partition: number): boolean {
    const place = this.#places.get(partition);
    return place !== undefined && place.address !== this.#share?.address;
  }

  /** Addresses of the others that hold something. */
  get addresses(): readonly string[] {
    const all = [...this.#places.values()].map(({ address }) => address);
    return [...new Set(all)].filter((address) => address !== this.#share?.address);
  }

  /** Reads anew who holds what, once for all who wish it at a time. Errors: the store's. */
  async look(): Promise<void> {
    if (!this.are) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const before = this.#places;
    const places = await this.#env.store.places();
    this.#places = new Map(places.map((place) => [place.partition, place]));
    for (const { partition, epoch } of places)
      if (before.get(partition)?.epoch !== epoch) this.moved(partition);
  }

  /** Asks the holder of a partition. Errors: nobody is known to hold it, or nothing came back. */
  async ask<K extends keyof SiblingDesk>(
    partition: number,
    waitMs: number,
    what: K,
    ...asked: Parameters<SiblingDesk[K]>
  ): Promise<Awaited<ReturnType<SiblingDesk[K]>>> {
    // Who has just come is not known before the next beat.
    if (!this.holds(partition)) await this.look();
    const place = this.holds(partition) ? this.#places.get(partition) : undefined;
    if (!place) throw new Error('the partition has no writer now');
    return this.tell(place.address, waitMs, what, ...asked);
  }

  /** Asks the process at an address. Errors: nothing came back. */
  async tell<K extends keyof SiblingDesk>(
    address: string,
    waitMs: number,
    what: K,
    ...asked: Parameters<SiblingDesk[K]>
  ): Promise<Awaited<ReturnType<SiblingDesk[K]>>> {
    const way = this.#share?.way;
    if (!way) throw new Error('this process is the only one of its node');
    // The cast is safe: the other end answers with its own desk, of the same program.
    return (await way.call(address, what, asked, waitMs + answerMs)) as Awaited<ReturnType<SiblingDesk[K]>>;
  }
}

/** What comes from another process of the node, answered by this one's desk. Errors: there is no such question. */
export async function answerSibling(desk: SiblingDesk, what: string, asked: readonly unknown[]) {
  const answer: unknown = Object.hasOwn(desk, what) ? Reflect.get(desk, what) : undefined;
  if (typeof answer !== 'function') throw new Error(`no process of a node is asked for ${what}`);
  const given: unknown = await Reflect.apply(answer, desk, asked);
  return given;
}
