import { fromUtf8, toUtf8 } from './bytes.ts';
import { type Directory, directoryBytes } from './directory.ts';
import { readDirectory } from './directory-read.ts';
import { type DirectorySignature, signersOfFirst, verifyStep } from './directory-step.ts';
import { attempt, entries, fields, text } from './strict.ts';
import type { Suites } from './suite.ts';

/** A version of the directory with the signatures it was given. 签名目录 */
export interface SignedDirectory {
  readonly directory: Directory;
  readonly signatures: readonly DirectorySignature[];
}

/** Text of a signed version as files, evidence and peers hold it: `{canonical, signatures}`, signatures in hex by key id. */
export interface SignedDirectoryText {
  readonly canonical: string;
  readonly signatures: Readonly<Record<string, string>>;
}

/** A signed version as it is written and sent. */
export function signedText({ directory, signatures }: SignedDirectory): SignedDirectoryText {
  return {
    canonical: fromUtf8(directoryBytes(directory)) ?? '',
    signatures: Object.fromEntries(signatures.map(({ key, signature }) => [key, signature])),
  };
}

/** A signed version of its JSON value; `detail` names the first part at fault. Whether it follows another is `verifyStep`'s to say. */
export function readSigned(
  value: unknown,
): { readonly ok: true; readonly signed: SignedDirectory } | { readonly ok: false; readonly detail: string } {
  const shape = attempt(() => {
    const of = fields(value, '', { needed: ['canonical', 'signatures'] });
    const canonical = text(of['canonical'], '/canonical', 'a text', () => true);
    const signatures = entries(of['signatures'], '/signatures', (key, one, at) => ({
      key,
      signature: text(one, at, 'a signature in hex', (hex) => /^[0-9a-f]{128}$/.test(hex)),
    }));
    return { canonical, signatures };
  });
  if (!shape.ok) return shape;
  const read = readDirectory(toUtf8(shape.value.canonical));
  if (!read.ok) return read;
  return { ok: true, signed: { directory: read.directory, signatures: shape.value.signatures } };
}

/** Why a version does not stand after another (undefined: as the first, by its own signers); undefined when it does. */
export function chainFault(
  previous: Directory | undefined,
  { directory, signatures }: SignedDirectory,
  suites?: Suites,
): string | undefined {
  if (previous === undefined) {
    const signed = signersOfFirst(directory, signatures, suites).length;
    return signed >= directory.threshold ? undefined : `${signed} of ${directory.threshold} signatures`;
  }
  const step = verifyStep(previous, directory, signatures, suites);
  return step.ok ? undefined : `${step.code}: ${step.detail}`;
}
