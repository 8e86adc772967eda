import { join } from 'node:path';
import type { Intake, SystemType } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { type Connection, connect } from '../connect.ts';
import { demonstrationPeople } from '../demonstration/people.ts';
import { Failure, usage } from '../failure.ts';
import { fingerprint, type Job, knownJob, storedJob } from '../import/job.ts';
import { lookThrough } from '../import/results.ts';
import { type Plan, runImport } from '../import/run.ts';
import { lineBytesMax } from '../import/tasks.ts';
import { tellSummary } from '../import/tell.ts';
import { readInput } from '../input.ts';
import { linesOf } from '../json/lines.ts';
import { readLine } from '../json/values.ts';
import { progress } from '../progress.ts';
import { stateFolder } from '../region.ts';
import { rolesFor } from '../roles.ts';
import { systemNamed } from '../systems.ts';

/** How long an import waits for a node that does not answer or is busy, seconds. */
const patience = 600;

/** Sends each line of a file as commands, with a results file of a row for each; may be stopped anywhere and resumed. */
export const run: Run = async (invocation) => {
  const { args, options, output, stop } = invocation;
  const [name = '', file = ''] = args;
  if (file === '-')
    throw usage('import needs a file, so that it can be resumed.', 'Write the lines to a file first.');
  const system = await systemNamed(name);
  const [intakeName, intake] = await intakeOf(system, file, options.text('intake'));
  const roles = rolesFor(intake.command.system, intake.command.by);
  const connection = await connect(invocation, { roles, patience });
  const bars = await progress(output);
  try {
    const { sha256, lines } = await fingerprint(file, stop);
    const results = options.text('results') ?? `${file}.results.ndjson`;
    const key = { sha256, system: system.name, intake: intakeName, member: await memberOf(connection) };
    const job = await jobOf(invocation, connection, key, results);
    const people = demonstrationPeople(connection.data);
    const what = { file, lines, results, job, intake, people, system };
    const plan: Plan = { ...read(invocation), ...what, connection, bars };
    const { summary, finished } = await runImport(plan);
    bars.stop();
    return tellSummary(output, plan, summary, finished);
  } catch (error) {
    if (!stop.aborted) throw error;
    throw new Failure('interrupted', 'Stopped.', 'The same command goes on from here.');
  } finally {
    bars.stop();
  }
};

function read({ options, stop }: Invocation) {
  return {
    parallel: options.whole('parallel', 1, 32) ?? 4,
    waitSeconds: options.whole('wait', 0, 30) ?? 20,
    again: options.flag('again'),
    patienceMs: patience * 1000,
    stop,
  };
}

/** The intake that `--intake` names, or the first that knows the file's first good line. Errors: usage. */
async function intakeOf(
  system: SystemType,
  file: string,
  wanted: string | undefined,
): Promise<readonly [string, Intake]> {
  const all = [...system.intakes];
  const known = all.map(([name, { about }]) => `${name} (${about})`).join('; ');
  if (all.length === 0) throw usage(`${system.name} takes no files.`);
  if (wanted !== undefined) {
    const named = all.find(([name]) => name === wanted);
    if (named === undefined)
      throw usage(`--intake ${wanted}: ${system.name} has none of that name.`, `It has: ${known}.`);
    return named;
  }
  let fault: string | undefined;
  for await (const line of linesOf(readInput(file), lineBytesMax)) {
    const value = readLine(line, lineBytesMax);
    if (value?.ok === true) {
      const accepting = all.find(([, intake]) => intake.accepts(value.value));
      if (accepting !== undefined) return accepting;
    } else if (value !== undefined)
      fault ??= `line ${value.line}: ${value.fault.reason}; ${value.fault.remedy}`;
    if (line.number >= 1000) break;
  }
  const remedy = fault === undefined ? `${system.name} reads: ${known}.` : `${fault}.`;
  throw usage(`${file}: no line that ${system.name} knows.`, remedy);
}

/** The member's code, from the node itself where `--url` was given. */
async function memberOf({ api, member }: Connection): Promise<string> {
  if (member !== '') return member;
  const { json } = await api.call({ method: 'GET', path: '/ready' });
  if (typeof json === 'object' && json !== null && 'member' in json) return String(json.member);
  throw usage('--at is needed with --url here.', 'Name the member whose node it is, such as --at 340000.');
}

/** The stored job of the file; the job of its older state where the results file is one's that this place knows. */
async function jobOf(
  { env }: Invocation,
  { data }: Connection,
  key: Omit<Job, 'started'>,
  results: string,
): Promise<Job> {
  const folder = join(stateFolder(data, env), 'imports');
  const older = (await lookThrough(results))?.job;
  const before = older === undefined ? undefined : knownJob(folder, { ...key, sha256: older.sha256 });
  return storedJob(folder, key, Date.now(), before);
}
