import { takeCheckpoint } from '../journal/proofs.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Lease } from '../store/store.ts';
import type { Leases } from './leases.ts';

/** Signs the state of the node's journals every ten minutes and when it stops, as the holder of partition 0 (K29). */
export class Checkpoints {
  readonly #env: Environment;
  readonly #leases: Leases;
  /** Has a checkpoint cosigned that was written under the lease of that epoch. */
  readonly #cosign: (epoch: number) => Promise<void>;
  #cancel: (() => void) | undefined;
  #underWay: Promise<string> | undefined;

  constructor(env: Environment, leases: Leases, cosign: (epoch: number) => Promise<void>) {
    this.#env = env;
    this.#leases = leases;
    this.#cosign = cosign;
  }

  /** From now on, each time the limit has passed. */
  start(): void {
    this.#cancel = this.#env.clock.after(this.#env.limits.checkpointMs, () => {
      void this.#quietly(() => this.takeCosigned()).finally(() => {
        if (this.#cancel) this.start();
      });
    });
  }

  /** The checkpoint's text; one at a time. Errors: not the holder of partition 0, or another process wrote the tree. */
  take(): Promise<string> {
    this.#underWay ??= this.#take().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** The same, and two members have cosigned it, if they could be reached. */
  async takeCosigned(): Promise<string> {
    const text = await this.take();
    const lease = this.#lease;
    if (lease) await this.#cosign(lease.epoch);
    return text;
  }

  /** The last one, once no writer writes any more; its cosignatures are asked for by the next start's first. */
  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#quietly(() => this.take());
  }

  get #lease(): Lease | undefined {
    return this.#leases.held.find(({ partition }) => partition === 0);
  }

  async #take(): Promise<string> {
    const lease = this.#lease;
    if (!lease) throw new Error('partition 0 is not held here');
    if (this.#env.outdated !== undefined) throw new Error(this.#env.outdated);
    const { store, scene } = this.#env;
    const partitions = Array.from({ length: scene.partitions }, (_, partition) => partition);
    const tails = await Promise.all(partitions.map((partition) => store.tail(partition)));
    const seqs = tails.map((tail) => tail.journal.seq);
    return takeCheckpoint(this.#env, lease.epoch, seqs);
  }

  /** A node that cannot sign now signs more the next time: people are told. */
  async #quietly(take: () => Promise<string>): Promise<void> {
    if (!this.#lease) return;
    await take().catch((error: unknown) => this.#env.log.error('no checkpoint', { error: String(error) }));
  }
}
