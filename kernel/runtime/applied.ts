import { encodeAnswer } from '../exchange/receipt.ts';
import type { RecordRow } from '../store/rows.ts';
import type { Assembled } from './assemble.ts';
import { count, type Environment } from './environment.ts';
import { newStream } from './frames.ts';
import type { Finished, Plan } from './plan.ts';
import { type OpenFrame, type OutStream, type PartitionState, streamKey } from './state.ts';

/** What the writer tells the rest of the node once a batch is durable. */
export interface WriterEvents {
  /** A finished input: its outcome and what it made. */
  finished(partition: number, finished: Finished, seq: number): void;
  /** Frames to bring to a peer. */
  frames(partition: number, stream: OutStream, frames: readonly OpenFrame[]): void;
  /** A message for another partition of this node. */
  route(partition: number, finished: Finished, k: number, at: number): void;
  committed(
    partition: number,
    rows: readonly RecordRow[],
    conversations: Assembled['commit']['conversations'],
  ): void;
  /** Peers that no more is to be sent to now. */
  congested(): ReadonlySet<string>;
  /** The lease is lost: the node takes it again. */
  lost(partition: number): void;
}

/** A batch is durable: the state moves on, and what it made may leave. */
export function applied(env: Environment, events: WriterEvents, plan: Plan, assembled: Assembled): void {
  const { state } = plan;
  const { commit, frames, places, answers, routes } = assembled;
  state.seq = commit.journal.seq;
  state.link = commit.journal.link;
  state.now = commit.journal.now;
  state.routes = [...commit.journal.routes];
  plan.overlay.merge();
  state.cache.trim();
  for (const at of commit.held.gone) state.held.delete(at);
  for (const row of commit.held.put) state.held.set(row.at, row);
  for (const { due } of commit.timers.put) state.nextDue = Math.min(state.nextDue ?? due, due);
  queueOuts(state, places, env.clock.monotonic());
  const { partition } = state;
  for (const frame of frames) {
    const sent = moveOn(state, frame);
    if (sent) events.frames(partition, sent.stream, [sent.open]);
  }
  for (const { frame, answer } of answers) frame.done(encodeAnswer(answer));
  for (const route of routes) events.route(partition, route.finished, route.k, route.at);
  for (const one of plan.finished) events.finished(partition, one, plan.seq);
  events.committed(partition, commit.records, commit.conversations);
  count(env, 'messages', plan.slots.length);
  count(env, 'batches');
}

function queueOuts(state: PartitionState, places: Assembled['places'], since: number): void {
  for (const { outgoing, at, stream } of places) {
    const key = streamKey(outgoing.message.to, stream);
    const found = state.streams.get(key) ?? newStream(key, 1);
    state.streams.set(key, found);
    found.pending.push({ at, bytes: outgoing.bytes, leaf: outgoing.leaf, since });
  }
}

/** The stream's cursor moves behind a frame that is now stored. */
function moveOn(
  state: PartitionState,
  { row, frame, taken, since }: Assembled['frames'][number],
): { readonly stream: OutStream; readonly open: OpenFrame } | undefined {
  const stream = state.streams.get(streamKey(row.peer, row.stream));
  if (!stream) return undefined;
  stream.pending.splice(0, taken);
  stream.epoch = row.epoch;
  stream.seq = row.seq;
  stream.link = row.link;
  stream.next = row.number + row.count;
  stream.framed = row.uptoAt;
  const open = { row, frame, since };
  stream.unreceipted.push(open);
  return { stream, open };
}
