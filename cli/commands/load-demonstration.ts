import type { Run } from '../command.ts';
import { loadShare, type Share } from '../demonstration/load.ts';
import {
  type DemonstrationState,
  demonstrationState,
  keepDemonstrationState,
} from '../demonstration/state.ts';
import { dataFolder, type LocalMember, localMembers } from '../region.ts';
import { loadSystems } from '../systems.ts';

/** Loads the demonstration data of all systems into all nodes of a data folder; tells how far it is as JSON lines. */
export const run: Run = async (invocation) => {
  const { options, env, stop } = invocation;
  const data = dataFolder(options, env);
  const wish = {
    residents: options.whole('residents', 0, 200_000) ?? 2_000,
    seed: options.whole('seed', 0, 2 ** 31) ?? 1,
    started: Date.now(),
  };
  let state: DemonstrationState = demonstrationState(data) ?? { ...wish, loaded: {}, done: [] };
  const keep = (change: Partial<DemonstrationState>) => {
    state = { ...state, ...change };
    keepDemonstrationState(data, state);
  };
  keep({});
  const wanted = options.text('members')?.split(',');
  const running = localMembers(data).filter(({ code }) => wanted?.includes(code) ?? true);
  const byMember = group(await sharesOf(running, state));
  const loads = [...byMember.values()].map(async (shares) => {
    for (const share of shares) {
      const { name, total } = share;
      if (state.done.includes(name) || stop.aborted) continue;
      const told = (count: number) => invocation.output.data({ name, done: count, total });
      const { count, refused } = await loadShare(invocation, data, share, state, (now) => {
        keep({ loaded: { ...state.loaded, [name]: now } });
        told(now);
      });
      if (stop.aborted) return;
      told(count);
      for (const [code, times] of refused) invocation.output.data({ name, refused: code, times });
      keep({ done: [...state.done, name], loaded: { ...state.loaded, [name]: count } });
    }
  });
  await Promise.all(loads);
  return stop.aborted ? 'interrupted' : 'done';
};

async function sharesOf(
  members: readonly LocalMember[],
  { residents }: DemonstrationState,
): Promise<readonly Share[]> {
  const systems = [...(await loadSystems()).values()].filter(
    ({ demonstration }) => demonstration !== undefined,
  );
  return members.flatMap((member) =>
    systems.map((system) => {
      const total = system.demonstration?.count({ member: member.code, scale: residents }) ?? 0;
      return { member, system, total, name: `${member.code}/${system.name}` };
    }),
  );
}

function group(shares: readonly Share[]): ReadonlyMap<string, readonly Share[]> {
  const groups = new Map<string, Share[]>();
  for (const share of shares)
    groups.set(share.member.code, [...(groups.get(share.member.code) ?? []), share]);
  return groups;
}
