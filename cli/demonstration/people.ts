import type { DemonstrationPeople } from '@yitong/kit';
import { membersToRun } from '../members.ts';
import { demonstrationState } from './state.ts';

/** Residents a member, and seed, that a newcomer's machine loads in a few seconds. */
export const usualPeople = { scale: 2_000, seed: 1 } as const;

/** Whom the demonstration made in a region: its members, residents a member, seed; the usual ones where none is known here. */
export function demonstrationPeople(data: string | undefined): DemonstrationPeople {
  const loaded = data === undefined ? undefined : demonstrationState(data);
  return {
    members: membersToRun(data ?? '', undefined, data === undefined).map(({ code }) => code),
    scale: loaded?.residents ?? usualPeople.scale,
    seed: loaded?.seed ?? usualPeople.seed,
  };
}
