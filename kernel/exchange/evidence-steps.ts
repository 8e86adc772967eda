import { checkpointSuite } from '../journal/checkpoint.ts';
import { leafHash, verifyInclusion } from '../journal/merkle.ts';
import { fromHex, toHex, toUtf8 } from './bytes.ts';
import { parseCanonical } from './canonical.ts';
import { type Directory, type DirectoryKey, isRevokedAt, type KeyUse, keyAt } from './directory.ts';
import { readDirectory } from './directory-read.ts';
import { directoryHash, verifyStep } from './directory-step.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { decoded, hash, NotProven, newestOf } from './evidence-parts.ts';
import { type BatchHead, link, type Receipt, readBatchHead, readReceipt } from './head.ts';
import { instantMs } from './instant.ts';
import { isMessage, type Message } from './message.ts';
import { readRefusals, refusalsHash } from './receipt.ts';
import type { Suites } from './suite.ts';

type Found<T> = T & { readonly found: string };

/** The file's shape. */
export function opened(json: string): Found<{ readonly file: Evidence }> {
  const read = readEvidence(json);
  if (!read.ok) throw new NotProven(read.detail);
  return { file: read.value, found: read.value.format };
}

/** Step 1: the directories, each bound to the trusted one: earlier ones by `prev`, later ones by their signers. */
export function walked(
  file: Pick<Evidence, 'directories'>,
  trusted: string,
  suites: Suites,
): Found<{ readonly walk: readonly Directory[] }> {
  const walk = file.directories.map(({ canonical }, index) => {
    const read = readDirectory(toUtf8(canonical));
    if (!read.ok) throw new NotProven(`directory ${index}: ${read.detail}`);
    return read.directory;
  });
  const known = walk.findIndex((directory) => directoryHash(directory) === trusted);
  if (known < 0) throw new NotProven('none of the directories has the trusted hash');
  for (const [index, next] of walk.entries()) {
    const previous = walk[index - 1];
    if (previous === undefined) continue;
    if (index <= known) followsByHash(previous, next);
    else followsBySigners(previous, next, file.directories[index]?.signatures ?? {}, suites);
  }
  return { walk, found: `versions ${walk[0]?.version} to ${newestOf(walk).version}, from the trusted hash` };
}

/** Step 2: the batch head and the key that signed it. */
export function headOf(
  file: Pick<Evidence, 'head' | 'headSignature'>,
  walk: readonly Directory[],
  suites: Suites,
): Found<{ readonly head: BatchHead; readonly key: DirectoryKey }> {
  const bytes = toUtf8(file.head);
  const read = readBatchHead(bytes);
  if (!read.ok) throw new NotProven(`batch head: ${read.detail}`);
  const head = read.value;
  const key = signed(head, { bytes, signature: file.headSignature, use: 'batch', walk, suites });
  return { head, key, found: `signed with ${key.id} of ${head.from} at ${head.time}` };
}

/** Step 3: the message under the root that the head signs. */
export function messageOf(
  file: Evidence,
  head: BatchHead,
  suites: Suites,
): Found<{ readonly message: Message }> {
  const bytes = decoded(file.message);
  const parsed = parseCanonical(bytes);
  if (!parsed.ok) throw new NotProven(`the message is ${parsed.code}: ${parsed.detail}`);
  if (!isMessage(parsed.value)) throw new NotProven('the message breaks the rules of its envelope');
  if (file.size !== head.count)
    throw new NotProven(`size ${file.size} is not the head's count ${head.count}`);
  const suite = suites[head.suite];
  const claim = {
    leaf: leafHash(suite, bytes),
    index: file.index,
    size: file.size,
    path: file.path.map(hash),
    root: hash(head.root),
  };
  if (!verifyInclusion(suite, claim))
    throw new NotProven('the path does not lead from the message to the signed root');
  return { message: parsed.value, found: `message ${parsed.value.id} is ${file.index} of ${file.size}` };
}

/** Step 4: the message names the same members. */
export function parties(message: Message, head: BatchHead): Found<unknown> {
  if (message.source !== `yitong:${head.from}`)
    throw new NotProven("the message's source is not the head's sender");
  if (message.to !== head.to) throw new NotProven("the message's receiver is not the head's");
  return { found: `${head.from} to ${head.to}` };
}

/** Step 5: the receipt for this batch and the key that signed it. */
export function receiptOf(
  file: Evidence,
  head: BatchHead,
  walk: readonly Directory[],
  suites: Suites,
): Found<{ readonly receipt: Receipt; readonly key: DirectoryKey }> {
  const bytes = toUtf8(file.receipt);
  const read = readReceipt(bytes);
  if (!read.ok) throw new NotProven(`receipt: ${read.detail}`);
  const receipt = read.value;
  const batch = toHex(link(suites[head.suite], toUtf8(file.head)));
  const wanted = { ...head, from: head.to, to: head.from, batch };
  for (const line of ['region', 'from', 'to', 'stream', 'epoch', 'seq', 'batch', 'first', 'count'] as const)
    if (receipt[line] !== wanted[line]) throw new NotProven(`the receipt's "${line}" is not the batch's`);
  const key = signed(receipt, { bytes, signature: file.receiptSignature, use: 'receipt', walk, suites });
  return { receipt, key, found: `signed with ${key.id} of ${receipt.from} at ${receipt.time}` };
}

/** Step 6: the message is not among the refused. */
export function notRefused(file: Evidence, receipt: Receipt, suites: Suites): Found<unknown> {
  const bytes = toUtf8(file.refusals ?? '');
  if (refusalsHash(suites[receipt.suite], bytes) !== receipt.refusals)
    throw new NotProven('the refusals do not have the signed hash');
  const refusals = readRefusals(bytes, receipt.count);
  if (!refusals.ok) throw new NotProven(refusals.detail);
  if (refusals.value.length !== receipt.refused || receipt.accepted + receipt.refused !== receipt.count)
    throw new NotProven("the receipt's counts do not add up");
  const refusal = refusals.value.find((one) => one.index === file.index);
  if (refusal !== undefined) throw new NotProven(`the receiver refused this message: ${refusal.code}`);
  return { found: `${receipt.accepted} accepted, ${receipt.refused} refused; this one accepted` };
}

/** Step 7: neither key was revoked before the receipt's time, in any version of the file. */
export function notRevoked(
  keys: readonly DirectoryKey[],
  receipt: Receipt,
  walk: readonly Directory[],
): Found<unknown> {
  const timeMs = instantMs(receipt.time) ?? Number.NaN;
  for (const { id } of keys)
    for (const directory of walk)
      for (const key of directory.members.flatMap((member) => member.keys))
        if (key.id === id && isRevokedAt(key, timeMs))
          throw new NotProven(`not proven: key ${id} was revoked before the receipt's time`);
  return { found: `neither key was revoked by ${receipt.time}` };
}

/** The contents have the hashes that the message names. */
export function blobsOf(file: Evidence, message: Message): Found<unknown> {
  const named = JSON.stringify(message.data);
  const blobs = file.blobs ?? [];
  for (const blob of blobs) {
    const digest = toHex(checkpointSuite.digest(decoded(blob.content)));
    if (digest !== blob.sha256) throw new NotProven('a content does not have its hash');
    if (!named.includes(`"${digest}"`)) throw new NotProven('the message does not name a content');
  }
  return { found: `${blobs.length} contents that the message names` };
}

/** The key that signed a text: of the version that the text names, for the use, valid at the text's time. */
function signed(
  text: Pick<BatchHead, 'from' | 'key' | 'suite' | 'time' | 'directory' | 'region'>,
  by: {
    readonly bytes: Uint8Array;
    readonly signature: string;
    readonly use: KeyUse;
    readonly walk: readonly Directory[];
    readonly suites: Suites;
  },
): DirectoryKey {
  const directory = by.walk.find((one) => one.version === text.directory);
  if (directory === undefined)
    throw new NotProven(`directory ${text.directory}, which it names, is not in the file`);
  if (directory.region !== text.region) throw new NotProven(`it is of another region than the directory`);
  const timeMs = instantMs(text.time) ?? Number.NaN;
  const key = keyAt(directory, { member: text.from, key: text.key, use: by.use, timeMs });
  if (key === undefined || key.suite !== text.suite)
    throw new NotProven(`${text.key} is no ${by.use} key of ${text.from} at ${text.time}`);
  const signature = fromHex(by.signature) ?? new Uint8Array(0);
  if (!by.suites[key.suite].verify(key, by.bytes, signature))
    throw new NotProven(`it is not signed with ${key.id}`);
  return key;
}

function followsByHash(previous: Directory, next: Directory): void {
  if (next.version !== previous.version + 1 || next.prev !== directoryHash(previous))
    throw new NotProven(
      `version ${next.version} does not name version ${previous.version} as its predecessor`,
    );
}

function followsBySigners(
  previous: Directory,
  next: Directory,
  signatures: Readonly<Record<string, string>>,
  suites: Suites,
): void {
  const list = Object.entries(signatures).map(([key, signature]) => ({ key, signature }));
  const step = verifyStep(previous, next, list, suites);
  if (!step.ok) throw new NotProven(`version ${next.version} does not follow: ${step.code}, ${step.detail}`);
}
