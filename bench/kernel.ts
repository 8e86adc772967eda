import type { Commit, KernelNode } from '@yitong/kernel';
import { type Databases, withDatabases } from './database.ts';
import { drive, forSeconds } from './drive.ts';
import { openLoneNode, openStore } from './lone-node.ts';
import { limitOf, meterNode, type Spent } from './machine.ts';
import { inputOf, note } from './notes.ts';
import { oneByOne } from './one-by-one.ts';
import { medians, type Result } from './report.ts';

/** How long and how often to measure. */
export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
  /** With the sizes that take many minutes. */
  readonly full: boolean;
  /** The command line's program. */
  readonly yitong: string;
  told(text: string): void;
}

/** Commands that wait for their answer at a time. */
const underWay = 4_000;

/** Messages a second of one node on PostgreSQL, from the kernel's door to the commit, against the same rows written otherwise. */
export function benchKernel(pace: Pace): Promise<Result> {
  return withDatabases(async (databases) => {
    const rounds: Round[] = [];
    for (let round = 1; round <= pace.rounds; round++) {
      pace.told(`kernel ${round}/${pace.rounds}`);
      rounds.push(await oneRound(databases, pace.seconds));
    }
    return resultOf(rounds);
  });
}

interface Round {
  readonly figures: Record<
    'node' | 'raw' | 'single' | 'sixteen' | 'perBatch' | 'nodeMicros' | 'postgresMicros',
    number
  >;
  readonly spent: Spent;
}

async function oneRound(databases: Databases, seconds: number): Promise<Round> {
  const kernel = await runNode(databases, seconds);
  const raw = await replay(databases, await commitsOf(databases, seconds / 2));
  const single = await baseline(databases, 1, seconds);
  const sixteen = await baseline(databases, 16, seconds);
  const { count, spent } = kernel;
  return {
    spent,
    figures: {
      node: perSecond(count, spent.wallMs),
      raw,
      single,
      sixteen,
      perBatch: count / kernel.commits,
      nodeMicros: (spent.parts['node'] ?? Number.NaN) / count,
      postgresMicros: (spent.parts['PostgreSQL'] ?? Number.NaN) / count,
    },
  };
}

async function runNode(databases: Databases, seconds: number) {
  let commits = 0;
  const { node, close } = await openLoneNode(await databases.fresh('node'), () => void commits++);
  await write(node, Math.max(9, seconds)); // Compiled and warm, as a node is that has run for a minute.
  commits = 0;
  const stop = meterNode(databases.pid);
  const count = await write(node, seconds);
  const spent = stop();
  await close();
  await databases.drop('node');
  return { commits, count, spent };
}

/** Commits that a node makes, kept for writing them again; keeping them would slow down a node that is measured. */
async function commitsOf(databases: Databases, seconds: number): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  const { node, close } = await openLoneNode(await databases.fresh('node'), (commit) => commits.push(commit));
  await write(node, seconds);
  await close();
  await databases.drop('node');
  return commits;
}

/** Notes for so many seconds. */
function write(node: KernelNode, seconds: number): Promise<number> {
  const work = (n: number) => [{ type: note.type, input: inputOf(n) }];
  return drive(node, { underWay, until: forSeconds(seconds), work });
}

/** The same commits, prepared, through the same store into an empty database: what writing them costs at least. */
async function replay(databases: Databases, commits: readonly Commit[]): Promise<number> {
  const { store, close } = await openStore(await databases.fresh('raw'));
  const partitions = [...new Set(commits.map(({ partition }) => partition))];
  const chains = partitions.map((partition) => commits.filter((commit) => commit.partition === partition));
  await store.acquire(partitions, 'bench', '');
  const begun = performance.now();
  const counts = chains.map(async (chain) => {
    let count = 0;
    for (const commit of chain) {
      const { result } = await store.commit(commit);
      if (result !== 'done') throw new Error(`a commit ended as ${result}`);
      count += commit.seen.length;
    }
    return count;
  });
  const count = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
  const figure = perSecond(count, performance.now() - begun);
  await close();
  await databases.drop('raw');
  return figure;
}

async function baseline(databases: Databases, connections: number, seconds: number): Promise<number> {
  const { count, wallMs } = await oneByOne(await databases.fresh('plain'), connections, seconds / 2);
  await databases.drop('plain');
  return perSecond(count, wallMs);
}

const perSecond = (count: number, wallMs: number): number => (count * 1000) / wallMs;

function resultOf(rounds: readonly Round[]): Result {
  const m = medians(rounds.map(({ figures }) => figures));
  const last = rounds.at(-1);
  return {
    figures: { messagesPerSecond: m.node, messagesPerBatch: m.perBatch },
    baselines: { oneConnection: m.single, sixteenConnections: m.sixteen, rawBatches: m.raw },
    ratios: {
      oneConnection: m.node / m.single,
      sixteenConnections: m.node / m.sixteen,
      rawBatches: m.node / m.raw,
    },
    cpuMicros: { node: m.nodeMicros, PostgreSQL: m.postgresMicros },
    limit: last === undefined ? '' : limitOf(last.spent),
    goals: [
      { of: 'messagesPerSecond', least: 10_000 },
      { of: 'oneConnection', least: 8 },
      { of: 'sixteenConnections', least: 2.5 },
    ],
  };
}
