import { framesFrom } from './backups.ts';
import type { Draws } from './chance.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import type { Office } from './office.ts';
import type { World } from './world.ts';

/** What is needed to let a member go and to see what comes of it. */
export interface Departure {
  readonly world: World;
  /** Whoever leaves is taken out of this list. */
  readonly members: Member[];
  readonly office: Office;
  /** People come to these members, as far as the region reaches then; `isWaitedFor`: until what they came for has ended. */
  readonly come: (at: readonly Member[], draws: Draws, isWaitedFor: boolean) => void;
  /** Lets so many virtual milliseconds pass. */
  readonly pass: (ms: number) => Promise<void>;
  /** Until nothing is left to do at the members that remain. */
  readonly rest: () => Promise<void>;
}

const hourMs = 3_600_000;
/** The longest that a healed region may take to agree. */
const agreedMaxMs = 12 * hourMs;

/** A member leaves at rest (B8): the others go on among themselves, and nothing that it still sends is taken. */
export async function leave(departure: Departure): Promise<Finding[]> {
  const { world, members, office, come, pass, rest } = departure;
  const draws = world.draws('leaving');
  // The first one is where changes are proposed.
  const leaver = draws.pick(members.slice(1));
  let isAgreed = false;
  void office.dismiss(leaver).then(() => {
    isAgreed = true;
  });
  for (let waited = 0; !isAgreed && waited < agreedMaxMs; waited += hourMs) await pass(hourMs);
  if (!isAgreed) return [{ rule: 'B8', at: leaver.code, detail: 'it could not leave' }];
  members.splice(members.indexOf(leaver), 1);
  await rest();
  const before = framesFrom(leaver, members).size;
  come([leaver], draws.stream('of the leaver'), false);
  come(members, draws.stream('of the others'), true);
  await rest();
  const more = framesFrom(leaver, members).size - before;
  return more === 0
    ? []
    : [{ rule: 'B8', at: leaver.code, detail: `${more} of its frames were taken after it left` }];
}
