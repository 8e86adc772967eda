import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Draws } from '@yitong/simulation';
import type { Cut } from './database-proxy.ts';
import { type CrashMember, type CrashRegion, readyProcess } from './region.ts';

/** What a fault did: how many processes it killed, and whom it hit. */
export interface Hit {
  readonly kills: number;
  readonly members: readonly string[];
  readonly detail: string;
}

/** A kind of fault: how often it happens beside the others, and how it is done; undefined: there was nothing to hit. */
export interface FaultKind {
  readonly name: string;
  readonly weight: number;
  do(scene: FaultScene): Promise<Hit | undefined>;
}

/** Where faults happen. */
export interface FaultScene {
  readonly region: CrashRegion;
  readonly draws: Draws;
  /** Longest that a process is stopped, in ms. */
  readonly stopMaxMs: number;
}

const cuts: readonly Cut[] = ['half', 'answer', 'ghost'];

/** All kinds of faults, in an order that is part of what a seed means. */
const faultKinds: readonly FaultKind[] = [
  { name: 'kill a node', weight: 34, do: killNode },
  { name: 'kill PostgreSQL', weight: 12, do: async ({ region }) => killPostgres(region) },
  { name: 'kill a backend', weight: 8, do: killBackend },
  { name: 'kill both', weight: 8, do: killBoth },
  { name: 'take over', weight: 12, do: takeOver },
  { name: 'cut a commit', weight: 14, do: cutCommit },
  { name: 'cut a node from its database', weight: 4, do: cutDatabase },
  { name: 'cut between members', weight: 5, do: cutPeers },
  { name: 'stop a node', weight: 6, do: stopNode },
  { name: 'full disk', weight: 3, do: fillDisk },
];

/** Draws the next kind by the weights. */
export function drawFault(draws: Draws): FaultKind {
  let place = draws.unit() * faultKinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of faultKinds) {
    place -= kind.weight;
    if (place < 0) return kind;
  }
  return { name: 'kill a node', weight: 0, do: killNode };
}

function kill(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It had just ended by itself.
  }
}

async function killNode({ region, draws }: FaultScene): Promise<Hit | undefined> {
  const member = draws.pick(region.members);
  const victim = draws.pick(member.processes);
  return kill(victim.pid()) ? { kills: 1, members: [member.code], detail: member.code } : undefined;
}

function killPostgres(region: CrashRegion): Hit | undefined {
  const members = region.members.map(({ code }) => code);
  return kill(region.postgresPid()) ? { kills: 1, members, detail: 'its first process' } : undefined;
}

/** The server then ends all its other processes, and recovers. */
async function killBackend({ region, draws }: FaultScene): Promise<Hit | undefined> {
  const member = draws.pick(region.members);
  const own = childrenOf(region.postgresPid()).filter(({ words }) => words.includes(` ${member.role} `));
  if (own.length === 0) return undefined;
  const members = region.members.map(({ code }) => code);
  return kill(draws.pick(own).pid) ? { kills: 1, members, detail: `one of ${member.code}` } : undefined;
}

async function killBoth(scene: FaultScene): Promise<Hit | undefined> {
  const [node, postgres] = [await killNode(scene), killPostgres(scene.region)];
  const hits = [node, postgres].filter((hit) => hit !== undefined);
  const kills = hits.reduce((sum, hit) => sum + hit.kills, 0);
  const members = scene.region.members.map(({ code }) => code);
  return kills === 0 ? undefined : { kills, members, detail: `${node?.detail ?? 'none'} and PostgreSQL` };
}

/** The process that works is killed while another of the same member waits. */
async function takeOver({ region }: FaultScene): Promise<Hit | undefined> {
  const member = region.members.find(({ processes }) => processes.length > 1);
  const victim = member && (await readyProcess(member));
  const other = member?.processes.find((one) => one !== victim);
  if (!member || other?.pid() === undefined || !kill(victim?.pid())) return undefined;
  return { kills: 1, members: [member.code], detail: member.code };
}

async function cutCommit({ region, draws }: FaultScene): Promise<Hit | undefined> {
  const member = draws.pick(region.members);
  const cut = draws.pick(cuts);
  if (!(await region.proxy.cutNextCommit(member.role, cut, 3_000))) return undefined;
  return { kills: 0, members: [member.code], detail: `${member.code}, ${cut}` };
}

async function cutDatabase({ region, draws }: FaultScene): Promise<Hit | undefined> {
  const member = draws.pick(region.members);
  const count = region.proxy.cutAll(member.role);
  return count === 0 ? undefined : { kills: 0, members: [member.code], detail: `${member.code}, ${count}` };
}

async function cutPeers({ region, draws }: FaultScene): Promise<Hit | undefined> {
  const member = draws.pick(region.members);
  const count = member.front.cut();
  return count === 0 ? undefined : { kills: 0, members: [member.code], detail: `${member.code}, ${count}` };
}

async function stopNode({ region, draws, stopMaxMs }: FaultScene): Promise<Hit | undefined> {
  const member: CrashMember = draws.pick(region.members);
  const victim = (await readyProcess(member))?.pid();
  const forMs = Math.round(draws.spread(1_000, stopMaxMs));
  if (victim === undefined) return undefined;
  process.kill(victim, 'SIGSTOP');
  await pause(forMs);
  try {
    process.kill(victim, 'SIGCONT');
  } catch {
    // Its keeper lost patience and ended it.
  }
  return { kills: 0, members: [member.code], detail: `${member.code}, ${(forMs / 1_000).toFixed(1)} s` };
}

async function fillDisk({ region, draws }: FaultScene): Promise<Hit | undefined> {
  if (!region.disk) return undefined;
  const forMs = draws.whole(2_000, 6_000);
  region.disk.fill();
  await pause(forMs);
  region.disk.free();
  const members = region.members.map(({ code }) => code);
  return { kills: 0, members, detail: `${(forMs / 1_000).toFixed(1)} s` };
}

function childrenOf(pid: number | undefined): readonly { readonly pid: number; readonly words: string }[] {
  if (pid === undefined || process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const parent = / \w (\d+) /.exec(
        readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\)/, ''),
      )?.[1];
      if (Number(parent) !== pid) return [];
      return [
        { pid: Number(name), words: readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ') },
      ];
    } catch {
      return []; // It ended meanwhile.
    }
  });
}
