import type { Backups } from './backups.ts';
import type { Draws } from './chance.ts';
import type { Clients } from './client.ts';
import type { Liars } from './liars.ts';
import type { Member } from './member.ts';
import type { Network } from './network.ts';
import type { Change } from './office.ts';
import type { FaultKind, Plan } from './plan.ts';
import type { World } from './world.ts';

/** On what faults work. */
export interface Arena {
  readonly world: World;
  readonly plan: Plan;
  readonly network: Network;
  readonly members: readonly Member[];
  readonly clients: Clients;
  readonly liars: Liars;
  readonly backups: Backups;
  /** A member joins the region, if one stands ready. */
  readonly joins: () => void;
  /** A change of the directory, made by people at a member. */
  readonly changes: (kind: Change, member: Member) => void;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Named places where a process may die: those of the kernel, each call of the store, and anywhere. */
export const crashPoints = [
  'anywhere',
  'afterBatch',
  'beforeCommit',
  'afterCommit',
  'store:commit',
  'store:committed',
  'store:load',
  'store:due',
  'store:seen',
  'store:read',
  'store:tail',
  'store:acquire',
  'store:received',
  'store:renew',
  'store:segments',
  'store:checkpoint',
  'store:release',
  'store:conversation',
  'store:record',
  'store:list',
] as const;

/** By which counter it is seen that a fault came about; a clock's offset and drift are there from the beginning to the end of a run. */
export const shownBy: Readonly<Record<Exclude<FaultKind, 'clock-offset' | 'clock-drift'>, string>> = {
  loss: 'network.lost',
  repeat: 'network.repeated',
  late: 'network.late',
  damage: 'network.damaged',
  'one-way': 'fault.one-way',
  partition: 'fault.partition',
  crash: 'fault.crash',
  'clock-jump': 'fault.clock-jump',
  disk: 'disk.cut',
  'disk-full': 'fault.disk-full',
  read: 'read.failed',
  takeover: 'fault.takeover',
  pause: 'fault.pause',
  stop: 'fault.stop',
  rules: 'released',
  torn: 'disk.torn',
  'slow-peer': 'network.slow',
  directory: 'directory.rotate',
  revocation: 'directory.revoke',
  liar: 'lie.refused',
  backup: 'restored.stands',
  upgrade: 'fault.upgrade',
  join: 'directory.join',
  leave: 'directory.leave',
};

/** Sets loose what the plan brings: rates at once, single events at their times. */
export function unleash(arena: Arena): void {
  rates(arena);
  for (const kind of eventKinds) if (arena.plan.kinds.has(kind)) events(arena, kind);
}

function rates({ plan, world, network, members, clients }: Arena): void {
  const draws = world.draws('rates');
  const rate = (kind: FaultKind, least: number, most: number): number => {
    const value = draws.spread(least, most);
    return plan.kinds.has(kind) ? value : 0;
  };
  network.faults = {
    loss: rate('loss', 0.005, 0.4),
    repeat: rate('repeat', 0.01, 0.3),
    late: rate('late', 0.005, 0.1),
    lateMaxMs: draws.spread(10_000, Math.min(plan.durationMs, 72 * hourMs)),
    damage: rate('damage', 0.005, 0.1),
  };
  clients.faults = { loss: rate('loss', 0.01, 0.3) };
  for (const member of members) {
    member.areRulesFaulty = plan.kinds.has('rules') && draws.happens(0.5);
    member.faults = {
      commit: {
        again: rate('disk', 0.001, 0.05),
        cut: rate('disk', 0.001, 0.05),
        lost: rate('disk', 0.001, 0.05),
        late: rate('disk', 0.001, 0.05),
        full: 0,
      },
      read: rate('read', 0.0005, 0.02),
    };
  }
}

const eventKinds = [
  'one-way',
  'partition',
  'crash',
  'clock-jump',
  'disk-full',
  'takeover',
  'pause',
  'stop',
  'torn',
  'slow-peer',
  'directory',
  'revocation',
  'liar',
  'backup',
  'upgrade',
  'join',
] as const satisfies readonly FaultKind[];

/** Some events of a kind, most of them while bills come in. */
function events(arena: Arena, kind: (typeof eventKinds)[number]): void {
  const { world, plan } = arena;
  const draws = world.draws(kind);
  const count = kind === 'crash' ? draws.whole(1, 16) : draws.whole(1, 5);
  for (let k = 0; k < count; k += 1) {
    const near = draws.pick(plan.bursts) + draws.spread(20, 90_000);
    const at = draws.happens(0.8) ? near : draws.unit() * plan.durationMs;
    if (at < plan.durationMs) world.after(at, () => strike(arena, kind, draws));
  }
}

function strike(arena: Arena, kind: (typeof eventKinds)[number], draws: Draws): void {
  const { world, members, plan, network } = arena;
  world.count(`fault.${kind}`);
  const member = draws.pick(members);
  const longMs = Math.min(plan.durationMs / 3, 48 * hourMs);
  world.note('fault', kind, member.code);
  switch (kind) {
    case 'one-way':
    case 'partition':
      return cut(arena, member, draws, kind === 'one-way', world.now + draws.spread(2_000, longMs));
    case 'crash':
      return member.crash(draws.pick(crashPoints), draws.spread(10, Math.min(longMs, 6 * hourMs)));
    case 'clock-jump':
      member.clock.jump(Math.round((draws.unit() - 0.5) * 10 * minuteMs));
      world.after(draws.spread(minuteMs, 6 * hourMs), () => member.operate());
      return;
    case 'disk-full':
      member.fullUntil = world.now + draws.spread(500, 10 * minuteMs);
      return;
    case 'takeover':
      return member.usurp(
        draws.spread(5 * plan.beatMs, 20 * plan.beatMs),
        draws.spread(100, 10 * plan.beatMs),
        draws.pick(['anywhere', 'beforeCommit', 'store:commit']),
      );
    case 'liar':
      return arena.liars.lie(member, draws.pick(members.filter((one) => one !== member)), draws);
    case 'torn':
      return member.tear(draws.spread(500, 2 * minuteMs));
    case 'slow-peer':
      return network.slow(member.code, draws.spread(2_000, 40_000), world.now + draws.spread(10_000, longMs));
    case 'pause':
      return member.pause(draws.spread(50, 8 * plan.beatMs));
    default:
      return operate(arena, kind, member, draws);
  }
}

/** What whoever runs nodes does while bills come in. */
function operate(
  { plan, backups, joins, changes }: Arena,
  what: 'stop' | 'upgrade' | 'backup' | 'join' | 'directory' | 'revocation',
  member: Member,
  draws: Draws,
): void {
  const downMs = (): number => draws.spread(10, Math.min(plan.durationMs / 3, hourMs));
  switch (what) {
    case 'stop':
      return member.stop(downMs());
    case 'upgrade':
      return member.install(downMs());
    case 'backup':
      return backups.take(member);
    case 'join':
      return joins();
    case 'directory':
      return changes(draws.pick(['rotate', 'rotate', 'reissue']), member);
    case 'revocation':
      return changes('revoke', member);
  }
}

/** A set of members against the rest, or one link in one direction. */
function cut(
  { members, network, world }: Arena,
  member: Member,
  draws: Draws,
  oneWay: boolean,
  until: number,
): void {
  const others = members.filter((one) => one !== member);
  if (oneWay) {
    network.cut(member.code, draws.pick(others).code, until);
    return;
  }
  const side = new Set([member, ...others.filter(() => draws.happens(0.3))]);
  world.note(
    'partition',
    [...side].map((one) => one.code),
  );
  for (const a of members)
    for (const b of members) if (side.has(a) !== side.has(b)) network.cut(a.code, b.code, until);
}
