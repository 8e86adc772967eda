import type { Seen } from '../api.ts';
import { fromUtf8 } from '../exchange/bytes.ts';
import { epochOf } from '../exchange/directory.ts';
import { encodeFrame, joinBody } from '../exchange/frame.ts';
import { type Message, schemaMajor, streamOf } from '../exchange/message.ts';
import { type PackedEntry, unpackEntries } from '../journal/entries.ts';
import { leafHash } from '../journal/merkle.ts';
import { Cache } from '../records/cache.ts';
import type { SentRow } from '../store/rows.ts';
import type { JournalBatch } from '../store/store.ts';
import type { Environment } from './environment.ts';
import { lanesOf, newStream } from './frames.ts';
import { decodeData, type Item } from './handle.ts';
import { placeOf, positionOf } from './ids.ts';
import { partitionOf } from './partition.ts';
import { type OutStream, type PartitionState, type PendingOut, streamKey } from './state.ts';

const page = 64;

/** Why a message of a newer major than this program knows is held; it is released when a program knows it. */
export const newerVersion = 'newer-version';

/** What a partition's writer must know before its first batch, from the store alone. */
export async function openPartition(
  env: Environment,
  partition: number,
  epoch: number,
): Promise<PartitionState & { received: Map<string, InTail> }> {
  const tail = await env.store.tail(partition);
  const streams = new Map<string, OutStream>();
  for (const { last, unreceipted } of tail.sent) {
    const key = streamKey(last.peer, last.stream);
    const stream = newStream(key, last.epoch);
    stream.seq = last.seq;
    stream.link = last.link;
    stream.next = last.number + last.count;
    stream.framed = last.uptoAt;
    // Frames of an earlier epoch without a receipt are void: their messages went into later ones (B8).
    const open = unreceipted.filter((row) => row.epoch === last.epoch);
    stream.unreceipted.push(...open.map((row) => ({ row, frame: undefined, since: env.clock.monotonic() })));
    streams.set(key, stream);
  }
  const { seq, link, now, routes } = tail.journal;
  const state = {
    partition,
    epoch,
    seq,
    link,
    now,
    routes: Array.from({ length: env.scene.partitions }, (_, index) => routes[index] ?? 0),
    cache: new Cache(env.limits.cache / env.scene.partitions),
    streams,
    held: new Map(tail.held.map((row) => [row.at, row])),
    nextDue: tail.nextDue,
    received: new Map(
      tail.received.map((row) => [
        streamKey(row.peer, row.stream),
        { epoch: row.epoch, seq: row.seq, link: row.link, next: row.next },
      ]),
    ),
  };
  const peers = [
    ...env.directory.members.map(({ code }) => code),
    ...[...streams.values()].map(({ peer }) => peer),
  ];
  for (const peer of new Set(peers)) if (peer !== env.scene.here) await refill(env, state, peer);
  return state;
}

/** Last frame of a stream that was accepted here. */
export interface InTail {
  readonly epoch: number;
  readonly seq: number;
  readonly link: Uint8Array;
  readonly next: number;
}

/**
 * Messages for a peer that no frame took yet are read back from the journal (K5). Each commit frames what waits, unless four frames
 * of its stream are open, or nothing may be signed: no key is at hand, or the directory has closed the stream's epoch and its
 * receiver has not yet said where the next begins. So streams at rest in today's epoch are not read, however old their last frame is.
 */
async function refill(env: Environment, state: PartitionState, peer: string): Promise<void> {
  const from = placeOf(Math.min(...waitingFrom(env, state, peer))).seq;
  for await (const { at, message, pending } of outsFor(env, state.partition, peer, from)) {
    const urgent = isUrgent(env, message);
    const key = streamKey(peer, streamOf(urgent ? 'urgent' : 'main', message.subject, env.scene.streams));
    const stream = state.streams.get(key) ?? newStream(key, 1);
    state.streams.set(key, stream);
    if (at > stream.framed) stream.pending.push(pending);
  }
}

/** Positions behind which messages for a peer may wait. */
function waitingFrom(env: Environment, state: PartitionState, peer: string): readonly number[] {
  const epoch = epochOf(env.directory, env.scene.here);
  const all = [...state.streams.values()];
  const own = all.filter((stream) => stream.peer === peer);
  const open = own.filter((stream) => stream.unreceipted.length > 0 || stream.epoch < epoch);
  // Whatever could be signed was, up to the last frame of all; a stream that never had one is in the first epoch still.
  const last = Math.max(0, ...all.map((stream) => stream.framed));
  return [...open.map((stream) => stream.framed), epoch > 1 && own.length < streamsHere(env) ? 0 : last];
}

/** How many streams to one peer a partition has once each has sent something. */
function streamsHere({ scene }: Environment): number {
  return (lanesOf(scene).length * scene.streams) / scene.partitions;
}

/** Bytes of a stored frame, made again from the journal: the same head, signature and inflated body. */
export async function frameBytes(env: Environment, partition: number, row: SentRow): Promise<Uint8Array> {
  const messages = await messagesOf(env, partition, row);
  const body = joinBody(messages.map((one) => one.bytes));
  return encodeFrame({ head: row.head, signature: row.signature, body, deflate: env.scene.deflate });
}

/** Messages of a stored frame, from the journal. */
export async function messagesOf(env: Environment, partition: number, row: SentRow): Promise<PendingOut[]> {
  const messages: PendingOut[] = [];
  for await (const { at, message, pending } of outsFor(env, partition, row.peer, placeOf(row.fromAt).seq)) {
    if (at > row.uptoAt) break;
    const lane = isUrgent(env, message) ? 'urgent' : 'main';
    if (at > row.fromAt && streamOf(lane, message.subject, env.scene.streams) === row.stream)
      messages.push(pending);
  }
  return messages;
}

/** Routes of one partition for another, from a cursor on. */
export async function* routesFor(
  env: Environment,
  from: { readonly partition: number; readonly after: number },
  target: number,
): AsyncGenerator<{ readonly item: Item; readonly position: number }> {
  for await (const { at, entry } of entriesOf(env, from.partition, placeOf(from.after).seq, '')) {
    if (entry.kind !== 'route' || at <= from.after) continue;
    const item = itemOf(env, entry.bytes, env.scene.here);
    if (partitionOf(item.message.subject, env.scene.partitions) === target) yield { item, position: at };
  }
}

async function* outsFor(env: Environment, partition: number, peer: string, seq: number) {
  for await (const { at, entry } of entriesOf(env, partition, seq, peer)) {
    if (entry.kind !== 'out') continue;
    const message = parseOwn(entry.bytes);
    if (message.to !== peer) continue;
    const leaf = leafHash(env.suite, entry.bytes);
    const pending: PendingOut = { at, bytes: entry.bytes, leaf, since: env.clock.monotonic() };
    yield { at, message, pending };
  }
}

async function* entriesOf(
  env: Environment,
  partition: number,
  seq: number,
  peer: string,
): AsyncGenerator<{ readonly at: number; readonly entry: PackedEntry }> {
  let next = Math.max(1, seq);
  for (;;) {
    const batches = await env.store.read(partition, next, page, peer);
    for (const batch of batches)
      for (const entry of entriesIn(batch)) yield { at: positionOf(batch.row.seq, entry.index), entry };
    const last = batches.at(-1);
    if (!last || batches.length < page) return;
    next = last.row.seq + 1;
  }
}

/** All entries of a batch that are not erased with their class, in order of index. */
export function entriesIn(batch: JournalBatch): PackedEntry[] {
  return batch.bodies.flatMap((row) => unpackEntries(row.body)).sort((a, b) => a.index - b.index);
}

/** The entry at a position, also one that was erased; undefined when the journal has none there. */
export async function entryAt(
  { store }: Pick<Environment, 'store'>,
  partition: number,
  position: number,
): Promise<PackedEntry | undefined> {
  const { seq, index } = placeOf(position);
  const [batch] = await store.read(partition, seq, 1);
  return batch?.row.seq === seq ? entriesIn(batch).find((one) => one.index === index) : undefined;
}

/** A message of this node's own journal: it was checked when it went in. */
export function parseOwn(bytes: Uint8Array): Message & {
  readonly actor?: string;
  readonly roles?: string;
  readonly person?: string;
  readonly seen?: Seen;
} {
  return JSON.parse(fromUtf8(bytes) ?? '');
}

/** A message of the journal as an item to handle. Errors: its type is no longer declared. */
export function itemOf(env: Pick<Environment, 'scene' | 'suite'>, bytes: Uint8Array, from: string): Item {
  const message = parseOwn(bytes);
  const route = env.scene.registry.route(message.type);
  if (!route) throw new Error(`${message.type} is no longer declared`);
  const roles = (message.roles ?? '').split(' ').filter((role) => role !== '');
  const person = message.person === undefined ? {} : { person: message.person };
  const actor = message.actor === undefined ? {} : { actor: { id: message.actor, roles, ...person } };
  const seen = message.seen === undefined ? {} : { seen: message.seen };
  const item = { message, bytes, leaf: leafHash(env.suite, bytes), route, from, ...actor, ...seen };
  const newest = env.scene.registry.version(message.type);
  if (schemaMajor(message.dataschema) > newest) return { ...item, value: undefined, hold: newerVersion };
  const decoded = decodeData(route, message);
  if (!decoded.ok) return { ...item, value: undefined, hold: 'the data no longer fit their schema' };
  return { ...item, value: decoded.value };
}

/** Whether a message travels in the urgent lane. */
export function isUrgent(env: Environment, message: Message): boolean {
  const route = env.scene.registry.route(message.type);
  return (route?.is === 'message' || route?.is === 'reply') && route.message.urgent;
}
