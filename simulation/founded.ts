import { type Commit, kernelSystems } from '@yitong/kernel';
import type { SystemType } from '@yitong/kit';
import { CommitCheck } from './checks/commit.ts';
import { MachineClock } from './clock.ts';
import { Disk } from './disk.ts';
import { faultyRules } from './faulty-rules.ts';
import type { Finding } from './finding.ts';
import { Member, type MemberOptions } from './member.ts';
import { nextEdition } from './next-edition.ts';
import type { Plan } from './plan.ts';
import { type Agreed, creditAccounts } from './region.ts';
import { sabotageNamed } from './sabotage/all.ts';
import type { World } from './world.ts';

/** Of what a region's members are made. */
export interface Ground {
  readonly world: World;
  readonly plan: Plan;
  readonly systems: readonly SystemType[];
  readonly agreed: Agreed;
  readonly carry: MemberOptions['carry'];
}

type Report = (finding: Finding) => void;

/** The members of a region, each with its machine; every commit that any of them writes is checked and noted. */
export function founded(ground: Ground, report: Report, written: () => void): readonly Member[] {
  const clocks = ground.world.draws('clocks');
  const members: Member[] = [];
  for (const index of ground.agreed.codes.keys()) {
    const clock = machineClock(ground, clocks);
    const own = faultyRules(ground.systems, () => members[index]?.areRulesFaulty ?? false);
    const member = memberOf({ ...ground, systems: own }, index, clock, (code, disk) => {
      const check = new CommitCheck(code, report, {
        timersRun: () => members[index]?.timersRun ?? false,
        newest: () => clock.newest,
      });
      return (commit) => {
        const { partition, journal } = commit;
        ground.world.note('commit', code, partition, journal.seq, Buffer.from(journal.link).toString('hex'));
        if (members[index]?.isOnOlder) return;
        written();
        check.written(commit, disk().partition(partition));
      };
    });
    members.push(member);
  }
  return members;
}

function machineClock({ world, plan: { kinds } }: Ground, draws: ReturnType<World['draws']>): MachineClock {
  const drift = kinds.has('clock-drift') ? (draws.unit() - 0.5) / 2_000 : 0;
  const offset = kinds.has('clock-offset') ? Math.round((draws.unit() - 0.5) * 480_000) : 0;
  return new MachineClock(world, drift, offset);
}

function memberOf(
  { world, plan, systems, agreed, carry }: Ground,
  index: number,
  clock: MachineClock,
  watch: (code: string, disk: () => Disk) => (commit: Commit) => void,
): Member {
  const { keys, suites, deflate, codes } = agreed;
  const [member, ring, partitions] = [codes[index], keys[index]?.ring, plan.partitions[index]];
  const key = ring?.[0];
  if (member === undefined || !ring || !key || !partitions)
    throw new Error('a key and partitions for each member');
  const { limits, beatMs, checkpointMs, commitMaxMs, wish } = plan;
  const records = [...kernelSystems, ...systems].flatMap((system) => [...system.records.values()]);
  const now = (): number => world.now;
  const database = { partitions, records, now, leaseMs: 5 * beatMs, creditAccounts: creditAccounts(systems) };
  const disk: Disk = new Disk(
    database,
    watch(member, () => disk),
  );
  const sabotage = wish.sabotage === undefined ? undefined : sabotageNamed(wish.sabotage);
  const common = {
    member,
    systems,
    partitions,
    key,
    keys: () => ring,
    suites,
    deflate,
  };
  const node = () => ({ ...common, ...givenTo(agreed, index), limits: { ...limits, beatMs, checkpointMs } });
  const next = plan.kinds.has('upgrade') ? nextEdition(systems) : systems;
  const machine = { world, code: member, clock, disk, commitMaxMs, next, sabotage, carry };
  return new Member({
    ...machine,
    get node() {
      return node();
    },
  });
}

/** The versions of the directory that a member's node is started with: the first, or for who joins later all up to the newest. */
function givenTo({ chain, directory, signatures, joiner, codes }: Agreed, index: number) {
  const newest = chain.at(-1);
  if (codes[index] !== joiner?.code || !newest) return { directory, signatures };
  return { directory: newest.directory, signatures: newest.signatures, former: chain.slice(0, -1) };
}
