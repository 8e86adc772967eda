import { toHex } from './bytes.ts';
import type { Evidence } from './evidence.ts';
import { directoryIn, isSignature, utf8 } from './evidence.ts';
import { NotProven } from './evidence-parts.ts';
import { headOf, walked } from './evidence-steps.ts';
import type { BatchHead } from './head.ts';
import { type SignedDirectory, signedText } from './signed-directory.ts';
import { attempt, fields, list, Malformed, parsedJson, text } from './strict.ts';
import { suites as realSuites, type Suites } from './suite.ts';

/** A head as it was signed. */
export interface SignedHead {
  readonly head: Uint8Array;
  readonly signature: Uint8Array;
}

/** A file that proves offline that a member signed two batches for one place of a stream (threat 5): `yitong-two-heads/1`. */
export interface TwoHeads {
  readonly format: 'yitong-two-heads/1';
  readonly heads: readonly Pick<Evidence, 'head' | 'headSignature'>[];
  readonly directories: Evidence['directories'];
}

/** The proof of two heads, with the directories by which a reader finds the keys. */
export function twoHeads(
  heads: readonly [SignedHead, SignedHead],
  directories: readonly SignedDirectory[],
): TwoHeads {
  return {
    format: 'yitong-two-heads/1',
    heads: heads.map(({ head, signature }) => ({ head: utf8(head), headSignature: toHex(signature) })),
    directories: directories.map(signedText),
  };
}

/** Who contradicted itself, towards whom and where; or what the file fails to prove. */
export type TwoHeadsResult =
  | { readonly ok: true; readonly says: Pick<BatchHead, 'from' | 'to' | 'stream' | 'epoch' | 'seq'> }
  | { readonly ok: false; readonly detail: string };

/** Verifies a proof of two heads offline, from the hash (hex) of a directory that the reader trusts. */
export function verifyTwoHeads(json: string, trusted: string, suites: Suites = realSuites): TwoHeadsResult {
  const read = attempt(() => twoHeadsOf(parsedJson(json)));
  if (!read.ok) return read;
  try {
    const { walk } = walked(read.value, trusted, suites);
    const [a, b] = read.value.heads.map((one) => headOf(one, walk, suites).head);
    if (!a || !b || read.value.heads[0]?.head === read.value.heads[1]?.head)
      return { ok: false, detail: 'there are not two heads' };
    for (const line of ['region', 'from', 'to', 'stream', 'epoch', 'seq'] as const)
      if (a[line] !== b[line]) return { ok: false, detail: `the heads' "${line}" is not the same` };
    const { from, to, stream, epoch, seq } = a;
    return { ok: true, says: { from, to, stream, epoch, seq } };
  } catch (error) {
    if (error instanceof NotProven) return { ok: false, detail: error.message };
    throw error;
  }
}

function twoHeadsOf(value: unknown): TwoHeads {
  const of = fields(value, '', { needed: ['format', 'heads', 'directories'] });
  if (of['format'] !== 'yitong-two-heads/1') throw new Malformed('/format', 'is not yitong-two-heads/1');
  return {
    format: 'yitong-two-heads/1',
    heads: list(of['heads'], '/heads', (one, at) => {
      const { head, headSignature } = fields(one, at, { needed: ['head', 'headSignature'] });
      return {
        head: text(head, `${at}/head`, 'a string', () => true),
        headSignature: text(headSignature, `${at}/headSignature`, '64 bytes in hex', isSignature),
      };
    }),
    directories: list(of['directories'], '/directories', directoryIn),
  };
}
