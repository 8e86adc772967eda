import type { Environment } from '../runtime/environment.ts';
import type { Item } from '../runtime/handle.ts';
import { isUrgent, itemOf, routesFor } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { Finished } from '../runtime/plan.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { Siblings } from './siblings.ts';

/** A message of another partition's journal, with its place there. */
interface Routed {
  readonly item: Item;
  readonly position: number;
  readonly urgent: boolean;
}

/** The same as it goes to another process. */
export type RoutedText = readonly [position: number, bytes: Uint8Array];

/** One partition's messages for another: how far they were handed over, and what came while the journal was read back. */
interface Road {
  handed: number;
  /** Set while the journal is read: what is committed meanwhile waits here. */
  meanwhile: Routed[] | undefined;
  /** Rises whenever the road is begun anew, so that a reading under way knows that it is too late. */
  turn: number;
  /** More was committed than the reading under way may have seen: it goes on. */
  more: boolean;
}

/** The way of one partition's messages to one that another process holds. */
interface Away {
  readonly list: Routed[];
  /** Position of the last that was handed over; undefined: the other reads the journal from its own cursor. */
  after: number | undefined;
  underWay: boolean;
}

/** Messages of one call to another process. */
const callMax = 1_000;

const retryMs = 500;

/** Brings messages to the writers of their subjects' partitions: each once, in the order of the journal they lie in (K4). */
export class Routes {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly #siblings: Siblings;
  readonly #roads = new Map<string, Road>();
  readonly #ways = new Map<string, Away>();
  /** Partitions whose cursors are known here. */
  readonly #open = new Set<number>();

  constructor(env: Environment, writers: readonly PartitionWriter[], siblings: Siblings) {
    this.#env = env;
    this.#writers = writers;
    this.#siblings = siblings;
  }

  /** A batch of partition `partition` journaled this message at `at`. */
  sent(partition: number, finished: Finished, k: number, at: number): void {
    const outgoing = finished.merged?.routes[k];
    const declared = outgoing && this.#env.scene.registry.route(outgoing.message.type);
    if (!outgoing || !declared) return;
    const { message, bytes, leaf, urgent, value } = outgoing;
    const item = { message, bytes, leaf, route: declared, from: this.#env.scene.here, value };
    const target = partitionOf(message.subject, this.#writers.length);
    const routed = { item, position: at, urgent };
    if (this.#siblings.are && !this.#open.has(target)) return this.#away(partition, target, routed);
    const road = this.#road(partition, target);
    if (road.meanwhile) road.meanwhile.push(routed);
    else this.#hand(partition, target, road, routed);
  }

  /** The partition has no writer now: what comes for it waits until `opened`. */
  closed(partition: number): void {
    this.#open.delete(partition);
    for (const { partition: source } of this.#writers) {
      const road = this.#road(source, partition);
      road.meanwhile = [];
      road.turn += 1;
    }
  }

  /** The partition has a writer: what waits in other journals for it, and in its own for others, is handed over. */
  async opened(partition: number): Promise<void> {
    const others = this.#writers.map((writer) => writer.partition).filter((one) => one !== partition);
    const cursors = this.#writers[partition]?.state?.routes ?? [];
    for (const source of others) this.#road(source, partition).handed = cursors[source] ?? 0;
    this.#open.add(partition);
    for (const other of others) {
      await this.#readBack(other, partition);
      if (this.#open.has(other)) await this.#readBack(partition, other);
      else if (this.#siblings.are) this.#look(partition, other);
    }
  }

  /** Another process holds this partition now: it may lack what was handed to the one before. */
  moved(target: number): void {
    if (!this.#open.has(target)) for (const source of this.#open) this.#look(source, target);
  }

  /** Takes what another process committed; false when the partition has no writer here. What is not seen to follow is read from the journal. */
  take(source: number, target: number, after: number | undefined, list: readonly RoutedText[]): boolean {
    if (!this.#open.has(target)) return false;
    const road = this.#road(source, target);
    if (road.meanwhile) road.more = true;
    else if (after === undefined || after > road.handed) void this.#readBack(source, target);
    else
      for (const [position, bytes] of list) {
        const item = itemOf(this.#env, bytes, this.#env.scene.here);
        this.#hand(source, target, road, { item, position, urgent: isUrgent(this.#env, item.message) });
      }
    return true;
  }

  #away(source: number, target: number, routed: Routed): void {
    const way = this.#way(source, target);
    way.list.push(routed);
    if (!way.underWay) void this.#bring(source, target, way);
  }

  /** The holder of the target reads the journal of the source from its cursor on. */
  #look(source: number, target: number): void {
    const way = this.#way(source, target);
    way.after = undefined;
    if (!way.underWay) void this.#bring(source, target, way);
  }

  /** One call after another, until the target's holder has taken all; a call that failed is made good by its reading of the journal. */
  async #bring(source: number, target: number, way: Away): Promise<void> {
    way.underWay = true;
    while (
      this.#open.has(source) &&
      !this.#open.has(target) &&
      (way.list.length > 0 || way.after === undefined)
    ) {
      const { after } = way;
      const list = way.list.splice(0, after === undefined ? way.list.length : callMax);
      const last = list.at(-1)?.position ?? after ?? 0;
      // Set before the call: what asks for a reading meanwhile is not forgotten.
      way.after = last;
      const texts =
        after === undefined ? [] : list.map(({ position, item }) => [position, item.bytes] as const);
      const isTaken = await this.#siblings
        .ask(target, 0, 'routes', source, target, after, texts)
        .catch(() => false);
      if (isTaken) continue;
      way.after = undefined;
      await new Promise<void>((resolve) => this.#env.clock.after(retryMs, resolve));
    }
    way.list.length = 0;
    way.underWay = false;
  }

  #way(source: number, target: number): Away {
    const key = `${source} ${target}`;
    const found = this.#ways.get(key) ?? { list: [], after: undefined, underWay: false };
    this.#ways.set(key, found);
    return found;
  }

  /** Reads until it succeeds, or the road is begun anew. */
  async #readBack(source: number, target: number): Promise<void> {
    const road = this.#road(source, target);
    road.meanwhile ??= [];
    road.turn += 1;
    const { turn } = road;
    while (road.turn === turn && this.#open.has(target)) {
      try {
        do {
          road.more = false;
          const after = { partition: source, after: road.handed };
          for await (const { item, position } of routesFor(this.#env, after, target)) {
            if (road.turn !== turn) return;
            this.#hand(source, target, road, { item, position, urgent: false });
          }
        } while (road.more && road.turn === turn);
        if (road.turn === turn) this.#rejoin(source, target, road);
        return;
      } catch (error) {
        this.#env.log.warn('routes not read', { source, target, error: String(error) });
        await new Promise<void>((resolve) => this.#env.clock.after(retryMs, resolve));
      }
    }
  }

  #rejoin(source: number, target: number, road: Road): void {
    const meanwhile = road.meanwhile ?? [];
    road.meanwhile = undefined;
    for (const routed of meanwhile) this.#hand(source, target, road, routed);
  }

  #hand(source: number, target: number, road: Road, { item, position, urgent }: Routed): void {
    if (position <= road.handed) return;
    road.handed = position;
    this.#writers[target]?.push('routes', {
      input: { kind: 'route', item, partition: source, position },
      messages: 1,
      bytes: item.bytes.length,
      urgent,
      dropped: () => undefined,
    });
  }

  #road(source: number, target: number): Road {
    const key = `${source} ${target}`;
    const found = this.#roads.get(key);
    if (found) return found;
    const road: Road = { handed: 0, meanwhile: [], turn: 0, more: false };
    this.#roads.set(key, road);
    return road;
  }
}
