import { concat, fromHex, toHex, toUtf8 } from './bytes.ts';
import { type Directory, directoryBytes, keyAt, type Member, memberOf } from './directory.ts';
import { instantMs } from './instant.ts';
import { hashPrefix, suites as realSuites, type SigningKey, type Suites } from './suite.ts';

/** One signature on a directory: key id and hex. */
export interface DirectorySignature {
  readonly key: string;
  readonly signature: string;
}

/** Why a version does not follow another, in order of precedence. */
export type StepCode =
  | 'wrong-region'
  | 'wrong-version'
  | 'wrong-prev'
  | 'issued-earlier'
  | 'key-changed'
  | 'revocation-lost'
  | 'too-few-signatures'
  | 'too-few-new-signatures';

/** Whether a version follows another; `signedBy` are the members whose signatures counted. */
export type Step =
  | { readonly ok: true; readonly signedBy: readonly string[] }
  | { readonly ok: false; readonly code: StepCode; readonly detail: string };

/** H(04‖canonical bytes) in hex: SHA-256 whatever suites the members use, as every member must find the same. */
export function directoryHash(directory: Directory): string {
  return toHex(realSuites['ed25519-sha256'].hash(hashPrefix.directory, directoryBytes(directory)));
}

/** The bytes that signers sign: the type line with its LF, then the canonical bytes. */
export function directorySignedBytes(directory: Directory): Uint8Array {
  return concat(toUtf8('yitong-directory/1\n'), directoryBytes(directory));
}

/** A signer's signature on a directory. */
export function signDirectory(
  key: SigningKey,
  directory: Directory,
  suites: Suites = realSuites,
): DirectorySignature {
  return { key: key.id, signature: toHex(suites[key.suite].sign(key, directorySignedBytes(directory))) };
}

/**
 * Whether `next` follows `previous` (exchange protocol B8): the next number, the hash of the one before, not issued earlier, no key
 * given another public key, no revocation taken back, and signed by at least `threshold` different signers of the previous version
 * with directory keys that `next` does not revoke; where signers or threshold change, also by `threshold` of the new ones.
 */
export function verifyStep(
  previous: Directory,
  next: Directory,
  signatures: readonly DirectorySignature[],
  suites: Suites = realSuites,
): Step {
  const broken = brokenStep(previous, next);
  if (broken !== undefined) return broken;
  const signedBy = signersOf(previous, next, signatures, suites);
  if (signedBy.length < previous.threshold)
    return failed(
      'too-few-signatures',
      `${signedBy.length} of ${previous.threshold} signers of version ${previous.version}`,
    );
  if (hasSameSigners(previous, next)) return { ok: true, signedBy };
  const newSigners = signersOf(next, next, signatures, suites);
  if (newSigners.length < next.threshold)
    return failed(
      'too-few-new-signatures',
      `${newSigners.length} of ${next.threshold} signers of version ${next.version}`,
    );
  return { ok: true, signedBy: [...new Set([...signedBy, ...newSigners])] };
}

/** Signers of a first directory who signed it; it stands when they are its `threshold` and people checked its hash. */
export function signersOfFirst(
  directory: Directory,
  signatures: readonly DirectorySignature[],
  suites: Suites = realSuites,
): readonly string[] {
  return signersOf(directory, directory, signatures, suites);
}

function brokenStep(previous: Directory, next: Directory): Step | undefined {
  if (next.region !== previous.region) return failed('wrong-region', 'another region');
  if (next.version !== previous.version + 1)
    return failed('wrong-version', `version ${next.version} after ${previous.version}`);
  if (next.prev !== directoryHash(previous))
    return failed('wrong-prev', `prev is not the hash of version ${previous.version}`);
  if ((instantMs(next.issued) ?? 0) < (instantMs(previous.issued) ?? 0))
    return failed('issued-earlier', 'issued before its predecessor');
  for (const member of previous.members) {
    const problem = keyProblem(member, memberOf(next, member.code));
    if (problem !== undefined) return failed(problem, `a key of ${member.code}`);
  }
  return undefined;
}

function keyProblem(
  before: Member,
  after: Member | undefined,
): 'key-changed' | 'revocation-lost' | undefined {
  for (const old of before.keys) {
    const key = after?.keys.find(({ id }) => id === old.id);
    if (key === undefined) continue;
    if (key.public !== old.public || key.suite !== old.suite) return 'key-changed';
    if (old.revoked !== undefined && key.revoked === undefined) return 'revocation-lost';
  }
  return undefined;
}

/** Different signers of `by` whose signature on `next` stands: a directory key of `by`, valid when `next` was issued, not revoked in it. */
function signersOf(
  by: Directory,
  next: Directory,
  signatures: readonly DirectorySignature[],
  suites: Suites,
): readonly string[] {
  const bytes = directorySignedBytes(next);
  const timeMs = instantMs(next.issued) ?? Number.NaN;
  const revoked = new Set(
    next.members.flatMap((member) =>
      member.keys.filter((key) => key.revoked !== undefined).map((key) => key.id),
    ),
  );
  return by.signers.filter((member) =>
    signatures.some((one) => {
      const key = keyAt(by, { member, key: one.key, use: 'directory', timeMs });
      const signature = fromHex(one.signature, 64);
      if (key === undefined || signature === undefined || revoked.has(key.id)) return false;
      return suites[key.suite].verify(key, bytes, signature);
    }),
  );
}

function hasSameSigners(a: Directory, b: Directory): boolean {
  return (
    a.threshold === b.threshold &&
    a.signers.length === b.signers.length &&
    a.signers.every((code) => b.signers.includes(code))
  );
}

function failed(code: StepCode, detail: string): Step {
  return { ok: false, code, detail };
}
