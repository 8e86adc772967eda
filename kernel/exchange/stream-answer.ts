import { fromBase64, toBase64 } from './bytes.ts';
import { canonicalBytes, parseCanonical } from './canonical.ts';
import type { SignedAnswer } from './receipt.ts';
import { attempt, count, fields, list, Malformed, text } from './strict.ts';

/** A frame that its receiver holds: its head and the receipt for it. */
export interface HeldFrame {
  readonly epoch: number;
  readonly seq: number;
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
  readonly answer: SignedAnswer;
}

/** Most frames of one answer; who lacks more asks again behind the last. */
export const heldFramesMax = 500;

/** What a receiver says of a stream: the frames it holds behind a place, oldest first. Canonical JSON. */
export function writeHeldFrames(frames: readonly HeldFrame[]): Uint8Array {
  return canonicalBytes(
    frames.map(({ epoch, seq, head, signature, answer }) => ({
      answer: toBase64(answer.text),
      answerSignature: toBase64(answer.signature),
      epoch,
      head: toBase64(head),
      refusals: toBase64(answer.refusals),
      seq,
      signature: toBase64(signature),
    })),
  );
}

/** Frames of such an answer's bytes; undefined when it is none. */
export function readHeldFrames(bytes: Uint8Array): readonly HeldFrame[] | undefined {
  const parsed = parseCanonical(bytes, { bytes: 4_194_304, depth: 4, keys: 10 });
  if (!parsed.ok) return undefined;
  const read = attempt(() => list(parsed.value, '', frameIn));
  return read.ok ? read.value : undefined;
}

function frameIn(value: unknown, at: string): HeldFrame {
  const needed = ['answer', 'answerSignature', 'epoch', 'head', 'refusals', 'seq', 'signature'];
  const of = fields(value, at, { needed });
  const bytes = (name: string): Uint8Array => {
    const found = fromBase64(text(of[name], `${at}/${name}`, 'base64', () => true));
    if (found === undefined) throw new Malformed(`${at}/${name}`, 'is not base64');
    return found;
  };
  return {
    epoch: count(of['epoch'], `${at}/epoch`, 1),
    seq: count(of['seq'], `${at}/seq`, 1),
    head: bytes('head'),
    signature: bytes('signature'),
    answer: { text: bytes('answer'), signature: bytes('answerSignature'), refusals: bytes('refusals') },
  };
}
