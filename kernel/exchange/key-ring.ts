import { type Directory, type KeyUse, keyAt, memberOf } from './directory.ts';
import type { SigningKey, SuiteName } from './suite.ts';

/**
 * The key that a member signs with now: of those at hand the newest of a suite that the directory lets sign batches at this time
 * (milliseconds since 1970), has listed with the same public part, and does not revoke, whenever: by a peer's clock that time may
 * have come already. `untilRevoked`: one that is revoked from a later time on will do. Undefined when there is none.
 */
export function signingKeyOf(
  keys: readonly SigningKey[],
  suite: SuiteName,
  at: {
    readonly member: string;
    readonly directory: Directory;
    readonly nowMs: number;
    readonly use?: KeyUse;
    readonly untilRevoked?: boolean;
  },
): SigningKey | undefined {
  const { member, directory, nowMs, use = 'batch', untilRevoked = false } = at;
  const listed = memberOf(directory, member)?.keys ?? [];
  const fit = keys.flatMap((key) => {
    const entry = keyAt(directory, { member, key: key.id, use, timeMs: nowMs });
    const isRevoked = entry?.revoked !== undefined && !untilRevoked;
    const fits = entry?.public === key.public && !isRevoked && key.suite === suite;
    return fits ? [{ key, at: listed.indexOf(entry) }] : [];
  });
  const from = (index: number): string => listed[index]?.from ?? '';
  return fit.sort((a, b) => (from(b.at) === from(a.at) ? b.at - a.at : from(b.at) < from(a.at) ? -1 : 1))[0]
    ?.key;
}
