import { fromBase64, fromUtf8, toBase64, toUtf8 } from '../exchange/bytes.ts';

/** A log asks a witness to cosign (C2SP tlog-witness, add-checkpoint): from which size the proof leads, the proof, the signed note. */
export interface CosignAsk {
  /** Size that the witness cosigned last, 0 for none. */
  readonly old: number;
  /** Consistency proof from `old` to the note's size, hashes of 32 bytes. */
  readonly proof: readonly Uint8Array[];
  readonly note: string;
}

/** As many hashes as a proof may have. */
const proofMax = 63;
/** Bytes of the whole. */
const askMax = 65_536;

/** `old <size>`, a line of base64 for each hash, an empty line, the note. */
export function writeCosignAsk({ old, proof, note }: CosignAsk): Uint8Array {
  return toUtf8(`old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`);
}

/** What was asked, or undefined for bytes of another form. */
export function readCosignAsk(bytes: Uint8Array): CosignAsk | undefined {
  const text = bytes.length <= askMax ? fromUtf8(bytes) : undefined;
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const [first = '', ...hashes] = text.slice(0, end).split('\n');
  const old = /^old (0|[1-9]\d{0,14})$/.exec(first)?.[1];
  const proof = hashes.map((line) => fromBase64(line)).filter((hash) => hash?.length === 32);
  if (old === undefined || proof.length !== hashes.length || hashes.length > proofMax) return undefined;
  return { old: Number(old), proof: proof.filter((hash) => hash !== undefined), note: text.slice(end + 2) };
}
