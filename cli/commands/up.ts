import type { SystemType } from '@yitong/kit';
import { startIssuer } from '../../node/issuer/issuer.ts';
import type { UpOptions } from '../../node/supervisor/options.ts';
import { openTerms } from '../../node/supervisor/terms.ts';
import { type RunningRegion, up } from '../../node/supervisor/up.ts';
import type { Invocation, Run } from '../command.ts';
import { usualPeople } from '../demonstration/people.ts';
import { demonstrationState, forgetDemonstration } from '../demonstration/state.ts';
import { membersToRun } from '../members.ts';
import { dataFolder } from '../region.ts';
import { loadSystems } from '../systems.ts';
import { loadInChild } from '../up/load.ts';
import { type StartReport, startReport } from '../up/report.ts';
import { welcome } from '../up/welcome.ts';

const regionName = 'yangtze-delta';
const audience = `yitong:${regionName}`;

/** Starts the region, loads the demonstration data once, and runs until Ctrl-C. */
export const run: Run = async (invocation) => {
  const { options, output, stop, env } = invocation;
  const data = dataFolder(options, env);
  const began = performance.now();
  const wish = sizeOf(invocation, data);
  const systems = [...(await loadSystems()).values()];
  const report = await startReport(output);
  let region: RunningRegion | undefined;
  try {
    region = await up(startOptions(invocation, data, systems, wish, report));
    if (region.made || options.flag('fresh')) forgetDemonstration(region.dataDir);
    if (!options.flag('empty')) await load(invocation, region, systems, wish, report);
    stop.throwIfAborted();
    await region.rest();
    report.done();
    welcome(output, region, systems, performance.now() - began);
    await stopped(stop);
    return 'done';
  } catch (error) {
    if (!stop.aborted) throw error;
    return 'interrupted';
  } finally {
    report.done();
    await region?.stop();
  }
};

interface Size {
  readonly residents: number;
  readonly seed: number;
}

/** Residents and seed: as told, as loaded before, or the usual ones. */
function sizeOf({ options, output }: Invocation, data: string): Size {
  const residents = options.whole('residents', 0, 200_000);
  const seed = options.whole('seed', 0, 2 ** 31);
  const before = options.flag('fresh') ? undefined : demonstrationState(data);
  if (before === undefined)
    return { residents: residents ?? usualPeople.scale, seed: seed ?? usualPeople.seed };
  const isOther =
    (residents ?? before.residents) !== before.residents || (seed ?? before.seed) !== before.seed;
  const held = `This region holds ${before.residents} residents a member, seed ${before.seed}`;
  if (isOther) output.note(`${held}; --fresh begins anew with others.`);
  return { residents: before.residents, seed: before.seed };
}

function startOptions(
  { options, env, stop }: Invocation,
  data: string,
  systems: readonly SystemType[],
  { residents, seed }: Size,
  report: StartReport,
): UpOptions {
  const members = membersToRun(data, options.text('members'), options.flag('fresh'));
  const postgres = options.text('postgres') ?? env['DATABASE_URL'];
  const accounts = { members, systems, audience, demonstration: true, scale: residents, seed };
  return {
    dataDir: data,
    region: regionName,
    members,
    terms: openTerms(systems),
    fresh: options.flag('fresh'),
    ...(postgres === undefined ? {} : { postgresUrl: postgres }),
    demonstration: true,
    portal: true,
    audience,
    startIssuer: (at) => startIssuer({ ...at, ...accounts }),
    report,
    signal: stop,
  };
}

async function load(
  invocation: Invocation,
  { dataDir, members }: RunningRegion,
  systems: readonly SystemType[],
  size: Size,
  { bars }: StartReport,
): Promise<void> {
  const withData = systems.filter(({ demonstration }) => demonstration !== undefined);
  const what = { members: members.map(({ code }) => code), systems: withData.map(({ name }) => name) };
  await loadInChild(invocation, dataDir, { ...size, ...what }, bars);
}

function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 1 << 30); // It ends when it is told to, not when nothing is left to do.
    stop.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}
