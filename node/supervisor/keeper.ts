import { setTimeout as pause } from 'node:timers/promises';
import { describe } from '../postgres/setup-error.ts';
import { type NodeAddresses, type NodeProcess, type NodeProgram, startNodeProcess } from './node-process.ts';

/** A node that is started again whenever it ends without being asked. */
export type KeptNode = {
  member: string;
  addresses: NodeAddresses;
  /** Its process, undefined between an end and the next start. */
  pid(): number | undefined;
  /** How often it was started again. */
  restarts(): number;
  /** Has it give back memory that only work needs; resolves with the batches it has done. */
  rest(): Promise<number>;
  stop(graceMs: number): Promise<void>;
};

/** Times in milliseconds: to become ready, first and longest wait before a new start, and what counts as stable. */
export type KeeperTimes = { readyMs: number; firstMs: number; longestMs: number; stableMs: number };

/** The times used outside tests. */
export const usualTimes: KeeperTimes = { readyMs: 60_000, firstMs: 250, longestMs: 30_000, stableMs: 15_000 };

/** Longest that a node's rest is waited for. */
const restMs = 10_000;

type Watch = {
  member: string;
  program: NodeProgram;
  times: KeeperTimes;
  notice: (text: string) => void;
  signal?: AbortSignal | undefined;
};

/** Starts a node and keeps it running; rejects when the first start fails. */
export async function keepNode(watch: Watch): Promise<KeptNode> {
  const keeper = new Keeper(watch, await startNodeProcess(watch.program, watch.times.readyMs, watch.signal));
  return {
    member: watch.member,
    addresses: keeper.addresses,
    pid: () => keeper.current?.pid,
    restarts: () => keeper.restarts,
    rest: async () => (await keeper.current?.rest(restMs)) ?? 0,
    stop: (graceMs) => keeper.stop(graceMs),
  };
}

class Keeper {
  current: NodeProcess | undefined;
  restarts = 0;
  readonly addresses: NodeAddresses;
  readonly #watch: Watch;
  readonly #stopped = new AbortController();
  readonly #loop: Promise<void>;

  constructor(watch: Watch, first: NodeProcess) {
    this.#watch = watch;
    this.current = first;
    this.addresses = first.addresses;
    this.#loop = this.#keep(first);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped.abort();
    await this.current?.stop(graceMs);
    await this.#loop;
  }

  async #keep(first: NodeProcess): Promise<void> {
    const { times, member, notice } = this.#watch;
    let running: NodeProcess | undefined = first;
    let waitMs = times.firstMs;
    while (!this.#stopped.signal.aborted) {
      const since = performance.now();
      if (running !== undefined) {
        const why = await running.over;
        this.current = undefined;
        if (this.#stopped.signal.aborted) return;
        notice(`${member}: ${why}; starting it again`);
      }
      if (running !== undefined && performance.now() - since > times.stableMs) waitMs = times.firstMs;
      await this.#pause(waitMs);
      waitMs = Math.min(waitMs * 2, times.longestMs);
      running = await this.#again();
    }
  }

  async #again(): Promise<NodeProcess | undefined> {
    if (this.#stopped.signal.aborted) return undefined;
    const { program, times, member, notice } = this.#watch;
    try {
      this.current = await startNodeProcess(program, times.readyMs, this.#stopped.signal);
      this.restarts += 1;
      notice(`${member}: runs again`);
    } catch (error) {
      if (!this.#stopped.signal.aborted) notice(`${member}: ${describe(error)}; trying again`);
    }
    return this.current;
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }
}
