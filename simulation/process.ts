import {
  type Commit,
  createNode,
  type KernelNode,
  type Log,
  type NodeOptions,
  openMemoryStore,
  type PeerAnswer,
} from '@yitong/kernel';
import type { Draws } from './chance.ts';
import type { MachineClock } from './clock.ts';
import type { CommitFault, Disk } from './disk.ts';
import type { Sabotage } from './sabotage/sabotage.ts';
import type { World } from './world.ts';

/** What a process stands on and who decides what goes wrong in it. */
export interface ProcessOptions {
  readonly world: World;
  readonly name: string;
  readonly clock: MachineClock;
  readonly draws: Draws;
  readonly disk: Disk;
  /** The longest that a commit takes on its way to the database, and its answer back. */
  readonly commitMaxMs: number;
  readonly sabotage: Sabotage | undefined;
  readonly node: Omit<
    NodeOptions,
    'store' | 'reader' | 'clock' | 'chance' | 'peers' | 'point' | 'holder' | 'log'
  >;
  /** Whether the process dies at this point, now. */
  readonly dies: (point: string) => boolean;
  readonly commitFault: (commit: Commit) => CommitFault | undefined;
  /** Whether this read of the database fails. */
  readonly readFails: () => boolean;
  /** `what`: the address asked; a frame's is `batches`. */
  readonly carry: (
    to: string,
    what: string,
    frame: Uint8Array,
    answered: (answer: PeerAnswer | undefined) => void,
  ) => void;
  /** An error that it noted. */
  readonly failed: (facts: Readonly<Record<string, unknown>>) => void;
  /** The process is gone, of itself or by a point. */
  readonly died: (why: string) => void;
}

/** What a process that is gone waits for; one for each, so that what waits can be forgotten with its run. */
const never = (): Promise<never> => new Promise(() => undefined);
const patienceMs = 10_000;

/** One running node: killed, it never does anything again; what it had written stays. */
export class Process {
  readonly name: string;
  readonly node: KernelNode;
  started = false;
  #alive = true;
  #frozenUntil = 0;
  readonly #options: ProcessOptions;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.name = options.name;
    const { clock, draws, disk, node, name } = options;
    const { store, reader } = openMemoryStore({
      database: disk,
      step: (call) => this.#step(call),
      fault: options.commitFault,
    });
    this.node = this.#made({
      ...node,
      store,
      reader,
      holder: name,
      chance: draws,
      clock: {
        now: () => clock.wall(),
        monotonic: () => clock.monotonic(),
        after: (ms, run) => this.later(clock.true(ms), run),
      },
      peers: {
        batch: (to, frame) => this.#send(to, 'batches', frame),
        ask: (to, what, body) => this.#send(to, what, body ?? new Uint8Array()),
      },
      point: (point) => this.#point(point),
      log: this.#log(),
    });
  }

  /** The node, with a defect in it if one is to be planted. */
  #made(options: NodeOptions): KernelNode {
    const { sabotage, draws, disk } = this.#options;
    if (!sabotage) return createNode(options);
    const later = (ms: number, run: () => void): void => void this.later(ms, run);
    const tools = { draws: draws.stream('sabotage'), disk, later };
    const node = (sabotage.build ?? createNode)(sabotage.plant?.(options, tools) ?? options, tools);
    return sabotage.wrap?.(node, tools) ?? node;
  }

  get alive(): boolean {
    return this.#alive;
  }
  get frozen(): boolean {
    return this.#options.world.now < this.#frozenUntil;
  }

  start(): void {
    this.node.start().then(
      () => {
        this.started = true;
      },
      (error: unknown) => this.die(`start: ${String(error)}`),
    );
  }

  /** As `SIGTERM`: what is under way is finished, leases are let go. */
  stop(): void {
    const ended = (): void => this.die('stopped');
    this.node.stop().then(ended, ended);
  }

  /** As `kill -9`: from now on nothing of it happens. */
  die(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#options.died(why);
  }

  /** As `SIGSTOP`: nothing of it happens until then. */
  freeze(until: number): void {
    this.#frozenUntil = until;
  }
  thaw(): void {
    this.#frozenUntil = Math.min(this.#frozenUntil, this.#options.world.now);
  }

  /** Something of this process that happens later, if it still lives; returns what takes it back. */
  later(ms: number, run: () => void): () => void {
    const { world } = this.#options;
    const go = (): void => {
      if (!this.#alive) return;
      if (this.frozen) takeBack = world.after(this.#frozenUntil - world.now, go);
      else run();
    };
    let takeBack = world.after(ms, go);
    return () => takeBack();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  async #step(call: string): Promise<void> {
    const { draws, readFails, commitMaxMs } = this.#options;
    if (!this.#alive || this.#dies(`store:${call}`)) return never();
    const writes = call === 'commit' || call === 'committed';
    if (writes || this.frozen || draws.happens(0.1))
      await this.#wait(draws.spread(0.5, writes ? commitMaxMs : 20));
    if (!this.#alive) return never();
    if (writes || !readFails()) return;
    this.#options.world.count('read.failed');
    throw new Error(`the connection to the database broke (${call})`);
  }

  async #point(name: string): Promise<void> {
    if (!this.#alive || this.#dies(name)) return never();
    if (this.frozen || this.#options.draws.happens(0.05))
      await this.#wait(this.#options.draws.spread(0.5, 50));
    if (!this.#alive) return never();
  }

  #dies(point: string): boolean {
    this.#options.world.visited.add(point);
    if (!this.#options.dies(point)) return false;
    this.die(point);
    return true;
  }

  #send(to: string, what: string, frame: Uint8Array): Promise<PeerAnswer> {
    if (!this.#alive) return never();
    return new Promise((resolve, reject) => {
      const stop = this.later(patienceMs, () => reject(new Error(`no answer within ${patienceMs} ms`)));
      this.#options.carry(to, what, frame, (answer) => {
        stop();
        this.later(0, () => (answer ? resolve(answer) : reject(new Error('the connection broke'))));
      });
    });
  }

  #log(): Log {
    const { world, name, failed } = this.#options;
    const note = (level: string) => (event: string, facts?: Readonly<Record<string, unknown>>) => {
      if (!this.#alive) return;
      world.note(name, level, event, facts ?? null);
      if (level === 'error') failed(facts ?? {});
    };
    return { info: note('info'), warn: note('warn'), error: note('error') };
  }
}
