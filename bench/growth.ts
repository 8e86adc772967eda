import { type Databases, withDatabases } from './database.ts';
import { drive, forSeconds } from './drive.ts';
import type { Pace } from './kernel.ts';
import { openLoneNode } from './lone-node.ts';
import { meterNode } from './machine.ts';
import { inputOf, note } from './notes.ts';
import { medians, type Result } from './report.ts';

const underWay = 4_000;
const work = (n: number) => [{ type: note.type, input: inputOf(n) }];

/**
 * The server as whoever keeps so much sets it up. With the 64 MB of the demonstration's server the pages of 100,000 messages no longer
 * fit: a message reads 0.3 of them anew, with 300,000 stored 0.7.
 */
const server = { sharedBuffersMb: 1_024 };

/** Messages stored when a node is measured; the two large ones take minutes to fill, and come with `--full`. */
const sizes = { usual: [10_000, 100_000], full: [10_000, 100_000, 1_000_000, 10_000_000] } as const;

/** What a message costs, CPU of node and PostgreSQL together, when ever more of them lie in the database. */
export function benchGrowth(pace: Pace): Promise<Result> {
  return withDatabases(async (databases) => {
    pace.told('growth, warming up');
    await warm(databases);
    const { node, close } = await openLoneNode(await databases.fresh('growth'), () => undefined);
    const named: [string, number][] = [];
    let stored = 0;
    for (const size of pace.full ? sizes.full : sizes.usual) {
      pace.told(`growth ${size}: filling`);
      stored += await drive(node, { underWay, until: (done) => stored + done >= size - underWay, work });
      const rounds: { micros: number }[] = [];
      for (let round = 0; round < pace.rounds; round++) {
        const stop = meterNode(databases.pid);
        const count = await drive(node, { underWay, until: forSeconds(pace.seconds), work });
        const { parts } = stop();
        stored += count;
        rounds.push({ micros: Object.values(parts).reduce((sum, one) => sum + one, 0) / count });
      }
      const { micros } = medians(rounds);
      pace.told(`growth ${size}: ${micros.toFixed(0)} µs`);
      named.push([`microsAt${size}`, micros]);
    }
    await close();
    const [first, last] = [named[0]?.[1] ?? Number.NaN, named.at(-1)?.[1] ?? Number.NaN];
    return {
      figures: Object.fromEntries(named),
      baselines: {},
      ratios: { lastToFirst: last / first },
      cpuMicros: {},
      limit: `${stored} messages stored at the end`,
      goals: [{ of: 'lastToFirst', most: 1.2 }],
    };
  }, server);
}

/** Compiled and warm, on a database of its own: the first size must not be dearer for that. */
async function warm(databases: Databases): Promise<void> {
  const { node, close } = await openLoneNode(await databases.fresh('warm'), () => undefined);
  await drive(node, { underWay, until: forSeconds(12), work });
  await close();
  await databases.drop('warm');
}
