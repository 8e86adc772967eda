import { fromUtf8, toUtf8 } from '../exchange/bytes.ts';
import { readBatchHead, readReceipt } from '../exchange/head.ts';
import { type Message, streamOf } from '../exchange/message.ts';
import { readRefusals } from '../exchange/receipt.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf, positionOf } from '../runtime/ids.ts';
import { entriesIn, isUrgent, parseOwn } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';

/** The frame that a message crossed in: its place in a stream, and when its sender signed it. */
export interface Frame {
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly signed: string;
}

/** What the receiver countersigned: when, with which key, and the code where it refused this very message. 回执 */
export interface Countersigned {
  readonly time: string;
  readonly key: string;
  readonly refused: string | undefined;
}

/** A message on its way to a peer: without a frame it waits here, without a receipt nobody has signed for it. */
export interface Crossing {
  readonly frame: Frame | undefined;
  readonly receipt: Countersigned | undefined;
}

/** How far a message to a peer is; `at`: where the handler that sent it left it, as `out` or, for another partition of this node, as `route`. */
export async function crossingOf(
  env: Environment,
  partition: number,
  at: number,
  message: Message,
): Promise<Crossing> {
  const waits: Crossing = { frame: undefined, receipt: undefined };
  const q = partitionOf(message.subject, env.scene.partitions);
  const left = q === partition ? at : await routedTo(env, { partition, at }, q, message.id);
  if (left === undefined) return waits;
  const framed = await env.store.sentAt(q, message.to, streamFor(env, message), left);
  if (framed === undefined) return waits;
  const { sent, receipt } = framed;
  const frame = frameOf(sent);
  const read = receipt && readReceipt(receipt.receipt);
  if (!receipt || !read?.ok) return { frame, receipt: undefined };
  const { time, key, count } = read.value;
  const refusals = readRefusals(toUtf8(receipt.refusals), count);
  const refused = refusals.ok ? refusals.value.find(({ id }) => id === message.id)?.code : undefined;
  return { frame, receipt: { time, key, refused } };
}

/** The frame in which a peer's message came to a position; undefined where it belongs to an epoch of the stream that is over. */
export async function cameIn(
  env: Environment,
  partition: number,
  position: number,
  message: Message,
): Promise<Frame | undefined> {
  const peer = message.source.slice('yitong:'.length);
  const stream = streamFor(env, message);
  const last = (await env.store.tail(partition)).received.find(
    (row) => row.peer === peer && row.stream === stream,
  );
  if (last === undefined) return undefined;
  const at = (seq: number) => env.store.received(partition, peer, stream, last.epoch, seq);
  // The last frame that began at or before the position; positions rise with the frames' numbers.
  const seq = await firstWhere(1, last.seq + 1, async (seq) => ((await at(seq))?.at ?? 0) > position);
  const row = seq > 1 ? await at(seq - 1) : undefined;
  const isIt = row !== undefined && placeOf(row.at).seq === placeOf(position).seq;
  return isIt ? frameOf(row) : undefined;
}

function streamFor(env: Environment, message: Message): string {
  return streamOf(isUrgent(env, message) ? 'urgent' : 'main', message.subject, env.scene.streams);
}

function frameOf({
  stream,
  epoch,
  seq,
  head,
}: {
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly head: Uint8Array;
}): Frame {
  const read = readBatchHead(head);
  if (!read.ok) throw new Error(`the stored head of a frame is none: ${fromUtf8(head) ?? ''}`);
  return { stream, epoch, seq, signed: read.value.time };
}

/** Where a partition put a message that another routed to it; undefined while it has not taken it yet. */
async function routedTo(
  { store }: Environment,
  from: { readonly partition: number; readonly at: number },
  q: number,
  id: string,
): Promise<number | undefined> {
  const { journal } = await store.tail(q);
  const took = async (seq: number) => {
    const [batch] = await store.read(q, seq, 1);
    return (batch?.row.routes[from.partition] ?? 0) >= from.at;
  };
  const seq = await firstWhere(1, journal.seq + 1, took);
  const [batch] = seq <= journal.seq ? await store.read(q, seq, 1) : [];
  const entry = batch && entriesIn(batch).find((one) => one.kind === 'out' && parseOwn(one.bytes).id === id);
  return entry && positionOf(seq, entry.index);
}

/** The first number from `low` on, below `end`, for which something holds that then holds for all; `end` when for none. */
async function firstWhere(low: number, end: number, holds: (n: number) => Promise<boolean>): Promise<number> {
  let [from, to] = [low, end];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (await holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
