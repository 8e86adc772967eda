import { Session } from 'node:inspector';
import { setTimeout as pause } from 'node:timers/promises';
import type { KernelNode } from '@yitong/kernel';

/** Something whose memory may be given back while it has nothing to do. */
export interface Resting {
  /** Lets go what is only kept to be quick; whatever comes meanwhile is done as ever. Resolves with the batches done so far. */
  rest(): Promise<number>;
}

/** Looks at intervals of so many milliseconds; quiet is at most this share of one core. */
const lookMs = 10_000;
const quietShare = 0.05;
/** Milliseconds for which nothing may happen before a rest, and for which that is waited for at most. */
const quietMs = 200;
const quietLimitMs = 5_000;
/** Bytes of heap that must have come since the last rest: a collection stops everything for some tenths of a second. */
const worthBytes = 16 * 2 ** 20;

/** Rests by itself whenever it was busy and then quiet for a while, as V8 collects nothing while nothing happens. Returns how to end that. */
export function restWhenQuiet(resting: Resting): () => void {
  let cpu = process.cpuUsage();
  let since = performance.now();
  let lowest = Number.POSITIVE_INFINITY;
  const look = () => {
    const { user, system } = process.cpuUsage(cpu);
    const passedMs = performance.now() - since;
    cpu = process.cpuUsage();
    since = performance.now();
    const { heapUsed } = process.memoryUsage();
    lowest = Math.min(lowest, heapUsed);
    if ((user + system) / 1_000 > passedMs * quietShare || heapUsed < lowest + worthBytes) return;
    lowest = Number.POSITIVE_INFINITY;
    // What cannot rest goes on working; the next look tries again.
    void resting.rest().catch(() => undefined);
  };
  const timer = setInterval(look, lookMs).unref();
  return () => clearInterval(timer);
}

/** Waits until nothing is under way at a node, here and to its peers, as far as that comes soon. */
export async function untilQuiet(node: Pick<KernelNode, 'status'>): Promise<void> {
  let before = -1;
  for (let waitedMs = 0; waitedMs < quietLimitMs; waitedMs += quietMs) {
    const { partitions, peers } = node.status();
    const isBusy =
      partitions.some(({ queue, writing }) => queue > 0 || writing) ||
      peers.some(({ reachable, unreceipted }) => reachable && unreceipted > 0);
    const now = isBusy ? -1 : batchesOf(node);
    if (now >= 0 && now === before) return;
    before = now;
    await pause(quietMs);
  }
}

/** Batches that a node has written since it was made. */
export function batchesOf(node: Pick<KernelNode, 'status'>): number {
  return node.status().partitions.reduce((sum, { seq }) => sum + seq, 0);
}

/** Collects all garbage of this process and gives its pages back to the system, which V8 itself does only under pressure. */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  await new Promise<void>((resolve, reject) => {
    // The answer comes from inside the session, which may only be taken down after it.
    session.post('HeapProfiler.collectGarbage', (error) =>
      setImmediate(() => {
        session.disconnect();
        if (error === null) resolve();
        else reject(error);
      }),
    );
  });
}
