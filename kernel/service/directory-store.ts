import { fromUtf8 } from '../exchange/bytes.ts';
import { directoryBytes } from '../exchange/directory.ts';
import { directoryHash } from '../exchange/directory-step.ts';
import { readSigned, type SignedDirectory } from '../exchange/signed-directory.ts';
import { conflictRecord, membersRecord, type Told, versionRecord } from '../membership/membership.ts';
import type { Store } from '../store/store.ts';

/** Body of `kernel/directory` for a version. */
export function toldOf(is: 'version' | 'conflict', { directory, signatures }: SignedDirectory): Told {
  return {
    is,
    version: {
      version: directory.version,
      hash: directoryHash(directory),
      issued: directory.issued,
      canonical: fromUtf8(directoryBytes(directory)) ?? '',
      signatures: signatures.map(({ key, signature }) => ({ key, signature })),
    },
    members: directory.members.map(({ code }) => code),
  };
}

/** Versions that a node has stored, oldest first, and those that contradict them. */
export async function storedDirectories(store: Pick<Store, 'load'>): Promise<{
  readonly versions: readonly SignedDirectory[];
  readonly conflicts: readonly SignedDirectory[];
}> {
  const subject = 'partition:0';
  const loaded = await store.load(0, [
    { table: 'records', type: versionRecord.type, subject },
    { table: 'records', type: conflictRecord.type, subject },
  ]);
  const of = (type: string) =>
    loaded.records.filter((row) => row.type === type && row.body !== null).map((row) => signedOf(row.body));
  const versions = of(versionRecord.type).sort((a, b) => a.directory.version - b.directory.version);
  return { versions, conflicts: of(conflictRecord.type) };
}

/** The newest version that a partition knows; 0 for none. */
export async function versionIn(store: Pick<Store, 'load'>, partition: number): Promise<number> {
  const miss = { table: 'records', type: membersRecord.type, subject: `partition:${partition}` } as const;
  const { records } = await store.load(partition, [miss]);
  const known: unknown = Reflect.get(Object(JSON.parse(records[0]?.body ?? 'null')), 'known');
  const versions = Array.isArray(known)
    ? known.map((one) => Number(Reflect.get(Object(one), 'version')))
    : [];
  return Math.max(0, ...versions);
}

/** A stored version. Errors: one that cannot be read is a broken invariant. */
function signedOf(body: string | null): SignedDirectory {
  const { canonical, signatures } = JSON.parse(body ?? 'null');
  const list: readonly { readonly key: string; readonly signature: string }[] = signatures;
  const value = { canonical, signatures: Object.fromEntries(list.map((one) => [one.key, one.signature])) };
  const read = readSigned(value);
  if (!read.ok) throw new Error(`a stored directory: ${read.detail}`);
  return read.signed;
}
