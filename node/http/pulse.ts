import type { StreamState } from '@yitong/kernel';
import { addRoute, type Door } from './context.ts';

/** Milliseconds for which a count is told again without asking the database, and for which counts are remembered for the pace. */
const freshMs = 5_000;
const rememberedMs = 60_000;
/** Shortest span, in milliseconds, from which a pace is told. */
const paceMs = 15_000;

/**
 * Counts are told rounded down to tens, the time of a receipt to a quarter of an hour: by an exact count whoever saw one person enter a hospital would see
 * with which member the next batch was exchanged, and so where that person is insured.
 */
const countStep = 10;
const receiptStepMs = 15 * 60_000;
const coarse = (n: number, step = countStep): number => Math.floor(n / step) * step;

/** Signed batches that went to a peer and came from it, ever. */
interface Counts {
  readonly sent: number;
  readonly received: number;
}

interface Sample {
  readonly at: number;
  readonly peers: ReadonlyMap<string, Counts>;
}

/** What anybody may see of a node's work: which members it reaches, and how many signed batches pass; counts only, never of what. */
export function addPulse(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/pulse',
    permission: { who: 'public' },
    live: true,
    handle: pulseTeller(door),
  });
}

function pulseTeller(door: Door): () => Promise<unknown> {
  const samples: Sample[] = [];
  let under: Promise<Sample> | undefined;
  const newest = async (): Promise<Sample> => {
    const now = door.clock.now();
    const last = samples.at(-1);
    if (last !== undefined && now - last.at < freshMs) return last;
    under ??= sampled(door, samples).finally(() => {
      under = undefined;
    });
    return under;
  };
  return async () => pulseOf(door, await newest(), samples[0]);
}

async function sampled({ reader, clock }: Door, samples: Sample[]): Promise<Sample> {
  const peers = countsOf(await reader.streams());
  const sample = { at: clock.now(), peers };
  samples.push(sample);
  while (samples.length > 1 && sample.at - (samples[0]?.at ?? 0) > rememberedMs) samples.shift();
  return sample;
}

function countsOf(streams: readonly StreamState[]): ReadonlyMap<string, Counts> {
  const found = new Map<string, Counts>();
  for (const { peer, sentSeq, receivedSeq } of streams) {
    const before = found.get(peer) ?? { sent: 0, received: 0 };
    found.set(peer, { sent: before.sent + sentSeq, received: before.received + receivedSeq });
  }
  return found;
}

function pulseOf({ node, config }: Door, now: Sample, before: Sample | undefined): unknown {
  const span = now.at - (before?.at ?? now.at);
  const pace = (peer: string, of: keyof Counts): number | null => {
    if (before === undefined || span < paceMs) return null;
    const passed = (now.peers.get(peer)?.[of] ?? 0) - (before.peers.get(peer)?.[of] ?? 0);
    return coarse((passed * 60_000) / span);
  };
  const { peers, ready } = node.status();
  return {
    member: config.member,
    ready,
    asOf: new Date(now.at).toISOString(),
    peers: peers.map(({ member, reachable, lastReceipt }) => ({
      member,
      reachable,
      lastReceipt:
        lastReceipt === undefined ? null : new Date(coarse(lastReceipt, receiptStepMs)).toISOString(),
      sent: coarse(now.peers.get(member)?.sent ?? 0),
      received: coarse(now.peers.get(member)?.received ?? 0),
      sentPerMinute: pace(member, 'sent'),
      receivedPerMinute: pace(member, 'received'),
    })),
  };
}
