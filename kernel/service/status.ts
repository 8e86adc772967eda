import type { NodeStatus } from '../api.ts';
import type { Courier } from '../exchange/courier.ts';
import type { Directory } from '../exchange/directory.ts';
import { instantMs } from '../exchange/instant.ts';
import type { SignedDirectory } from '../exchange/signed-directory.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { Directories } from './directories.ts';
import type { Siblings } from './siblings.ts';

/** State of the node as `status` and `/ready` tell it. */
export function statusOf(
  env: Environment,
  writers: readonly PartitionWriter[],
  courier: Courier,
  directories: Pick<Directories, 'conflicts'>,
  siblings: Siblings,
  stopped: boolean,
): NodeStatus {
  const { directory, scene } = env;
  const partitions = writers.map((writer) => ({
    partition: writer.partition,
    epoch: writer.state?.epoch ?? 0,
    seq: writer.state?.seq ?? 0,
    queue: writer.queued,
    writing: writer.writing,
  }));
  const jumpedMs = env.clock.jumped();
  const others = directory.members.map(({ code }) => code).filter((member) => member !== scene.here);
  const peers = others.map((member) => peerOf(writers, courier, member));
  const { outdated } = env;
  const without =
    outdated === undefined
      ? writers.filter((writer) => !writer.state && !siblings.holds(writer.partition))
      : [];
  const reasons = [
    ...(stopped ? ['the node is stopped'] : []),
    ...(outdated === undefined ? [] : [outdated]),
    ...(jumpedMs === undefined ? [] : [jumped(jumpedMs)]),
    ...(env.canSign ? [] : [noKey(directory.version)]),
    ...without.map((writer) => `partition ${writer.partition} has no writer here`),
    ...clockReasons(peers),
  ];
  const { version, issued, expires } = directory;
  const held = writers.reduce((sum, writer) => sum + (writer.state?.held.size ?? 0), 0);
  const head = { member: scene.here, region: scene.region, directory: { version, issued, expires } };
  const warnings = directoryWarnings(directory, directories.conflicts, env.clock.now());
  return { ...head, partitions, peers, held, ready: reasons.length === 0, reasons, warnings };
}

function noKey(version: number): string {
  return `no key at hand may sign by directory ${version}: put the new key’s file beside the old one, or have one listed (yitong member rotate)`;
}

const dayMs = 86_400_000;
/** A directory is issued anew every week (exchange protocol B8); one that is older may be what somebody wants us to believe. */
const staleMs = 8 * dayMs;

/** Traffic goes on with an old directory, and even with one that expired: it must not stop an ambulance. People are told. */
function directoryWarnings(
  { version, issued, expires }: Directory,
  conflicts: readonly SignedDirectory[],
  nowMs: number,
): string[] {
  const ageMs = nowMs - (instantMs(issued) ?? nowMs);
  const isExpired = nowMs >= (instantMs(expires) ?? nowMs);
  const days = Math.floor(ageMs / dayMs);
  const old = isExpired
    ? `directory ${version} expired at ${expires}: no new key can be trusted until the members sign another (yitong member reissue)`
    : `directory ${version} is ${days} days old: the members sign another every week (yitong member reissue)`;
  return [
    ...(ageMs > staleMs || isExpired ? [old] : []),
    ...conflicts.map(
      (one) =>
        `directory ${one.directory.version} exists twice, both signed: see yitong member show, and ask the signers of both`,
    ),
  ];
}

function jumped(byMs: number): string {
  const by = `${byMs > 0 ? 'ahead' : 'back'} by ${Math.round(Math.abs(byMs) / 1_000)} s`;
  return `the clock jumped ${by}: timers stand still until it is set right and the node restarted, or POST /clock accepts it`;
}

/** Difference to most of the members from which on a node's own clock is held to be wrong (exchange protocol B13). */
const skewMaxMs = 120_000;

/** One member alone cannot show whose clock is wrong; the median of two or more can. */
function clockReasons(peers: NodeStatus['peers']): string[] {
  const measured = peers.flatMap(({ skewMs }) => (skewMs === undefined ? [] : [skewMs]));
  const median = medianOf(measured);
  if (measured.length < 2 || Math.abs(median) <= skewMaxMs) return [];
  const behind = median > 0 ? 'behind' : 'ahead of';
  return [`this node's clock is ${Math.round(Math.abs(median) / 1_000)} s ${behind} most members'`];
}

/** Of an even count the mean of the two in the middle: of two that disagree neither is taken for most. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = 0, high = 0] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

function peerOf(
  writers: readonly PartitionWriter[],
  courier: Courier,
  member: string,
): NodeStatus['peers'][number] {
  const { reachable, lastReceipt, skewMs, alarms } = courier.note(member);
  const streams = writers.flatMap((writer) => [...(writer.state?.streams.values() ?? [])]);
  const own = streams.filter((stream) => stream.peer === member);
  return {
    member,
    reachable,
    lastReceipt,
    skewMs,
    unreceipted: own.reduce((sum, stream) => sum + stream.unreceipted.length, 0),
    alarms: [...alarms].map(([stream, alarm]) => ({ stream, ...alarm })),
  };
}
