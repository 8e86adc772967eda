import { systems } from '@yitong/systems';
import { reportOf } from './report.ts';
import { runSeed } from './run.ts';
import type { Task } from './run-crew.ts';

// A process of `run-crew.ts`: runs the seeds it is told, one after another.
process.on('message', ({ wish, trace }: Task) => {
  void runSeed(wish, systems).then((outcome) => process.send?.(reportOf(outcome, trace)));
});
