import { withDatabases } from './database.ts';
import { drive, forSeconds } from './drive.ts';
import type { Pace } from './kernel.ts';
import { openLoneNode } from './lone-node.ts';
import { limitOf, meterNode } from './machine.ts';
import { phasesOf } from './notes.ts';
import { medians, type Result } from './report.ts';

/** Transfers whose phases wait at a time; the baseline has one, so that each batch is one message. */
const underWay = 2_000;

/** Two-phase transfers a second of one node: an amount held by one command and booked by the next, each durable before the next. */
export function benchLedger(pace: Pace): Promise<Result> {
  return withDatabases(async (databases) => {
    const { node, close } = await openLoneNode(await databases.fresh('ledger'), () => undefined);
    const run = async (concurrent: number, seconds: number) => {
      const stop = meterNode(databases.pid);
      const until = forSeconds(seconds);
      const count = await drive(node, { underWay: concurrent, until, work: phasesOf });
      const spent = stop();
      return { perSecond: (count * 1000) / spent.wallMs, spent };
    };
    pace.told('ledger, warming up');
    await run(underWay, Math.max(9, pace.seconds));
    const rounds: Record<'many' | 'one', number>[] = [];
    let limit = '';
    for (let round = 1; round <= pace.rounds; round++) {
      pace.told(`ledger ${round}/${pace.rounds}`);
      const many = await run(underWay, pace.seconds);
      const one = await run(1, pace.seconds);
      rounds.push({ many: many.perSecond, one: one.perSecond });
      limit = limitOf(many.spent);
    }
    await close();
    const { many, one } = medians(rounds);
    return {
      figures: { transfersPerSecond: many },
      baselines: { oneAtATime: one },
      ratios: { oneAtATime: many / one },
      cpuMicros: {},
      limit,
      goals: [{ of: 'oneAtATime', least: 10 }],
    };
  });
}
