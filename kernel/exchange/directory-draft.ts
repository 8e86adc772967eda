import { type Directory, type DirectoryKey, type Member, memberOf, quorum } from './directory.ts';
import { directoryHash } from './directory-step.ts';
import { instantMs, instantText } from './instant.ts';

/** What a next version of the directory changes; keys and addresses are those of `member`. */
export type DirectoryChange =
  /** Nothing but the dates. */
  | { readonly is: 'reissue' }
  /** `votes`: whether the new member signs versions too. */
  | { readonly is: 'join'; readonly member: Member; readonly votes: boolean }
  | { readonly is: 'leave'; readonly member: string }
  /** The new key beside the old ones of its uses, which end after the overlap (milliseconds). */
  | {
      readonly is: 'rotate';
      readonly member: string;
      readonly key: Pick<DirectoryKey, 'id' | 'suite' | 'public' | 'use'>;
      readonly overlapMs: number;
    }
  /** Another TLS key (SHA-256 of its SPKI, hex) beside the old ones, or instead of them. */
  | { readonly is: 'tls'; readonly member: string; readonly add: string; readonly drop: readonly string[] }
  /** The key may sign nothing from `at` on; with `key` another takes its place at once. Closes the member's streams' epoch. */
  | {
      readonly is: 'revoke';
      readonly member: string;
      readonly key: string;
      readonly at: string;
      readonly reason: string;
      readonly instead?: Pick<DirectoryKey, 'id' | 'suite' | 'public' | 'use'>;
    }
  | { readonly is: 'address'; readonly member: string; readonly url: string }
  /** Closes the epoch of a member's streams: after a restore, or to begin anew. */
  | { readonly is: 'epoch'; readonly member: string }
  | { readonly is: 'threshold'; readonly threshold: number };

/** Why a change cannot be made to a version, in order of precedence. */
export type ChangeFault =
  | 'unknown-member'
  | 'already-member'
  | 'unknown-key'
  | 'key-taken'
  | 'already-revoked'
  | 'bad-threshold'
  | 'too-few-members';

/** A version lasts so long, a new key of a rotation or a revocation so long. */
const directoryMs = 90 * 86_400_000;
const keyMs = 825 * 86_400_000;

/** The next version with a change in it, effective from `issuedMs` (milliseconds since 1970), or why there is none. */
export function changedDirectory(
  last: Directory,
  change: DirectoryChange,
  issuedMs: number,
): { readonly ok: true; readonly directory: Directory } | { readonly ok: false; readonly code: ChangeFault } {
  const changed = apply(last, change, issuedMs);
  if (typeof changed === 'string') return { ok: false, code: changed };
  const issued = Math.max(issuedMs, instantMs(last.issued) ?? 0);
  return {
    ok: true,
    directory: {
      ...last,
      ...changed,
      version: last.version + 1,
      prev: directoryHash(last),
      issued: instantText(issued),
      expires: instantText(issued + directoryMs),
    },
  };
}

type Changed = Partial<Pick<Directory, 'members' | 'signers' | 'threshold' | 'permissions'>>;

function apply(last: Directory, change: DirectoryChange, issuedMs: number): Changed | ChangeFault {
  switch (change.is) {
    case 'reissue':
      return {};
    case 'join':
      return joined(last, change);
    case 'threshold':
      return change.threshold <= last.signers.length / 2 || change.threshold > last.signers.length
        ? 'bad-threshold'
        : { threshold: change.threshold };
    case 'leave':
      return left(last, change.member);
    default: {
      const member = memberOf(last, change.member);
      if (member === undefined) return 'unknown-member';
      const next = changedMember(last, member, change, issuedMs);
      if (typeof next === 'string') return next;
      return { members: last.members.map((one) => (one === member ? next : one)) };
    }
  }
}

function joined(
  last: Directory,
  { member, votes }: Extract<DirectoryChange, { is: 'join' }>,
): Changed | ChangeFault {
  if (memberOf(last, member.code) !== undefined) return 'already-member';
  const taken = keysIn(last);
  if (member.keys.some(({ id, public: hex }) => taken.has(id) || taken.has(hex))) return 'key-taken';
  const members = [...last.members, member].sort((a, b) => (a.code < b.code ? -1 : 1));
  if (!votes) return { members };
  const signers = [...last.signers, member.code].sort();
  return { members, signers, threshold: quorum(signers.length) };
}

function left(last: Directory, code: string): Changed | ChangeFault {
  if (memberOf(last, code) === undefined) return 'unknown-member';
  if (last.members.length < 3) return 'too-few-members';
  const members = last.members.filter((member) => member.code !== code);
  const signers = last.signers.filter((signer) => signer !== code);
  const without = (who: '*' | readonly string[]) => (who === '*' ? who : who.filter((one) => one !== code));
  const permissions = last.permissions?.map((one) => ({
    ...one,
    from: without(one.from),
    to: without(one.to),
  }));
  const more = permissions === undefined ? {} : { permissions };
  if (signers.length === last.signers.length) return { members, ...more };
  return { members, signers, threshold: quorum(signers.length), ...more };
}

type MemberChange = Extract<DirectoryChange, { is: 'rotate' | 'tls' | 'revoke' | 'address' | 'epoch' }>;

function changedMember(
  last: Directory,
  member: Member,
  change: MemberChange,
  issuedMs: number,
): Member | ChangeFault {
  switch (change.is) {
    case 'address':
      return { ...member, url: change.url };
    case 'epoch':
      return { ...member, epoch: (member.epoch ?? 1) + 1 };
    case 'tls': {
      const kept = member.tls.filter((one) => one !== change.add && !change.drop.includes(one));
      return { ...member, tls: [...kept, change.add] };
    }
    case 'rotate':
      return isTaken(last, change.key) ? 'key-taken' : rotated(member, change, issuedMs);
    case 'revoke':
      return change.instead !== undefined && isTaken(last, change.instead)
        ? 'key-taken'
        : revoked(member, change, issuedMs);
  }
}

function rotated(
  member: Member,
  { key, overlapMs }: Extract<DirectoryChange, { is: 'rotate' }>,
  issuedMs: number,
): Member {
  const end = instantText(issuedMs + overlapMs);
  const keys = member.keys.map((old) => {
    const same = old.revoked === undefined && old.use.some((use) => key.use.includes(use));
    return same && old.from < end && old.until > end ? { ...old, until: end } : old;
  });
  return { ...member, keys: [...keys, fresh(key, issuedMs)] };
}

function revoked(
  member: Member,
  { key: id, at, reason, instead }: Extract<DirectoryChange, { is: 'revoke' }>,
  issuedMs: number,
): Member | ChangeFault {
  const old = member.keys.find((key) => key.id === id);
  if (old === undefined) return 'unknown-key';
  if (old.revoked !== undefined) return 'already-revoked';
  const keys = member.keys.map((key) => (key === old ? { ...key, revoked: { at, reason } } : key));
  const more = instead === undefined ? [] : [fresh(instead, issuedMs)];
  // Frames that the key signed and nobody receipted are void: streams begin a new epoch behind what was receipted.
  const signs = old.use.includes('batch') || old.use.includes('receipt');
  return {
    ...member,
    keys: [...keys, ...more],
    ...(signs ? { epoch: (member.epoch ?? 1) + 1 } : {}),
  };
}

function fresh(key: Pick<DirectoryKey, 'id' | 'suite' | 'public' | 'use'>, issuedMs: number): DirectoryKey {
  return { ...key, from: instantText(issuedMs), until: instantText(issuedMs + keyMs) };
}

function isTaken(directory: Directory, key: Pick<DirectoryKey, 'id' | 'public'>): boolean {
  const taken = keysIn(directory);
  return taken.has(key.id) || taken.has(key.public);
}

function keysIn(directory: Directory): ReadonlySet<string> {
  return new Set(directory.members.flatMap((member) => member.keys.flatMap((key) => [key.id, key.public])));
}
