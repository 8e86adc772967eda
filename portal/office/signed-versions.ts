/** A version of the directory as files and nodes hold it: its text, and signatures by key id. */
export interface SignedVersion {
  readonly canonical: string;
  readonly signatures: Readonly<Record<string, string>>;
}

/** A member's key, as the directory lists it. */
export interface MemberKey {
  readonly id: string;
  readonly suite: string;
  readonly use: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly revoked?: { readonly at: string };
}

/** What a directory's text says, as far as pages show it. */
export interface DirectoryText {
  readonly version: number;
  readonly issued: string;
  readonly expires: string;
  /** Hash of the version before. */
  readonly prev?: string;
  readonly members: readonly { readonly code: string; readonly keys: readonly MemberKey[] }[];
}

/** Codes of the members whose keys signed a version; key ids are unique in a region. */
export function signersOf({ canonical, signatures }: SignedVersion): readonly string[] {
  const { members } = JSON.parse(canonical) as DirectoryText;
  const signed = new Set(Object.keys(signatures));
  return members.filter(({ keys }) => keys.some(({ id }) => signed.has(id))).map(({ code }) => code);
}

/** The members, with their keys, of the version in force. */
export function membersIn(versions: readonly SignedVersion[], inForce: number): DirectoryText['members'] {
  const texts = versions.map(({ canonical }) => JSON.parse(canonical) as DirectoryText);
  return (texts.find(({ version }) => version === inForce) ?? texts.at(-1))?.members ?? [];
}
