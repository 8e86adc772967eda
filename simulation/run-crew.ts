import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Wish } from './plan.ts';
import type { SeedReport } from './report.ts';

/** What a worker is asked: one run, and how many lines of its trace to show should it fail. */
export interface Task {
  readonly wish: Wish;
  readonly trace: number;
}

/** Processes that run seeds. */
export class Crew {
  readonly #workers: readonly ChildProcess[];

  constructor(jobs: number) {
    this.#workers = Array.from({ length: jobs }, started);
  }

  /** `told` hears each report in the order of the tasks, and says whether to go on. Errors: throws when a worker dies. */
  async run(tasks: readonly Task[], told: (report: SeedReport) => boolean): Promise<void> {
    const reports = new Map<number, SeedReport>();
    const left = tasks.entries();
    let heard = 0;
    let goesOn = true;
    const tell = (): void => {
      for (let one = reports.get(heard); one && goesOn; one = reports.get(heard)) {
        reports.delete(heard);
        heard += 1;
        goesOn = told(one);
      }
    };
    const work = async (worker: ChildProcess): Promise<void> => {
      for (const [index, task] of left) {
        reports.set(index, await reportOf(worker, task));
        tell();
        if (!goesOn) return;
      }
    };
    await Promise.all(this.#workers.map(work));
  }

  stop(): void {
    for (const worker of this.#workers) worker.kill();
  }
}

function started(): ChildProcess {
  const path = fileURLToPath(new URL('./run-worker.ts', import.meta.url));
  return fork(path, [], { execArgv: ['--max-semi-space-size=32', '--import', import.meta.resolve('tsx')] });
}

function reportOf(worker: ChildProcess, task: Task): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`a worker ended with code ${code} while it ran seed ${task.wish.seed}`));
    worker.once('exit', gone);
    worker.once('message', (report) => {
      worker.off('exit', gone);
      resolve(report as SeedReport);
    });
    worker.send(task);
  });
}
