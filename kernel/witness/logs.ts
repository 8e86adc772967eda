import { type Directory, type DirectoryKey, memberOf } from '../exchange/directory.ts';
import type { PublicKey } from '../exchange/suite.ts';
import { type Checkpoint, checkpointOrigin, verifyCheckpoint } from '../journal/checkpoint.ts';

/** Keys of a member that may sign its log and cosign others', by a directory. */
export function journalKeys(directory: Directory, member: string): readonly DirectoryKey[] {
  const keys = memberOf(directory, member)?.keys ?? [];
  return keys.filter(
    (key) => key.use.includes('journal') && key.suite === 'ed25519-sha256' && key.revoked === undefined,
  );
}

/** The state of its log that a member signed, or undefined when none of the keys signed this note. */
export function signedState(
  note: string,
  log: { readonly region: string; readonly member: string; readonly keys: readonly PublicKey[] },
): Checkpoint | undefined {
  const origin = checkpointOrigin(log.region, log.member);
  for (const key of log.keys) {
    const result = verifyCheckpoint(note, { origin, key });
    if (result.ok) return result.checkpoint;
  }
  return undefined;
}

/** The member whose log a note is said to be, by its first line; undefined when it is none of the directory's. */
export function memberOfNote(note: string, { region, members }: Directory): string | undefined {
  const origin = note.slice(0, note.indexOf('\n'));
  return members.find(({ code }) => checkpointOrigin(region, code) === origin)?.code;
}

/** The text of a note that its signatures are under. */
export function signedTextOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}
