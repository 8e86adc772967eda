import { Draws } from './chance.ts';

/** Kinds of fault that a seed may bring; each can be left out by name. */
export const faultKinds = [
  'loss',
  'repeat',
  'late',
  'damage',
  'one-way',
  'partition',
  'crash',
  'clock-offset',
  'clock-drift',
  'clock-jump',
  'disk',
  'disk-full',
  'read',
  'takeover',
  'pause',
  'stop',
  'rules',
  'torn',
  'slow-peer',
  'directory',
  'revocation',
  'liar',
  'backup',
  'upgrade',
  'join',
  'leave',
] as const;
/** One of them. */
export type FaultKind = (typeof faultKinds)[number];

/** What is asked of a run: everything else follows from the seed. */
export interface Wish {
  readonly seed: number;
  readonly members: number;
  readonly bills: number;
  readonly without: readonly FaultKind[];
  /** A defect planted into every node. */
  readonly sabotage?: string;
}

/** What a seed is: the region's shape, how long it runs, what goes wrong. */
export interface Plan {
  readonly wish: Wish;
  readonly streams: number;
  /** Partitions of each member, dividing the streams; the last are of one that joins, if one does. */
  readonly partitions: readonly number[];
  readonly keys: 'fast' | 'ed25519' | 'sm2';
  /** Length of the time with faults. */
  readonly durationMs: number;
  /** Times at which bills come in numbers. */
  readonly bursts: readonly number[];
  /** People act at whole multiples of so many ms, many at once: batches and frames are large. 1: each for themselves. */
  readonly stepMs: number;
  /** The longest that a client waits before it asks again. */
  readonly clientPauseMaxMs: number;
  /** The longest that a commit takes on its way; the slower, the more goes into the next one. */
  readonly commitMaxMs: number;
  readonly beatMs: number;
  readonly checkpointMs: number;
  readonly limits: {
    readonly queue: number;
    readonly cache: number;
    readonly backOffMaxMs: number;
    readonly parkMs: number;
    readonly receiptMs: number;
    readonly directoryMs: number;
  };
  readonly kinds: ReadonlySet<FaultKind>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Kinds that make a run much longer, by how often they are brought. */
const seldom: ReadonlyMap<FaultKind, number> = new Map([
  ['backup', 0.15],
  ['upgrade', 0.2],
  ['join', 0.15],
  ['leave', 0.3],
]);

/** Draws a plan. Kinds of fault are switched on and off by seed, so that no two runs look alike; one run in twelve has none. */
export function planOf(wish: Wish): Plan {
  const draws = new Draws(wish.seed, 'plan');
  const streams = 2 ** draws.whole(1, 4);
  const partitions = Array.from({ length: wish.members }, () => Math.min(streams, 2 ** draws.whole(0, 2)));
  // Of a member that joins later.
  partitions.push(Math.min(streams, 2 ** draws.stream('joiner').whole(0, 2)));
  const durationMs = Math.round(draws.spread(2 * hourMs, 28 * dayMs));
  const bursts = Array.from({ length: draws.whole(3, 10) }, () => draws.unit() * 0.9 * durationMs);
  const isQuiet = draws.happens(1 / 12);
  // A stream of its own for each kind: one kind more does not change all the others.
  const isIn = (kind: FaultKind): boolean => draws.stream(kind).happens(seldom.get(kind) ?? 0.45);
  const kinds = faultKinds.filter((kind) => !isQuiet && !wish.without.includes(kind) && isIn(kind));
  const limits = {
    queue: draws.pick([50, 2_000, 20_000]),
    cache: draws.pick([0, 40_000, 600_000, 1e9]),
    backOffMaxMs: Math.round(draws.spread(5 * minuteMs, hourMs)),
    parkMs: draws.pick([50, 300, 2_000]),
    receiptMs: draws.pick([0, 50, 1_000]),
    directoryMs: Math.round(Math.max(minuteMs, durationMs / 100)),
  };
  return {
    wish,
    streams,
    partitions,
    keys: wish.seed % 20 === 7 ? (wish.seed % 40 === 7 ? 'ed25519' : 'sm2') : 'fast',
    durationMs,
    bursts,
    stepMs: draws.pick([1, minuteMs, 10 * minuteMs, 30 * minuteMs]),
    clientPauseMaxMs: Math.round(draws.spread(15 * minuteMs, 4 * hourMs)),
    commitMaxMs: draws.pick([20, 300, 1_000]),
    beatMs: Math.max(5_000, Math.round(durationMs / 500)),
    checkpointMs: Math.round(Math.max(10 * minuteMs, durationMs / draws.whole(5, 60))),
    limits,
    kinds: new Set(kinds),
  };
}
