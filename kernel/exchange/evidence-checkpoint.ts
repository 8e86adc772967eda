import {
  type Checkpoint,
  checkpointOrigin,
  checkpointSuite,
  type Note,
  readNoteLine,
  segmentLeaf,
  verifyCheckpoint,
  verifyCosignature,
  witnessName,
} from '../journal/checkpoint.ts';
import { leafHash, verifyInclusion } from '../journal/merkle.ts';
import { journalKeys } from '../witness/logs.ts';
import { toUtf8 } from './bytes.ts';
import { type Directory, keyAt } from './directory.ts';
import type { Evidence, EvidenceJournal } from './evidence.ts';
import { decoded, hash, NotProven, newestOf } from './evidence-parts.ts';
import { type BatchHead, type JournalHead, readJournalHead } from './head.ts';
import { suites } from './suite.ts';

/** A cosignature that stands: the witness's name, and seconds since 1970. */
export interface Cosigned {
  readonly name: string;
  readonly seconds: number;
}

/** Step 8: the log's signature, the message's way into the checkpoint, and at least two cosignatures of other members. */
export function cosignedOf(
  file: Evidence,
  head: BatchHead,
  walk: readonly Directory[],
): { readonly found: string; readonly cosigned: readonly Cosigned[] } {
  const newest = newestOf(walk);
  const { journal } = file;
  if (journal === undefined) throw new NotProven('a checkpoint without the way of the message into it');
  const read = readJournalHead(toUtf8(journal.head));
  if (!read.ok) throw new NotProven(`journal head: ${read.detail}`);
  const owner = read.value.from;
  if (owner !== head.from && owner !== head.to)
    throw new NotProven("the journal is neither the sender's nor the receiver's");
  const origin = checkpointOrigin(newest.region, owner);
  const results = journalKeys(newest, owner).map((key) =>
    verifyCheckpoint(file.checkpoint ?? '', { origin, key }),
  );
  const signed = results.find((result) => result.ok);
  if (signed?.ok !== true)
    throw new NotProven(`no journal key of ${owner} signed the checkpoint of ${origin}`);
  inLog(decoded(file.message), { head: read.value, journal }, signed.checkpoint);
  const lines = (file.cosignatures ?? [])
    .map((line) => readNoteLine(line.trimEnd()))
    .filter((line) => line !== undefined);
  const note = { ...signed.note, signatures: [...signed.note.signatures, ...lines] };
  const cosigned = newest.members
    .filter((member) => member.code !== owner)
    .flatMap((member) => cosignature(note, newest, member.code).slice(0, 1));
  if (cosigned.length < 2)
    throw new NotProven(`${cosigned.length} of the 2 cosignatures that a checkpoint needs`);
  return {
    found: `under checkpoint ${signed.checkpoint.size} of ${origin}, cosigned by ${cosigned.length}`,
    cosigned,
  };
}

function cosignature(note: Note, directory: Directory, member: string): readonly Cosigned[] {
  const name = witnessName(directory.region, member);
  return journalKeys(directory, member).flatMap((key) => {
    const seconds = verifyCosignature(note, { name, key });
    if (seconds === undefined) return [];
    const isValid =
      keyAt(directory, { member, key: key.id, use: 'journal', timeMs: seconds * 1000 }) !== undefined;
    return isValid ? [{ name, seconds }] : [];
  });
}

function inLog(
  message: Uint8Array,
  place: { readonly head: JournalHead; readonly journal: EvidenceJournal },
  checkpoint: Pick<Checkpoint, 'size' | 'root'>,
): void {
  const { head, journal } = place;
  const suite = suites[head.suite];
  const inBatch = {
    leaf: leafHash(suite, message),
    index: journal.index,
    size: head.count,
    path: journal.path.map(hash),
    root: hash(head.root),
  };
  if (!verifyInclusion(suite, inBatch)) throw new NotProven('the message is not in the journal batch');
  const segment = { ...journal.segment, root: hash(journal.segment.root) };
  const inSegment = {
    leaf: leafHash(checkpointSuite, toUtf8(journal.head)),
    index: head.seq - segment.first,
    size: segment.last - segment.first + 1,
    path: journal.headPath.map(hash),
    root: segment.root,
  };
  if (head.partition !== segment.partition || !verifyInclusion(checkpointSuite, inSegment))
    throw new NotProven('the journal batch is not in the segment');
  const { size, root } = checkpoint;
  const inTree = {
    leaf: segmentLeaf(segment),
    index: journal.at,
    size,
    path: journal.segmentPath.map(hash),
    root,
  };
  if (!verifyInclusion(checkpointSuite, inTree))
    throw new NotProven('the segment is not under the checkpoint');
}
