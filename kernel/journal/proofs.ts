import { toUtf8 } from '../exchange/bytes.ts';
import { buildEvidence, type Evidence } from '../exchange/evidence.ts';
import { cosignedOf } from '../exchange/evidence-checkpoint.ts';
import { NotProven } from '../exchange/evidence-parts.ts';
import { readBatchHead } from '../exchange/head.ts';
import type { SignedDirectory } from '../exchange/signed-directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf, positionOf } from '../runtime/ids.ts';
import { entriesIn, messagesOf, parseOwn } from '../runtime/open.ts';
import { cosignersMin } from '../service/cosigning.ts';
import type { SegmentRow } from '../store/rows.ts';
import { treeOf } from '../witness/log-at.ts';
import { checkpointOrigin, segmentLeaf, segmentOf, signCheckpoint } from './checkpoint.ts';
import { doneBy } from './entries.ts';
import { leafHash, merkleTree } from './merkle.ts';
import { underCheckpoint } from './under-checkpoint.ts';

const page = 64;

/** Evidence (B12) for a message to a peer, found by its own id or by its command's; undefined when not known or not yet receipted. */
export async function evidenceFor(
  env: Environment,
  id: string,
  directories: readonly SignedDirectory[],
): Promise<Evidence | undefined> {
  for (const { partition, peer } of await lines(env)) {
    const found = await inPartition(env, partition, peer, id, directories);
    if (found) return found;
  }
  return undefined;
}

/** Partitions with the peers that they send to. */
async function lines(env: Environment): Promise<readonly { partition: number; peer: string }[]> {
  const streams = await env.reader.streams();
  const known = new Map(streams.map(({ partition, peer }) => [`${partition} ${peer}`, { partition, peer }]));
  return [...known.values()].sort((a, b) => a.partition - b.partition);
}

/** Where the first message to a peer with this id or conversation was sent from, and the id of the message that it came of. */
export async function sentHere(
  env: Environment,
  id: string,
): Promise<{ readonly partition: number; readonly at: number; readonly cause?: string } | undefined> {
  for (const { partition, peer } of await lines(env)) {
    const found = await search(env, partition, peer, id);
    if (found !== undefined) return { partition, ...found };
  }
  return undefined;
}

/**
 * Evidence (B12) for the first message to a peer that left with a record's version, such as the answer that told of it; undefined when the
 * input that wrote the record sent none, or the peer has not receipted it yet. `at` is the record's, `partition.position`.
 */
export async function evidenceOfRecord(
  env: Environment,
  at: string,
  directories: readonly SignedDirectory[],
): Promise<Evidence | undefined> {
  const [partition = 0, position = 0] = at.split('.').map(Number);
  const { seq, index } = placeOf(position);
  const [batch] = await env.store.read(partition, seq, 1);
  if (batch?.row.seq !== seq) return undefined;
  const entries = entriesIn(batch);
  const begin = entries.findLastIndex((entry) => entry.kind === 'did' && entry.index < index);
  const sent = doneBy(entries, begin).find(({ kind }) => kind === 'out');
  if (begin < 0 || sent === undefined) return undefined;
  const { to } = parseOwn(sent.bytes);
  const streams = (await env.reader.streams()).filter(
    (one) => one.partition === partition && one.peer === to,
  );
  for (const { stream } of streams) {
    const found = { at: positionOf(seq, sent.index), stream };
    const proof = await proofOf(env, partition, to, found, directories);
    if (proof) return proof;
  }
  return undefined;
}

interface Found {
  readonly at: number;
  readonly stream: string;
}

async function inPartition(
  env: Environment,
  partition: number,
  peer: string,
  id: string,
  directories: readonly SignedDirectory[],
): Promise<Evidence | undefined> {
  const streams = (await env.reader.streams()).filter(
    (one) => one.partition === partition && one.peer === peer,
  );
  const sent = await search(env, partition, peer, id);
  for (const found of sent === undefined ? [] : streams.map(({ stream }) => ({ at: sent.at, stream }))) {
    const proof = await proofOf(env, partition, peer, found, directories);
    if (proof) return proof;
  }
  return undefined;
}

/** Position of the first message to a peer with this id or conversation, and the id of the message that it came of. */
async function search(
  env: Environment,
  partition: number,
  peer: string,
  id: string,
): Promise<{ readonly at: number; readonly cause?: string } | undefined> {
  for (let seq = 1; ; ) {
    const batches = await env.store.read(partition, seq, page, peer);
    for (const batch of batches)
      for (const entry of entriesIn(batch)) {
        if (entry.kind !== 'out') continue;
        const message = parseOwn(entry.bytes);
        if (message.to !== peer || (message.id !== id && message.conversation !== id)) continue;
        const { causationid: cause } = message;
        return { at: positionOf(batch.row.seq, entry.index), ...(cause === undefined ? {} : { cause }) };
      }
    const last = batches.at(-1);
    if (!last || batches.length < page) return undefined;
    seq = last.row.seq + 1;
  }
}

async function proofOf(
  env: Environment,
  partition: number,
  peer: string,
  { at, stream }: Found,
  directories: readonly SignedDirectory[],
): Promise<Evidence | undefined> {
  const framed = await env.store.sentAt(partition, peer, stream, at);
  if (!framed?.receipt) return undefined;
  const { sent, receipt } = framed;
  const messages = await messagesOf(env, partition, sent);
  const index = messages.findIndex((one) => one.at === at);
  const message = messages[index];
  if (!message) return undefined;
  const tree = merkleTree(
    env.suite,
    messages.map((one) => leafHash(env.suite, one.bytes)),
  );
  const parts = {
    message: message.bytes,
    index,
    size: messages.length,
    path: tree.inclusion(index),
    head: sent.head,
    headSignature: sent.signature,
    receipt: { text: receipt.receipt, signature: receipt.signature, refusals: toUtf8(receipt.refusals) },
    directories,
  };
  const more = await underCheckpoint(env, partition, at);
  const whole = more && buildEvidence({ ...parts, more });
  return whole && standsCosigned(whole, sent.head, directories) ? whole : buildEvidence(parts);
}

/** Whether the keys under the checkpoint are still good: what is proven without it must not fail with it. */
function standsCosigned(file: Evidence, head: Uint8Array, directories: readonly SignedDirectory[]): boolean {
  const read = readBatchHead(head);
  try {
    return (
      read.ok &&
      cosignedOf(
        file,
        read.value,
        directories.map((one) => one.directory),
      ).cosigned.length >= cosignersMin
    );
  } catch (error) {
    if (error instanceof NotProven) return false;
    throw error;
  }
}

/** The log tree's newest checkpoint, with segments of all heads that are not in it yet. Partition 0 holds the tree. */
export async function takeCheckpoint(
  env: Environment,
  epoch: number,
  tails: readonly number[],
): Promise<string> {
  const { segments, checkpoint } = await env.store.segments();
  const tree = treeOf(env.suites['ed25519-sha256'], segments);
  const added: SegmentRow[] = [];
  for (const [partition, last] of tails.entries()) {
    const first =
      Math.max(0, ...segments.filter((one) => one.partition === partition).map((one) => one.last)) + 1;
    if (first > last) continue;
    const heads = await env.store.heads(partition, first, last);
    if (heads.length !== last - first + 1) throw new Error('the journal has a hole');
    const segment: SegmentRow = {
      number: segments.length + added.length,
      ...segmentOf(partition, first, heads),
    };
    added.push(segment);
    tree.append(segmentLeaf(segment));
  }
  if (added.length === 0 && checkpoint) return checkpoint.text;
  const origin = checkpointOrigin(env.scene.region, env.scene.here);
  if (!env.journalKey)
    throw new Error(
      'no Ed25519 key of this member may sign its journal: see the directory and the keys at hand',
    );
  const text = signCheckpoint(env.journalKey, { origin, size: tree.size, root: tree.root() });
  const stored = await env.store.checkpoint(epoch, added, { number: tree.size, text, at: env.clock.now() });
  if (!stored) throw new Error('another process wrote the log tree');
  return text;
}
