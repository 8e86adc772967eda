import type { Environment } from './environment.ts';
import { Plan } from './plan.ts';
import type { Waiting } from './queue.ts';
import { runPlan } from './run-plan.ts';
import type { OutStream, PartitionState } from './state.ts';

/** A peer without a receipt for so long is away, not overloaded: what gathers for it meanwhile is kept, however long it takes. */
const silentMs = 5_000;

/**
 * Whether a peer takes what is sent in a stream, and too slowly: when its last receipt came the oldest message left had waited for longer
 * than `mostMs`. One that is away, or has just come back, is not congested: store and forward is for that.
 */
function isCongested(stream: OutStream, nowMs: number, mostMs: number): boolean {
  const since = oldestOf(stream);
  const { receipted, returned } = stream.pace;
  if (since === undefined || receipted === undefined || since < returned) return false;
  return receipted - since > mostMs && nowMs - receipted <= silentMs;
}

/** A receipt came: the stream's pace is noted before its frame goes. */
export function notePace(stream: OutStream, nowMs: number): void {
  const { pace } = stream;
  const silent = nowMs - Math.max(pace.receipted ?? 0, oldestOf(stream) ?? nowMs);
  if (silent > silentMs) pace.returned = nowMs;
  pace.receipted = nowMs;
}

const oldestOf = ({ unreceipted, pending }: OutStream): number | undefined =>
  (unreceipted[0] ?? pending[0])?.since;

/**
 * Peers that new work must not be sent to now, for what was accepted before would wait ever longer: they take too slowly what is sent, or
 * what they sent has waited too long here, because this node does not keep up itself. Each is judged alone: a member that floods,
 * or is slow, hinders what concerns it and nothing else.
 */
export function congestedPeers(env: Environment, writers: readonly Lanes[]): ReadonlySet<string> {
  const nowMs = env.clock.monotonic();
  const { streamMs } = env.limits;
  const congested = new Set<string>();
  for (const writer of writers)
    for (const stream of writer.state?.streams.values() ?? []) {
      const since = writer.since(stream.peer);
      const waits = since !== undefined && nowMs - since > streamMs;
      if (waits || isCongested(stream, nowMs, streamMs)) congested.add(stream.peer);
    }
  return congested;
}

/** A partition's streams, and since when the first that came from a peer waits there. */
interface Lanes {
  readonly state: PartitionState | undefined;
  since(peer: string): number | undefined;
}

/** Of what was taken for a batch the local commands that would send something to one of the peers, directly or by what they cause here. */
export async function sendersTo(
  peers: ReadonlySet<string>,
  env: Environment,
  state: PartitionState,
  taken: readonly Waiting[],
  nowMs: number,
): Promise<ReadonlySet<Waiting>> {
  const commands = taken.filter(({ input, known }) => input.kind === 'command' && known === undefined);
  if (peers.size === 0 || commands.length === 0) return new Set();
  const inputs = commands.map(({ input }) => input);
  // A trial: nothing of it is written.
  const plan = new Plan(env.scene, state, inputs, nowMs, new Map());
  await runPlan(plan, env);
  const sends = plan.finished.filter(({ merged }) =>
    [...(merged?.outs ?? []), ...(merged?.routes ?? [])].some(({ message }) => peers.has(message.to)),
  );
  const roots = new Set(sends.map(({ slot }) => slot.root));
  return new Set(commands.filter((_, index) => roots.has(index)));
}
