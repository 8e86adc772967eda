import { concat, fromBase64, fromHex, sameBytes, toBase64, toUtf8, u32 } from '../exchange/bytes.ts';
import { type PublicKey, type SigningKey, type Suite, suites } from '../exchange/suite.ts';
import { leafHash, merkleRoot } from './merkle.ts';

/** State of a node's log tree (exchange protocol B9): whose log, how many leaves, which root. 检查点 */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes, SHA-256. */
  readonly root: Uint8Array;
}

/** One line under a note: who signed, the first four bytes of the hash of name and key, and what the key made. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A note (C2SP signed-note): text that ends in LF, and the lines under it. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The log tree and its checkpoints are SHA-256 and Ed25519 whatever suite the member's batches use: the C2SP forms know no other. */
export const checkpointSuite: Suite = suites['ed25519-sha256'];

/** Name of a member's log and of its key: `yitong.<region>.<member>/journal`. */
export function checkpointOrigin(region: string, member: string): string {
  return `yitong.${region}.${member}/journal`;
}

/** A partition's batches from first to last, with the root over their heads: a leaf of the node's log tree. */
export interface Segment {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly root: Uint8Array;
}

/** The segment of a partition's consecutive heads (bytes of `yitong-journal/1`), of which the first has number `first`. */
export function segmentOf(partition: number, first: number, heads: readonly Uint8Array[]): Segment {
  const root = merkleRoot(
    checkpointSuite,
    heads.map((head) => leafHash(checkpointSuite, head)),
  );
  return { partition, first, last: first + heads.length - 1, root };
}

/** Bytes of a segment: `yitong-segment/1` and its four values, a line each. */
export function segmentBytes(segment: Segment): Uint8Array {
  const { partition, first, last, root } = segment;
  return toUtf8(
    `yitong-segment/1\npartition ${partition}\nfirst ${first}\nlast ${last}\nroot ${toBase64(root)}\n`,
  );
}

/** Leaf of a segment in the node's log tree. */
export function segmentLeaf(segment: Segment): Uint8Array {
  return leafHash(checkpointSuite, segmentBytes(segment));
}

/** The three lines that are signed: origin, size, root in base64 (C2SP tlog-checkpoint). Throws for what no reader would take. */
export function writeCheckpoint(checkpoint: Checkpoint): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
  if (readCheckpoint(text) === undefined) throw new TypeError('not an origin, a size and a root of 32 bytes');
  return text;
}

/** The checkpoint of a note's text, or undefined; extension lines are refused, nothing of ours writes them. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', end, ...more] = text.split('\n');
  const hash = fromBase64(root);
  if (end !== '' || more.length > 0 || !isNoteName(origin) || hash?.length !== 32) return undefined;
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  return { origin, size: Number(size), root: hash };
}

/** A checkpoint signed by its log's own key, as a note. */
export function signCheckpoint(key: SigningKey, checkpoint: Checkpoint): string {
  const text = writeCheckpoint(checkpoint);
  const signature = checkpointSuite.sign(key, toUtf8(text));
  return writeNote({
    text,
    signatures: [{ name: checkpoint.origin, keyId: noteKeyId(checkpoint.origin, key, 'log'), signature }],
  });
}

/** Why a note is no checkpoint of a log. */
export type CheckpointCode = 'bad-note' | 'bad-checkpoint' | 'wrong-origin' | 'not-signed' | 'bad-signature';

/** The checkpoint that a note holds if the log's key signed it; lines of other keys are ignored, as the note format demands. */
export function verifyCheckpoint(
  note: string,
  log: { readonly origin: string; readonly key: PublicKey },
):
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly note: Note }
  | { readonly ok: false; readonly code: CheckpointCode } {
  const read = readNote(note);
  if (read === undefined) return { ok: false, code: 'bad-note' };
  const checkpoint = readCheckpoint(read.text);
  if (checkpoint === undefined) return { ok: false, code: 'bad-checkpoint' };
  if (checkpoint.origin !== log.origin) return { ok: false, code: 'wrong-origin' };
  const lines = linesOf(read, log.origin, noteKeyId(log.origin, log.key, 'log'));
  if (lines.length === 0) return { ok: false, code: 'not-signed' };
  const bytes = toUtf8(read.text);
  const isSigned = lines.every((line) => checkpointSuite.verify(log.key, bytes, line.signature));
  return isSigned ? { ok: true, checkpoint, note: read } : { ok: false, code: 'bad-signature' };
}

/** A member as witness of others' logs. `name`: `yitong.<region>.<member>/witness`. */
export interface Witness<K extends PublicKey> {
  readonly name: string;
  readonly key: K;
}

/** Name under which a member cosigns. */
export function witnessName(region: string, member: string): string {
  return `yitong.${region}.${member}/witness`;
}

/**
 * A cosignature line (C2SP tlog-cosignature, Ed25519): at `seconds` since 1970 this was the largest consistent state that the witness
 * saw. Make one only after a consistency proof from the size cosigned last, in the transaction that stores the new size.
 */
export function cosign(witness: Witness<SigningKey>, text: string, seconds: number): NoteSignature {
  const { name, key } = witness;
  const signature = checkpointSuite.sign(key, cosignedBytes(text, seconds));
  return { name, keyId: noteKeyId(name, key, 'witness'), signature: concat(u64(seconds), signature) };
}

/** Seconds since 1970 at which the witness cosigned the note, or undefined when none of its lines is a cosignature of this witness. */
export function verifyCosignature(note: Note, witness: Witness<PublicKey>): number | undefined {
  for (const line of linesOf(note, witness.name, noteKeyId(witness.name, witness.key, 'witness'))) {
    if (line.signature.length !== 72) continue;
    const time = new DataView(line.signature.buffer, line.signature.byteOffset, 8).getBigUint64(0);
    if (time > BigInt(Number.MAX_SAFE_INTEGER)) continue;
    const bytes = cosignedBytes(note.text, Number(time));
    if (checkpointSuite.verify(witness.key, bytes, line.signature.subarray(8))) return Number(time);
  }
  return undefined;
}

const keyTypes = { log: 0x01, witness: 0x04 } as const;

/** SHA-256(name‖LF‖type‖32-byte key), first four bytes: type 1 signs notes, type 4 cosigns (C2SP signed-note). */
export function noteKeyId(name: string, key: PublicKey, type: keyof typeof keyTypes): Uint8Array {
  const raw = fromHex(key.public, 32);
  if (key.suite !== 'ed25519-sha256' || raw === undefined)
    throw new TypeError(`key ${key.id} is not an Ed25519 key`);
  return checkpointSuite.digest(toUtf8(`${name}\n`), Uint8Array.of(keyTypes[type]), raw).subarray(0, 4);
}

/** A note's bytes as text: the signed text, an empty line, a line for each signature. */
export function writeNote(note: Note): string {
  const written = `${note.text}\n${note.signatures.map(writeNoteLine).join('')}`;
  if (readNote(written) === undefined) throw new TypeError('not a text in lines with named signatures');
  return written;
}

/** One signature line, `— name base64`, with its LF. */
export function writeNoteLine(line: NoteSignature): string {
  return `— ${line.name} ${toBase64(concat(line.keyId, line.signature))}\n`;
}

/** A note of its text, or undefined: at most 64 KiB and 64 lines under it, no control character but LF. */
export function readNote(note: string): Note | undefined {
  if (note.length > 65_536 || /[^\P{Cc}\n]/u.test(note) || /\p{Cs}/u.test(note)) return undefined;
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures = lines.map(readNoteLine).filter((line) => line !== undefined);
  if (signatures.length !== lines.length || lines.length > 64) return undefined;
  return { text: note.slice(0, split + 1), signatures };
}

/** A signature line without its LF, or undefined. */
export function readNoteLine(line: string): NoteSignature | undefined {
  const [dash, name = '', base64 = '', ...more] = line.split(' ');
  const bytes = fromBase64(base64);
  if (dash !== '—' || more.length > 0 || !isNoteName(name) || bytes === undefined || bytes.length < 5)
    return undefined;
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function linesOf(note: Note, name: string, keyId: Uint8Array): readonly NoteSignature[] {
  return note.signatures.filter((line) => line.name === name && sameBytes(line.keyId, keyId));
}

function cosignedBytes(text: string, seconds: number): Uint8Array {
  if (!Number.isSafeInteger(seconds) || seconds < 0)
    throw new RangeError(`not a time in seconds: ${seconds}`);
  return toUtf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function u64(n: number): Uint8Array {
  return concat(u32(Math.floor(n / 2 ** 32)), u32(n % 2 ** 32));
}

function isNoteName(name: string): boolean {
  return name.length > 0 && !/[\s+]/u.test(name);
}
