import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Intake, SampleWish, SystemType } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { demonstrationState } from '../demonstration/state.ts';
import { errorCode, Failure, fileFailure, usage } from '../failure.ts';
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
  const { member, members } = placesOf(invocation);
  const count = options.whole('lines', 1, 100_000_000) ?? 1_000;
  const lines = linesOf(sample({ member, members, count, ...peopleOf(invocation) }));
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

/** The member that imports, and all members: those of the region here, or the four of the demonstration. */
function placesOf({ options, env }: Invocation): {
  readonly member: string;
  readonly members: readonly string[];
} {
  const at = options.text('at');
  try {
    const here = localMembers(dataFolder(options, env));
    return { member: memberAt(here, at).code, members: here.map(({ code }) => code) };
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== 'unreachable') throw error;
    const all = wishedMembers(undefined).map(({ code }) => code);
    return {
      member: at === undefined ? (all.at(-1) ?? '') : (wishedMembers(at)[0]?.code ?? ''),
      members: all,
    };
  }
}

/** The people are the region's own where there is one: of others its nodes know nothing. Errors: usage, for more than it has. */
function peopleOf({ options, env }: Invocation): Pick<SampleWish, 'scale' | 'seed' | 'lineSeed'> {
  const residents = options.whole('residents', 1, 200_000);
  const lineSeed = options.whole('seed', 0, 2 ** 31);
  const loaded = demonstrationState(dataFolder(options, env));
  if (loaded !== undefined && residents !== undefined && residents > loaded.residents)
    throw usage(
      `--residents ${residents}: this region has ${loaded.residents} residents a member.`,
      'Leave it out, or begin a larger region: yitong up --fresh --residents.',
    );
  const seed = loaded?.seed ?? lineSeed ?? 1;
  return {
    scale: residents ?? loaded?.residents ?? 2_000,
    seed,
    lineSeed: lineSeed ?? seed,
  };
}

function* linesOf(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${jsonText(value)}\n`;
}
