import { instantOf } from '@yitong/kit';
import { toHex } from '../exchange/bytes.ts';
import { epochOf } from '../exchange/directory.ts';
import { encodeFrame, sealBatch } from '../exchange/frame.ts';
import { streamOf } from '../exchange/message.ts';
import type { SentRow } from '../store/rows.ts';
import type { Signing } from './assemble.ts';
import type { Environment } from './environment.ts';
import type { Outgoing } from './merge.ts';
import type { NodeScene } from './plan.ts';
import { type OutStream, type PartitionState, type PendingOut, streamKey } from './state.ts';

/** A message for a peer with its place in this batch. */
export interface OutPlace {
  readonly outgoing: Outgoing;
  readonly at: number;
  readonly stream: string;
}

/** A frame signed in this batch: stored before its first byte leaves. */
export interface NewFrame {
  readonly row: SentRow;
  readonly frame: Uint8Array;
  /** How many pending messages of the stream it took, and since when the first waits. */
  readonly taken: number;
  readonly since: number;
}

/** Most frames of a stream without a receipt, and most bytes of one frame (B7). */
const openFramesMax = 4;
/**
 * Most messages of one frame, as of a batch: its receiver handles a frame in one go. The protocol allows 1,000, which keep a node that has
 * much to do from answering anybody meanwhile.
 */
const messagesMax = 250;
const bytesMax = 1_048_576;

/** Name of the stream that a message goes by. */
export function streamNameOf({ message, urgent }: Outgoing, streams: number): string {
  return streamOf(urgent ? 'urgent' : 'main', message.subject, streams);
}

/** Lanes that messages of the node's systems go by. */
export function lanesOf({ registry }: Pick<NodeScene, 'registry'>): readonly ('main' | 'urgent')[] {
  const messages = registry.systems.flatMap((system) => [...system.messages.values()]);
  return messages.some(({ urgent }) => urgent) ? ['main', 'urgent'] : ['main'];
}

/** Builds a frame of what lies between each stream's cursor and now, where fewer than four are unreceipted (K36). */
export function framesOf(
  state: PartitionState,
  places: readonly OutPlace[],
  node: NodeScene,
  signing: Signing,
): NewFrame[] {
  const added = new Map<string, PendingOut[]>();
  for (const place of places) {
    const key = streamKey(place.outgoing.message.to, place.stream);
    const { bytes, leaf } = place.outgoing;
    const list = added.get(key);
    const one = { at: place.at, bytes, leaf, since: signing.sinceMs };
    if (list) list.push(one);
    else added.set(key, [one]);
  }
  const keys = new Set([...state.streams.keys(), ...added.keys()]);
  return [...keys].flatMap((key) => {
    const stream = state.streams.get(key) ?? newStream(key, 1);
    const waiting = [...stream.pending, ...(added.get(key) ?? [])];
    if (waiting.length === 0 || !hasFreeSlot(stream, signing.streamEpoch)) return [];
    return [frameOf(stream, waiting, node, signing)];
  });
}

/** Epoch in which this member's streams may sign frames now; 0, which no stream is in, while no key at hand may sign. */
export function signingEpoch(env: Pick<Environment, 'canSign' | 'directory' | 'scene'>): number {
  return env.canSign ? epochOf(env.directory, env.scene.here) : 0;
}

/**
 * Whether a stream may sign another frame. One whose epoch the directory has closed first learns from its receiver where the next
 * epoch begins (B8).
 */
export function hasFreeSlot(stream: OutStream, streamEpoch: number): boolean {
  return stream.unreceipted.length < openFramesMax && stream.epoch === streamEpoch;
}

/** A stream that has sent nothing yet. */
export function newStream(key: string, epoch: number): OutStream {
  const [peer = '', stream = ''] = key.split(' ');
  return {
    peer,
    stream,
    epoch,
    seq: 0,
    link: new Uint8Array(32),
    next: 1,
    framed: 0,
    pending: [],
    unreceipted: [],
    pace: { receipted: undefined, returned: 0 },
  };
}

function frameOf(
  stream: OutStream,
  waiting: readonly PendingOut[],
  node: NodeScene,
  signing: Signing,
): NewFrame {
  const chosen = firstFitting(waiting);
  const { suite, key, wallMs, directory } = signing;
  const place = {
    region: node.region,
    from: node.here,
    to: stream.peer,
    stream: stream.stream,
    epoch: stream.epoch,
    seq: stream.seq + 1,
    first: stream.next,
    prev: toHex(stream.link),
    time: instantOf(wallMs),
    directory,
  };
  const sealed = sealBatch({
    suite,
    key,
    place,
    messages: chosen.map((one) => one.bytes),
    leaves: chosen.map((one) => one.leaf),
  });
  const row: SentRow = {
    peer: stream.peer,
    stream: stream.stream,
    epoch: stream.epoch,
    seq: place.seq,
    head: sealed.headBytes,
    signature: sealed.signature,
    link: sealed.link,
    number: place.first,
    count: chosen.length,
    fromAt: stream.framed,
    uptoAt: chosen.at(-1)?.at ?? stream.framed,
  };
  const { headBytes: head, signature, body } = sealed;
  return {
    row,
    frame: encodeFrame({ head, signature, body, deflate: body.length > 512 ? node.deflate : undefined }),
    taken: chosen.length,
    since: chosen[0]?.since ?? signing.sinceMs,
  };
}

function firstFitting(waiting: readonly PendingOut[]): readonly PendingOut[] {
  let bytes = 0;
  let count = 0;
  for (const one of waiting) {
    bytes += one.bytes.length;
    if (count > 0 && (count >= messagesMax || bytes > bytesMax)) break;
    count += 1;
  }
  return waiting.slice(0, count);
}
