import type { Environment } from '../runtime/environment.ts';
import type { Lease } from '../store/store.ts';

/** The node's hold on its partitions: taken, renewed at every beat, taken again when lost (K35). */
export class Leases {
  readonly #env: Environment;
  readonly #holder: string;
  #held: readonly Lease[] = [];
  #stopped = true;
  #beat: (() => void) | undefined;

  constructor(env: Environment, holder: string) {
    this.#env = env;
    this.#holder = holder;
  }

  get held(): readonly Lease[] {
    return this.#held;
  }

  /** Resolves when all partitions are held, however often the database is away meanwhile. */
  async acquire(partitions: readonly number[]): Promise<void> {
    this.#stopped = false;
    for (;;) {
      const lacking = partitions.filter((one) => !this.#held.some((lease) => lease.partition === one));
      const taken = await this.#env.store
        .acquire(lacking, this.#holder, this.#holder)
        .catch((error: unknown) => {
          this.#env.log.warn('leases not taken', { error: String(error) });
          return [];
        });
      this.#held = [...this.#held, ...taken];
      if (this.#held.length === partitions.length) return;
      await this.pause();
    }
  }

  /** Keeps the leases alive until `stop`; tells of each that is another's now. While the database is away none is known to be. */
  renew(lost: (partition: number) => void): void {
    this.#beat = this.#env.clock.after(this.#env.limits.beatMs, () => {
      const before = this.#held;
      void this.#env.store
        .renew(before, this.#holder)
        .then((still) => {
          for (const { partition } of before) if (!still.includes(partition)) lost(partition);
        })
        .catch((error: unknown) => this.#env.log.warn('leases not renewed', { error: String(error) }))
        .finally(() => {
          if (!this.#stopped) this.renew(lost);
        });
    });
  }

  /** Takes a lost partition again; undefined when the node stops meanwhile. */
  async retake(partition: number): Promise<Lease | undefined> {
    this.#held = this.#held.filter((lease) => lease.partition !== partition);
    while (!this.#stopped) {
      const [lease] = await this.#env.store.acquire([partition], this.#holder, this.#holder).catch(() => []);
      if (lease) {
        this.#held = [...this.#held, lease];
        return lease;
      }
      await this.pause();
    }
    return undefined;
  }

  /** Nothing is renewed or taken any more. */
  stop(): void {
    this.#stopped = true;
    this.#beat?.();
  }

  async release(): Promise<void> {
    await this.#env.store.release(this.#held, this.#holder);
    this.#held = [];
  }

  /** A moment before the next try. */
  pause(): Promise<void> {
    return new Promise((resolve) => this.#env.clock.after(this.#env.limits.beatMs / 2, resolve));
  }
}
