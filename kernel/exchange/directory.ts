import { canonicalBytes } from './canonical.ts';
import { instantMs } from './instant.ts';
import type { PublicKey } from './suite.ts';

/** What a key may sign: batches, receipts and refusals, questions, answers, directories, journal checkpoints and cosignatures. */
export type KeyUse = 'batch' | 'receipt' | 'question' | 'answer' | 'directory' | 'journal';

/** A member's key with the time in which it may sign: `from` ≤ time < `until`, and before `revoked.at`. */
export interface DirectoryKey extends PublicKey {
  readonly use: readonly KeyUse[];
  readonly from: string;
  readonly until: string;
  readonly revoked?: { readonly at: string; readonly reason: string };
}

/** A member: its code, address, TLS certificates (SHA-256 of each SPKI, hex) and keys; `epoch` of its streams, 1 unless said. 成员 */
export interface Member {
  readonly code: string;
  readonly name?: string;
  /** Origin, `https://host[:port]`. */
  readonly url: string;
  readonly tls: readonly string[];
  readonly keys: readonly DirectoryKey[];
  readonly epoch?: number;
}

/**
 * Members `from` may send messages and questions of `type` to members `to` for `purposes`; what no permission names is forbidden.
 * `type` is one type, or with `/*` at its end all types below that prefix; `*` stands for every member.
 */
export interface Permission {
  readonly type: string;
  readonly from: '*' | readonly string[];
  readonly to: '*' | readonly string[];
  readonly purposes: readonly string[];
}

/** The region's directory, one version of it (exchange protocol B8). 目录 */
export interface Directory {
  readonly format: 'yitong-directory/1';
  readonly region: string;
  readonly version: number;
  /** H(04‖canonical bytes) of the version before, 64 zeros for the first. */
  readonly prev: string;
  readonly issued: string;
  readonly expires: string;
  /** How many different signers a next version needs. */
  readonly threshold: number;
  readonly signers: readonly string[];
  readonly members: readonly Member[];
  /** Purpose codes; their texts hang on the code elsewhere. 用途 */
  readonly purposes?: readonly string[];
  readonly permissions?: readonly Permission[];
  /** Streams of a lane, a power of two; 16 unless said. */
  readonly streams?: number;
}

/** ⌊2s/3⌋+1 of s signers: the threshold of a new directory. */
export function quorum(signers: number): number {
  return Math.floor((2 * signers) / 3) + 1;
}

/** Canonical bytes of a directory, which are hashed, signed after the type line, and served. */
export function directoryBytes(directory: Directory): Uint8Array {
  return canonicalBytes(directory);
}

/** A member by its code. */
export function memberOf(directory: Directory, code: string): Member | undefined {
  return directory.members.find((member) => member.code === code);
}

/** The member whose TLS certificate has an SPKI of this SHA-256, in hex. */
export function memberByTls(directory: Directory, spkiHash: string): Member | undefined {
  return directory.members.find((member) => member.tls.includes(spkiHash));
}

/** A member's key that may sign for a use at a time (milliseconds since 1970), or undefined. */
export function keyAt(
  directory: Directory,
  wanted: { readonly member: string; readonly key: string; readonly use: KeyUse; readonly timeMs: number },
): DirectoryKey | undefined {
  const key = memberOf(directory, wanted.member)?.keys.find(({ id }) => id === wanted.key);
  if (key === undefined || !key.use.includes(wanted.use)) return undefined;
  const { timeMs } = wanted;
  const isValid = ms(key.from) <= timeMs && timeMs < ms(key.until) && !isRevokedAt(key, timeMs);
  return isValid ? key : undefined;
}

/** Whether a key was revoked at or before a time (milliseconds since 1970). */
export function isRevokedAt(key: DirectoryKey, timeMs: number): boolean {
  return key.revoked !== undefined && ms(key.revoked.at) <= timeMs;
}

/** Streams of a lane in this directory. */
export function streamsOf(directory: Directory): number {
  return directory.streams ?? 16;
}

/** Epoch of a member's streams in this directory. */
export function epochOf(directory: Directory, member: string): number {
  return memberOf(directory, member)?.epoch ?? 1;
}

/** Whether a permission of the directory lets a member send or ask a type of another for a purpose. */
export function isPermitted(
  directory: Directory,
  what: { readonly from: string; readonly to: string; readonly type: string; readonly purpose: string },
): boolean {
  return (directory.permissions ?? []).some(
    (permission) =>
      fitsType(permission.type, what.type) &&
      (permission.from === '*' || permission.from.includes(what.from)) &&
      (permission.to === '*' || permission.to.includes(what.to)) &&
      permission.purposes.includes(what.purpose),
  );
}

function fitsType(pattern: string, type: string): boolean {
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

function ms(instant: string): number {
  return instantMs(instant) ?? Number.NaN; // readDirectory lets no other text in; NaN compares false everywhere
}
