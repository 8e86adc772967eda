import { sameBytes } from '../exchange/bytes.ts';
import { directoryIn, type EvidenceDirectory } from '../exchange/evidence.ts';
import { NotProven, newestOf } from '../exchange/evidence-parts.ts';
import { walked } from '../exchange/evidence-steps.ts';
import { type SignedDirectory, signedText } from '../exchange/signed-directory.ts';
import { attempt, fields, list, Malformed, parsedJson, text } from '../exchange/strict.ts';
import { suites as realSuites, type Suites } from '../exchange/suite.ts';
import { journalKeys, memberOfNote, signedState } from './logs.ts';

/** A file that proves offline that a member signed two states of its log of one size (exchange protocol B9): `yitong-two-pasts/1`. */
export interface TwoPasts {
  readonly format: 'yitong-two-pasts/1';
  /** Signed notes (C2SP). */
  readonly notes: readonly string[];
  readonly directories: readonly EvidenceDirectory[];
}

/** The proof of two notes, with the directories by which a reader finds the keys. */
export function twoPasts(
  notes: readonly [string, string],
  directories: readonly SignedDirectory[],
): TwoPasts {
  return { format: 'yitong-two-pasts/1', notes, directories: directories.map(signedText) };
}

/** Whose log has two pasts, and at which size; or what the file fails to prove. */
export type TwoPastsResult =
  | { readonly ok: true; readonly says: { readonly member: string; readonly size: number } }
  | { readonly ok: false; readonly detail: string };

/** Verifies a proof of two pasts offline, from the hash (hex) of a directory that the reader trusts. */
export function verifyTwoPasts(json: string, trusted: string, suites: Suites = realSuites): TwoPastsResult {
  const read = attempt(() => twoPastsOf(parsedJson(json)));
  if (!read.ok) return read;
  try {
    const directory = newestOf(walked(read.value, trusted, suites).walk);
    const [one = '', other = ''] = read.value.notes;
    const member = memberOfNote(one, directory);
    if (member === undefined) throw new NotProven('the first note is of no member’s log');
    const log = { region: directory.region, member, keys: journalKeys(directory, member) };
    const [a, b] = [signedState(one, log), signedState(other, log)];
    if (!a || !b) throw new NotProven(`${a ? 'the second' : 'the first'} note is not signed by ${member}`);
    if (a.size !== b.size) throw new NotProven('the notes are of two sizes');
    if (sameBytes(a.root, b.root)) throw new NotProven('the notes say the same');
    return { ok: true, says: { member, size: a.size } };
  } catch (error) {
    if (error instanceof NotProven) return { ok: false, detail: error.message };
    throw error;
  }
}

function twoPastsOf(value: unknown): TwoPasts {
  const of = fields(value, '', { needed: ['format', 'notes', 'directories'] });
  if (of['format'] !== 'yitong-two-pasts/1') throw new Malformed('/format', 'is not yitong-two-pasts/1');
  const notes = list(of['notes'], '/notes', (one, at) => text(one, at, 'a string', () => true));
  if (notes.length !== 2) throw new Malformed('/notes', 'are not two');
  return {
    format: 'yitong-two-pasts/1',
    notes,
    directories: list(of['directories'], '/directories', directoryIn),
  };
}
