import type { StreamState } from '@yitong/kernel';
import { watchers } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';

/** Milliseconds between two counts, and how many are remembered: an hour. */
const everyMs = 60_000;
const keptMax = 61;

interface Sample {
  readonly at: number;
  /** By peer: signed batches sent and received so far. */
  readonly counts: ReadonlyMap<string, number>;
  readonly away: readonly string[];
  /** Batches in this node's own journals, and bytes of memory. */
  readonly journal: number;
  readonly memory: number;
}

/** Counts of the last hour, minute by minute, since this process began: what the charts of operators are drawn from. */
export function addRates(door: Door): void {
  const samples: Sample[] = [];
  let stop = (): void => undefined;
  const count = (): void => {
    stop = door.clock.after(everyMs, count);
    if (!door.node.status().ready) return;
    // A count that fails is a gap in the chart, and said by the log; the next one is tried all the same.
    sampled(door).then(
      (sample) => {
        samples.push(sample);
        if (samples.length > keptMax) samples.shift();
      },
      (error: unknown) => door.log.warn({ detail: String(error) }, 'batches were not counted'),
    );
  };
  stop = door.clock.after(1_000, count);
  door.app.addHook('onClose', async () => stop());
  addRoute(door, {
    method: 'GET',
    url: '/status/history',
    permission: watchers,
    handle: () => historyOf(door, samples),
  });
}

async function sampled({ reader, clock, node }: Door): Promise<Sample> {
  const { peers, partitions } = node.status();
  const counts = countsOf(await reader.streams());
  return {
    at: clock.now(),
    counts,
    away: peers.filter(({ reachable }) => !reachable).map(({ member }) => member),
    journal: partitions.reduce((sum, { seq }) => sum + seq, 0),
    memory: process.memoryUsage().rss,
  };
}

function countsOf(streams: readonly StreamState[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { peer, sentSeq, receivedSeq } of streams)
    found.set(peer, (found.get(peer) ?? 0) + sentSeq + receivedSeq);
  return found;
}

/** What passed in each minute, not what had passed so far. */
function historyOf({ config, node, clock }: Door, samples: readonly Sample[]): unknown {
  const members = node.status().peers.map(({ member }) => member);
  const minutes = samples.slice(1).map((now, i) => {
    const before = samples[i] ?? now;
    const passed = (member: string) => (now.counts.get(member) ?? 0) - (before.counts.get(member) ?? 0);
    return {
      at: new Date(now.at).toISOString(),
      batches: Object.fromEntries(members.map((member) => [member, passed(member)])),
      away: now.away,
      journal: now.journal - before.journal,
      memory: now.memory,
    };
  });
  return { member: config.member, asOf: new Date(clock.now()).toISOString(), minutes };
}
