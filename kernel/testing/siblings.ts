import type { KernelNode } from '../api.ts';
import type { Clock, Peers } from '../seams.ts';
import { openMemoryStore } from '../store/memory.ts';
import type { Reader, Store } from '../store/store.ts';
import { systemClock, TestRegion } from './region.ts';

const [payer, counter] = ['310000', '340000'] as const;
/** Ten times as quick as in a real node. */
const limits = { beatMs: 100, backOffMs: 50, backOffMaxMs: 200 };
const leaseMs = 500;

/** One process of a node on the database that all of them share. */
interface TestSibling {
  readonly region: TestRegion;
  readonly node: KernelNode;
  /** What other processes asked this one, by name. */
  readonly asked: Map<string, number>;
  /** As `kill -9`: nothing of it happens any more. */
  kill(): void;
}

/** A member whose node has two processes that work at once, and a peer that comes to either of them by turns. */
export class SiblingRegion {
  readonly first: TestSibling;
  readonly second: TestSibling;
  readonly #peer: TestRegion;
  readonly #alive = new Map<string, TestSibling>();
  #turn = 0;
  #database: ReturnType<typeof openMemoryStore> | undefined;

  constructor() {
    const peers: Peers = {
      batch: async (_, frame) => this.#next().node.receive(payer, frame),
      ask: async (_, what, body) => this.#next().node.ask(payer, what, body),
    };
    this.#peer = new TestRegion({ only: payer, more: { peers, limits } });
    this.first = this.#sibling(1);
    this.second = this.#sibling(2);
  }

  async start(): Promise<void> {
    await this.#peer.start();
    for (const { region } of [this.first, this.second]) await region.start();
    const places = () => this.first.region.stores.get(counter)?.store.places() ?? Promise.resolve([]);
    await this.#peer.until(async () => (await places()).length === 4);
  }

  async stop(): Promise<void> {
    for (const { region } of this.#alive.values()) await region.stop();
    await this.#peer.stop();
  }

  until(isSo: () => Promise<boolean>): Promise<void> {
    return this.#peer.until(isSo);
  }

  get peer(): TestRegion {
    return this.#peer;
  }

  #next(): TestSibling {
    const alive = [...this.#alive.values()];
    this.#turn += 1;
    const next = alive[this.#turn % alive.length];
    if (!next) throw new Error('no process of the node is there');
    return next;
  }

  #sibling(number: 1 | 2): TestSibling {
    const address = `process-${number}`;
    let runs = true;
    const living = <T extends object>(part: T): T => stopping(part, () => runs);
    const way = {
      call: async (to: string, what: string, asked: readonly unknown[]) => {
        const there = this.#alive.get(to);
        if (!there || !runs) throw new Error('nobody is there');
        there.asked.set(what, (there.asked.get(what) ?? 0) + 1);
        // As over a wire: only data arrive.
        return structuredClone(await there.node.sibling(what, structuredClone(asked)));
      },
    };
    const peers: Peers = {
      batch: async (_, frame) => this.#peer.node(payer).receive(counter, frame),
      ask: async (_, what, body) => this.#peer.node(payer).ask(counter, what, body),
    };
    const share = { number, of: 2, address, way };
    const clock: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms, () => runs && run()) };
    const region = new TestRegion({
      only: counter,
      more: { share, clock, limits, holder: address, peers: living(peers) },
      storeOf: (_, systems) => {
        const records = systems.flatMap((one) => [...one.records.values()]);
        this.#database ??= openMemoryStore({ partitions: 4, records, now: () => Date.now(), leaseMs });
        const { store, reader } = this.#database;
        return { store: living<Store>(store), reader: living<Reader>(reader) };
      },
    });
    const sibling: TestSibling = {
      region,
      get node() {
        return region.node(counter);
      },
      asked: new Map(),
      kill: () => {
        runs = false;
        this.#alive.delete(address);
      },
    };
    this.#alive.set(address, sibling);
    return sibling;
  }
}

/** A part whose calls are never answered, and have no effect, once its process is dead. */
function stopping<T extends object>(part: T, runs: () => boolean): T {
  return new Proxy(part, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...asked: unknown[]): unknown =>
        runs() ? Reflect.apply(found, target, asked) : new Promise(() => undefined);
    },
  });
}
