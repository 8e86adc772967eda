import type { Environment } from '../runtime/environment.ts';
import type { Lease } from '../store/store.ts';
import type { Siblings } from './siblings.ts';

/** Beats that a partition which another process should hold is left to it. */
const patienceBeats = 5;

/** The process's hold on its partitions: taken, renewed at every beat, taken again when lost (K35). */
export class Leases {
  readonly #env: Environment;
  readonly #holder: { readonly name: string; readonly address: string };
  readonly #siblings: Siblings;
  #held: readonly Lease[] = [];
  #stopped = true;
  #beat: (() => void) | undefined;

  constructor(env: Environment, siblings: Siblings, name: string) {
    this.#env = env;
    this.#siblings = siblings;
    this.#holder = { name, address: siblings.address ?? name };
  }

  get held(): readonly Lease[] {
    return this.#held;
  }

  /** Resolves when all partitions are held, however often the database is away meanwhile; one of several processes takes what is free of its own. */
  async acquire(partitions: readonly number[]): Promise<void> {
    this.#stopped = false;
    const wanted = partitions.filter((one) => this.#siblings.prefers(one));
    for (;;) {
      const lacking = wanted.filter((one) => !this.#held.some((lease) => lease.partition === one));
      this.#held = [...this.#held, ...(await this.#take(lacking))];
      await this.#look();
      if (this.#held.length === partitions.length || this.#siblings.are) return;
      await this.pause();
    }
  }

  /** Keeps the leases alive until `stop`; tells of each that is another's now. While the database is away none is known to be. */
  renew(lost: (partition: number) => void): void {
    this.#beat = this.#env.clock.after(this.#env.limits.beatMs, () => {
      const before = this.#held;
      void this.#env.store
        .renew(before, this.#holder.name)
        .then((still) => {
          for (const { partition } of before) if (!still.includes(partition)) lost(partition);
        })
        .catch((error: unknown) => this.#env.log.warn('leases not renewed', { error: String(error) }))
        .then(() => this.#look())
        .finally(() => {
          if (!this.#stopped) this.renew(lost);
        });
    });
  }

  /** Takes a partition that is not held; undefined when the node stops meanwhile. What another process should hold is left to it for a while. */
  async retake(partition: number): Promise<Lease | undefined> {
    this.#held = this.#held.filter((lease) => lease.partition !== partition);
    const isOwn = this.#siblings.prefers(partition);
    for (let beats = isOwn ? 0 : patienceBeats * 2; beats > 0 && !this.#stopped; beats -= 1)
      await this.pause();
    while (!this.#stopped) {
      const [lease] = await this.#take([partition]);
      if (lease) {
        this.#held = [...this.#held, lease];
        return lease;
      }
      // Who holds it in this one's place is asked to let it go.
      const isFree = isOwn && this.#siblings.holds(partition) && (await this.#asked(partition));
      if (!isFree) await this.pause();
    }
    return undefined;
  }

  /** Another process may take the partition, which has no writer here any more. */
  async letGo(lease: Lease): Promise<void> {
    this.#held = this.#held.filter((one) => one.partition !== lease.partition);
    await this.#env.store.release([lease], this.#holder.name);
  }

  /** Nothing is renewed or taken any more. */
  stop(): void {
    this.#stopped = true;
    this.#beat?.();
  }

  async release(): Promise<void> {
    await this.#env.store.release(this.#held, this.#holder.name);
    this.#held = [];
  }

  /** A moment before the next try. */
  pause(): Promise<void> {
    return new Promise((resolve) => this.#env.clock.after(this.#env.limits.beatMs / 2, resolve));
  }

  #take(partitions: readonly number[]): Promise<readonly Lease[]> {
    const { name, address } = this.#holder;
    return this.#env.store.acquire(partitions, name, address).catch((error: unknown) => {
      this.#env.log.warn('leases not taken', { error: String(error) });
      return [];
    });
  }

  #asked(partition: number): Promise<boolean> {
    return this.#siblings.ask(partition, 0, 'hand', partition).catch((error: unknown) => {
      this.#env.log.warn('a partition was not handed over', { partition, error: String(error) });
      return false;
    });
  }

  #look(): Promise<void> {
    return this.#siblings
      .look()
      .catch((error: unknown) => this.#env.log.warn('leases not read', { error: String(error) }));
  }
}
