import type { Draws } from './chance.ts';
import type { Request } from './client.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import type { Network } from './network.ts';
import type { World } from './world.ts';

type State = ReturnType<Member['disk']['snapshot']>;

/** What is needed to put a backup back and to see what comes of it. */
export interface Backyard {
  readonly world: World;
  readonly network: Network;
  readonly members: readonly Member[];
  /** Something that can be asked of a member at any time. */
  readonly requests: (member: Member) => readonly Request[];
  /** Lets so many virtual milliseconds pass. */
  readonly pass: (ms: number) => Promise<void>;
}

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;

/**
 * Backups that members took, and what comes of going on from one of them (threat 67, K54): whoever holds what was signed since must be
 * heard first, and the node stand still. Played at rest, as what is acknowledged on the older state is lost by right.
 */
export class Backups {
  readonly #kept = new Map<Member, State>();
  /** Whether somebody went on from one. */
  werePutBack = false;

  /** A member's first backup. */
  take(member: Member): void {
    if (!this.#kept.has(member)) this.#kept.set(member, freed(member.disk.snapshot()));
  }

  /** Each member that took one goes on from it, and then from its newest state again. */
  async putBack(yard: Backyard): Promise<Finding[]> {
    const findings: Finding[] = [];
    const draws = yard.world.draws('backups');
    for (const [member, older] of this.#kept) {
      if (!heldBeyond(older, member, yard.members)) continue;
      this.werePutBack = true;
      findings.push(...(await onOlder(yard, member, older, draws)));
    }
    return findings;
  }
}

async function onOlder(yard: Backyard, member: Member, older: State, draws: Draws): Promise<Finding[]> {
  const { world, network, members, pass } = yard;
  const newest = freed(member.disk.snapshot());
  const held = framesFrom(member, members);
  const arePeersAway = draws.happens(0.5);
  world.note('older backup', member.code, arePeersAway);
  if (arePeersAway)
    for (const { code } of members)
      for (const [from, to] of [[member.code, code] as const, [code, member.code] as const])
        network.cut(from, to, world.now + hourMs);
  member.putBack(older, true);
  await pass(30 * secondMs);
  for (const { command, input, role } of yard.requests(member).slice(0, 5))
    void member.node?.command({ type: command.type, input, actor: { id: 'late', roles: [role] } }, 0);
  await pass((arePeersAway ? 4 : 1) * hourMs);
  const detail = wrong(member, older, held, framesFrom(member, members));
  if (stands(member)) world.count(arePeersAway ? 'restored.later' : 'restored.stands');
  member.putBack(newest, false);
  return detail === undefined ? [] : [{ rule: 'K54', at: member.code, detail }];
}

/** What a node on an older database did that it must not do. */
function wrong(member: Member, older: State, before: ReadonlySet<string>, after: ReadonlySet<string>) {
  const more = [...after].find((frame) => !before.has(frame));
  if (more !== undefined) return `on an older database it sent ${more.replaceAll('\n', ' ')}`;
  const signed = sentOf(member.disk.tables).size - sentOf(older).size;
  if (!stands(member) && signed > 0) return `on an older database it signed ${signed} frames and goes on`;
  return undefined;
}

function stands({ node }: Member): boolean {
  return node?.status().reasons.some((reason) => reason.startsWith('the database is older')) ?? false;
}

/** Whether some peer holds a frame of a member that a state of its database does not know. */
function heldBeyond(state: State, member: Member, members: readonly Member[]): boolean {
  const sent = sentOf(state);
  return [...framesFrom(member, members)].some((frame) => !sent.has(frame));
}

/** Places of all frames that were accepted from a member: peer, stream, epoch, number. */
export function framesFrom({ code }: Member, members: readonly Member[]): ReadonlySet<string> {
  return new Set(
    members.flatMap((peer) =>
      peer.disk.tables.partitions
        .flatMap(({ received }) => [...received.values()])
        .filter((row) => row.peer === code)
        .map(({ stream, epoch, seq }) => [peer.code, stream, epoch, seq].join('\n')),
    ),
  );
}

function sentOf({ partitions }: State): ReadonlySet<string> {
  return new Set(partitions.flatMap(({ sent }) => [...sent.keys()]));
}

/** A state as `yitong restore` leaves it: nobody writes on it. */
function freed(state: State): State {
  for (const { lease } of state.partitions) {
    lease.holder = undefined;
    lease.until = Number.NEGATIVE_INFINITY;
  }
  return state;
}
