import { setTimeout as pause } from 'node:timers/promises';
import { uuidOf } from '@yitong/kernel';
import { type RunningRegion, systemChance } from '@yitong/node';
import { type Bill, billsAt } from './bills.ts';
import type { Door } from './door.ts';
import { Flooder } from './flooder.ts';
import { isEnd, toldOfCommand } from './told.ts';

const path = '/medical-settlement/present-bill';
const chance = systemChance();
/** More than a node takes on two cores. */
const perSecondMax = 4_000;
/** Bills under way at a time while they are timed. */
const workers = 4;

/** How long bills take, in ms. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** What a flood by one member does to the bills of another. */
export interface FloodReport {
  readonly without: Latency;
  readonly with: Latency;
  /** Messages of the flood that were taken a second, and how often it was told to come later. */
  readonly perSecond: number;
  readonly toldToWait: number;
  /** Bills that were begun beside the flood and did not end. */
  readonly unended: number;
}

/** Who floods whom, and whose bills are timed. */
interface Parties {
  readonly care: string;
  readonly insured: string;
  readonly flooder: string;
}

/** Times bills between two members, alone and while a third one floods the one that pays. The third one's own node stands still meanwhile. */
export async function measureFlood(
  door: Door,
  region: RunningRegion,
  { care, insured, flooder }: Parties,
  { floodSeconds, told }: { readonly floodSeconds: number; told(text: string): void },
): Promise<FloodReport> {
  const bills = billsAt(care, [insured, care], 2);
  const persons = Array.from({ length: 40 }, () => String(bills.next().value?.['person']));
  await timed(door, bills, floodSeconds / 2); // Warms up.
  const without = await timed(door, bills, floodSeconds);
  const own = region.members.find(({ code }) => code === flooder);
  const messages = floodSeconds * perSecondMax;
  const peer = new Flooder(own?.config ?? '', insured, region.directory, { persons, messages });
  const pid = own?.pid();
  if (pid === undefined) throw new Error(`${flooder} does not run`);
  const stop = new AbortController();
  process.kill(pid, 'SIGSTOP');
  try {
    const began = performance.now();
    const flood = peer.flood(stop.signal);
    await pause(1_000);
    const beside = await timed(door, bills, floodSeconds);
    stop.abort();
    const { taken, toldToWait } = await flood;
    const perSecond = Math.round((taken * 1_000) / (performance.now() - began));
    told(`flood of ${perSecond} messages a second: ${JSON.stringify({ without, with: beside })}`);
    return { without, with: beside, perSecond, toldToWait, unended: beside.unended };
  } finally {
    process.kill(pid, 'SIGCONT');
    peer.close();
  }
}

async function timed(
  door: Door,
  bills: Iterator<Bill>,
  seconds: number,
): Promise<Latency & { readonly unended: number }> {
  const until = performance.now() + seconds * 1_000;
  const times: number[] = [];
  let unended = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      const id = uuidOf(Date.now(), chance.bytes(10));
      const headers = { prefer: 'wait=30, return=minimal', 'idempotency-key': id };
      const body: Bill | undefined = bills.next().value;
      const answer = await door.ask({ method: 'POST', path, headers, body, limitMs: 60_000 });
      times.push(performance.now() - began);
      if (!answer || !isEnd(toldOfCommand(answer))) unended += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0);
  return { p50: at(0.5), p99: at(0.99), unended };
}
