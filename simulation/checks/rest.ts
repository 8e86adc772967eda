import {
  type Check,
  type Directory,
  limitedAccounts,
  openMemoryStore,
  readSigned,
  rebuildState,
  verifyJournal,
} from '@yitong/kernel';
import type { SystemType } from '@yitong/kit';
import type { Clients } from '../client.ts';
import type { Finding } from '../finding.ts';
import type { Member } from '../member.ts';
import type { Agreed } from '../region.ts';
import { checkMirrors, regionOf } from './between.ts';
import { checkPromises, type LastAnswers } from './promises.ts';
import { checkStreams } from './streams.ts';

/** A region at rest, and what its clients remember. */
export interface AtRest {
  readonly members: readonly Member[];
  readonly systems: readonly SystemType[];
  readonly clients: Clients;
  readonly agreed: Agreed;
  readonly last: LastAnswers;
  /** Whether `rebuild` runs besides `verify`. */
  readonly isRebuilt: boolean;
}

/** All that must hold at rest: inside each node, between nodes, what clients were promised, and each system's own invariants. */
export async function checkAtRest(rest: AtRest): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const member of rest.members) {
    findings.push(...(await checkNode(rest, member)));
    findings.push(...standing(member));
  }
  findings.push(
    ...checkStreams(rest.members, rest.agreed.directory.streams ?? 16, urgentTypes(rest.systems)),
    ...(await checkMirrors(rest.members)),
  );
  findings.push(...checkPromises(rest.clients, rest.last));
  const region = regionOf(rest.members, rest.systems);
  for (const system of rest.systems)
    for (const { name, holds } of system.invariants) {
      const detail = holds(region);
      if (detail !== undefined) findings.push({ rule: `${system.name}: ${name}`, at: '', detail });
    }
  return findings;
}

/** `verify` and `rebuild` of the node find nothing. */
export async function checkNode(
  { agreed, systems, isRebuilt }: Pick<AtRest, 'agreed' | 'systems' | 'isRebuilt'>,
  member: Member,
): Promise<Finding[]> {
  const { store, reader } = openMemoryStore({ database: member.disk });
  const { partitions } = member.disk.options;
  const { suites } = agreed;
  const directoryAt = directoriesOf(member);
  const directory = directoryAt(member.node?.status().directory.version ?? 1) ?? agreed.directory;
  const checked = {
    here: member.code,
    store,
    reader,
    partitions,
    directory,
    directoryAt,
    suites,
    isUrgent: urgentTypes(systems),
    limited: limitedAccounts(systems),
  };
  const verified = await verifyJournal(checked);
  // `verify` folds and compares as `rebuild` does; that `rebuild` itself does is seen in one run of four.
  const rebuilt = isRebuilt ? await rebuildState(checked) : undefined;
  const told = (rule: string) => (one: Found) => ({
    rule,
    at: `${member.code} ${one.at}`,
    detail: `${one.code}: ${one.detail}`,
  });
  return [...verified.findings.map(told('verify')), ...(rebuilt?.findings ?? []).map(told('rebuild'))];
}

/** The versions that a member knows: each is asked for by every frame that was signed under it, and read once. */
function directoriesOf(member: Member): (version: number) => Directory | undefined {
  const known = new Map<number, Directory | undefined>();
  return (version) => {
    if (known.has(version)) return known.get(version);
    const read = readSigned(member.node?.directory(version));
    const directory = read.ok ? read.signed.directory : undefined;
    known.set(version, directory);
    return directory;
  };
}

type Found = Check['findings'][number];

/** Whether messages of a type, or their replies, take the urgent lane. */
function urgentTypes(systems: readonly SystemType[]): (type: string) => boolean {
  const urgent = systems.flatMap((system) => [...system.messages.values()].filter((one) => one.urgent));
  const types = new Set(urgent.flatMap(({ type }) => [type, `${type}/reply`]));
  return (type) => types.has(type);
}

/** Nothing waits for people, no conversation and no hold is open. */
function standing(member: Member): Finding[] {
  return member.disk.tables.partitions.flatMap((tables, partition) => {
    const at = `${member.code} ${partition}`;
    const held = [...tables.held.values()].map((row) => ({
      rule: 'held',
      at: `${at} ${row.subject}`,
      detail: row.reason,
    }));
    const talks = [...tables.conversations.values()]
      .filter((row) => row.state === 'open')
      .map((row) => ({
        rule: 'conversation',
        at,
        detail: `${row.command} has not ended: ${row.open} answers owed`,
      }));
    const awaited = [...tables.awaited.values()].map((row) => ({
      rule: 'conversation',
      at: `${at} ${row.subject}`,
      detail: `${row.type} is not answered`,
    }));
    const holds = [...tables.holds.values()]
      .filter((row) => row.state === 'open')
      .map((row) => ({ rule: 'hold', at, detail: `${row.name} is still reserved` }));
    return [...held, ...talks, ...awaited, ...holds];
  });
}
