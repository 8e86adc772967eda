import type { Environment } from '../runtime/environment.ts';
import type { Item } from '../runtime/handle.ts';
import { routesFor } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { Finished } from '../runtime/plan.ts';
import type { PartitionWriter } from '../runtime/writer.ts';

/** A message of another partition's journal, with its place there. */
interface Routed {
  readonly item: Item;
  readonly position: number;
  readonly urgent: boolean;
}

/** One partition's messages for another: how far they were handed over, and what came while the journal was read back. */
interface Road {
  handed: number;
  /** Set while the journal is read: what is committed meanwhile waits here. */
  meanwhile: Routed[] | undefined;
  /** Rises whenever the road is begun anew, so that a reading under way knows that it is too late. */
  turn: number;
}

const retryMs = 500;

/** Brings messages to the writers of their subjects' partitions: each once, in the order of the journal they lie in (K4). */
export class Routes {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly #roads = new Map<string, Road>();
  /** Partitions whose cursors are known here. */
  readonly #open = new Set<number>();

  constructor(env: Environment, writers: readonly PartitionWriter[]) {
    this.#env = env;
    this.#writers = writers;
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
    }
  }

  /** Reads until it succeeds, or the road is begun anew. */
  async #readBack(source: number, target: number): Promise<void> {
    const road = this.#road(source, target);
    road.meanwhile ??= [];
    road.turn += 1;
    const { turn } = road;
    while (road.turn === turn && this.#open.has(target)) {
      try {
        const after = { partition: source, after: road.handed };
        for await (const { item, position } of routesFor(this.#env, after, target)) {
          if (road.turn !== turn) return;
          this.#hand(source, target, road, { item, position, urgent: false });
        }
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
    const road: Road = { handed: 0, meanwhile: [], turn: 0 };
    this.#roads.set(key, road);
    return road;
  }
}
