import { fromUtf8, toUtf8 } from '../exchange/bytes.ts';
import { canonical } from '../exchange/canonical.ts';
import type { PackedEntry } from './entries.ts';

/**
 * What is left of an erased entry beside its leaf: what the checks of frames, routes and held inputs need, and nothing of a person.
 * `id`: the message's; `held`: the position of the input that was held; `previous`: the position of the record's put before;
 * `removed`: that put took the record away; `conversation`: its command.
 */
export type Remnant =
  | { readonly was: 'in'; readonly id: string }
  | { readonly was: 'out'; readonly id: string; readonly to: string; readonly stream: string }
  | { readonly was: 'route'; readonly id: string; readonly partition: number }
  | {
      readonly was: 'put';
      readonly held?: number;
      readonly previous?: number;
      readonly removed?: true;
      readonly conversation?: string;
    };

/** Bytes of SHA-256 and SM3 alike. */
const leafBytes = 32;

/** Bytes of a `gone` entry: the leaf, then the remnant as canonical JSON. */
export function goneBytes(leaf: Uint8Array, remnant: Remnant): Uint8Array {
  return Buffer.concat([leaf, toUtf8(canonical(remnant))]);
}

/** Leaf and remnant of a `gone` entry. Errors: throws when they are not there. */
export function readGone(bytes: Uint8Array): { readonly leaf: Uint8Array; readonly remnant: Remnant } {
  const text = fromUtf8(bytes.subarray(leafBytes));
  if (bytes.length <= leafBytes || text === undefined)
    throw new Error('an erased entry is not a leaf and a remnant');
  return { leaf: bytes.subarray(0, leafBytes), remnant: JSON.parse(text) };
}

/** The remnant of an erased entry; undefined for one that is there. */
export function remnantIn(entry: PackedEntry): Remnant | undefined {
  return entry.kind === 'gone' ? readGone(entry.bytes).remnant : undefined;
}
