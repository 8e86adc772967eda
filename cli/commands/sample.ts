import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Intake, SampleWish, SystemType } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { demonstrationPeople } from '../demonstration/people.ts';
import { demonstrationState } from '../demonstration/state.ts';
import { errorCode, fileFailure, usage } from '../failure.ts';
import { wishedMembers } from '../members.ts';
import { jsonText } from '../output.ts';
import { whole } from '../progress.ts';
import { dataFolder, localMembers, memberAt } from '../region.ts';
import { systemNamed } from '../systems.ts';

/** Makes up lines that a system's intake reads, and writes them to a file or standard output. */
export const run: Run = async (invocation) => {
  const { args, options, output, stop } = invocation;
  const [name = '', file] = args;
  const system = await systemNamed(name);
  const [intakeName, sample] = sampleOf(system, options.text('intake'));
  const people = peopleOf(invocation);
  const member = memberHere(invocation, people.members);
  const count = options.whole('lines', 1, 100_000_000) ?? 1_000;
  const lines = linesOf(sample({ ...people, member, count }));
  if (file === undefined || file === '-') {
    for (const line of lines) if (!stop.aborted) await output.line(line.trimEnd());
    return stop.aborted ? 'interrupted' : 'done';
  }
  try {
    await pipeline(Readable.from(lines), createWriteStream(file), { signal: stop });
  } catch (error) {
    if (stop.aborted) return 'interrupted';
    throw errorCode(error) === '' ? error : fileFailure(file, error);
  }
  output.data({ file, system: name, intake: intakeName, member, lines: count });
  output.say(`${file}: ${whole(count)} lines. Next: yitong import ${name} ${file} --at ${member}`);
  return 'done';
};

function sampleOf(
  system: SystemType,
  wanted: string | undefined,
): readonly [string, NonNullable<Intake['sample']>] {
  for (const [name, intake] of system.intakes) {
    if (intake.sample !== undefined && (wanted === undefined || wanted === name))
      return [name, (wish) => intake.sample?.(wish) ?? []];
  }
  throw usage(`${system.name} has no made-up lines${wanted === undefined ? '' : ` of the form ${wanted}`}.`);
}

/** The member that imports: of the region here, or of the demonstration. */
function memberHere({ options, env }: Invocation, members: readonly string[]): string {
  const at = options.text('at');
  const data = dataFolder(options, env);
  if (existsSync(join(data, 'nodes'))) return memberAt(localMembers(data), at).code;
  return (at === undefined ? members.at(-1) : wishedMembers(at)[0]?.code) ?? '';
}

/** The people are the region's own where there is one: of others its nodes know nothing. Errors: usage, for more than it has. */
function peopleOf({ options, env }: Invocation): Omit<SampleWish, 'member' | 'count'> {
  const residents = options.whole('residents', 1, 200_000);
  const lineSeed = options.whole('seed', 0, 2 ** 31);
  const data = dataFolder(options, env);
  const people = demonstrationPeople(data);
  const isLoaded = demonstrationState(data) !== undefined;
  if (isLoaded && residents !== undefined && residents > people.scale)
    throw usage(
      `--residents ${residents}: this region has ${people.scale} residents a member.`,
      'Leave it out, or begin a larger region: yitong up --fresh --residents.',
    );
  const seed = isLoaded ? people.seed : (lineSeed ?? people.seed);
  return { ...people, scale: residents ?? people.scale, seed, lineSeed: lineSeed ?? seed };
}

function* linesOf(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${jsonText(value)}\n`;
}
