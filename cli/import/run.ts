import { renameSync } from 'node:fs';
import type { DemonstrationPeople, Intake, SystemType } from '@yitong/kit';
import type { Connection } from '../connect.ts';
import { readInput } from '../input.ts';
import { linesOf } from '../json/lines.ts';
import { duration, type Progress, whole } from '../progress.ts';
import type { Job } from './job.ts';
import { claim } from './lock.ts';
import { moneyFields } from './money.ts';
import { run } from './pass.ts';
import { type Found, lookThrough, ResultsFile, rowsOf } from './results.ts';
import type { Row } from './rows.ts';
import type { Door } from './send.ts';
import { Summary } from './summary.ts';
import { lineBytesMax } from './tasks.ts';

/** An import as it is to be done. */
export interface Plan {
  readonly file: string;
  /** How many lines the file has. */
  readonly lines: number;
  readonly results: string;
  readonly job: Job;
  readonly system: SystemType;
  readonly intake: Intake;
  readonly people: DemonstrationPeople;
  readonly connection: Connection;
  readonly parallel: number;
  readonly waitSeconds: number;
  readonly again: boolean;
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  readonly bars: Progress;
}

/** What came of an import: its sums, and whether it ran to the end of the file. */
export interface Outcome {
  readonly summary: Summary;
  readonly finished: boolean;
}

/** Turns after the first, in which lines that had not ended are asked for again. */
const laterTurns = 3;

/** Sends what has no row yet, then asks again for lines that had not ended. The results file is whole after each row. */
export async function runImport(plan: Plan): Promise<Outcome> {
  const release = claim(plan.results);
  try {
    const found = await earlierResults(plan);
    let outcome = await onePass(plan, found, true);
    for (let turn = 0; turn < laterTurns && outcome.finished && outcome.summary.unsettled > 0; turn++) {
      const before = outcome.summary.unsettled;
      outcome = await onePass(plan, undefined, false);
      if (outcome.summary.unsettled === before) break;
    }
    return outcome;
  } finally {
    release();
  }
}

/** The results so far; those of another file or of an earlier region are put aside. */
async function earlierResults({ results, job, again }: Plan): Promise<Found | undefined> {
  const found = await lookThrough(results);
  if (found === undefined) return undefined;
  const isOurs =
    found.job?.sha256 === job.sha256 && found.job.started === job.started && found.job.member === job.member;
  if (isOurs && !again) return found;
  renameSync(results, `${results}.before`);
  return undefined;
}

/** `append`: goes on behind the rows that are there. Else all rows are written anew, and only lines without an end are sent. */
async function onePass(plan: Plan, found: Found | undefined, append: boolean): Promise<Outcome> {
  const { results, job, intake, people, parallel, stop } = plan;
  const summary = new Summary(moneyFields(plan.system));
  const after = found?.lastLine ?? 0;
  if (after > 0) for await (const row of rowsOf(results, after)) summary.add(row);
  const file = new ResultsFile(append ? results : `${results}.new`, found?.resumeAt ?? 0);
  if (file.isEmpty) file.header(job);
  const bar = plan.bars.bar(append ? 'import' : 'asking again', plan.lines, 'lines');
  const pace = new Rate(plan.lines, after);
  const write = (row: Row) => {
    file.add(row);
    summary.add(row);
    bar.update(row.line, pace.next(row.line));
  };
  const earlier = append ? undefined : rowsOf(results, Number.POSITIVE_INFINITY);
  try {
    const lines = linesOf(readInput(plan.file), lineBytesMax);
    const door = doorOf(plan);
    const finished = await run({ job, intake, people, parallel, stop, door, lines, after, earlier, write });
    if (finished) bar.update(plan.lines, pace.next(plan.lines)); // The last lines may be empty ones.
    if (!append && finished) file.replace(results);
    return { summary, finished };
  } finally {
    file.close();
    await earlier?.return(undefined);
    bar.stop();
  }
}

function doorOf({ connection, intake, waitSeconds, patienceMs, stop }: Plan): Door {
  return {
    api: connection.api,
    path: `/${intake.command.type}`,
    waitSeconds,
    patience: { ms: patienceMs, signal: stop },
  };
}

/** Rate of lines whose rows are written, and the time that the rest of the file takes at this pace. */
class Rate {
  readonly #total: number;
  readonly #since = performance.now();
  readonly #before: number;

  /** `before`: lines whose rows were there already. */
  constructor(total: number, before: number) {
    this.#total = total;
    this.#before = before;
  }

  next(line: number): string {
    const done = line - this.#before;
    const seconds = Math.max((performance.now() - this.#since) / 1000, 0.001);
    const left = done <= 0 ? 0 : (seconds * (this.#total - line)) / done;
    const rest = left < 1 ? '' : `  ${duration(left)} left`;
    return `line ${whole(line)} of ${whole(this.#total)}  ${whole(done / seconds)}/s${rest}`;
  }
}
