import type { RefusalNote } from './draft.ts';
import type { Item, Scene } from './handle.ts';

/** Code of the refusal of a command whose giver saw another version of a record than the one that stands. */
export const changedCode = 'records/changed';

/** Why a command is not handled at all, if so: what its giver had before them is no longer so. Nobody's change is overwritten unseen. */
export function changed({ seen, message }: Item, { overlay, partition }: Scene): RefusalNote | undefined {
  if (seen === undefined) return undefined;
  const now = overlay.record(seen.type, message.subject, seen.id, seen.owner);
  if (now !== null && `${partition}.${now.row.at}` === seen.at) return undefined;
  return { code: changedCode, facts: { record: seen.type, seen: seen.at } };
}
