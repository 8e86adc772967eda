/** Where an issuer puts what a node wants to know, and what its roles are called here. */
export interface ClaimPlaces {
  /** Name of the claim, or a JSON pointer (RFC 6901) to where it is nested. */
  readonly roles?: string | undefined;
  readonly citizen?: string | undefined;
  /** What each role of the issuer gives at this member; absent: roles are `<member>:<system>/<role>`. */
  readonly roleNames?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A claim by its name, or by a JSON pointer; undefined where there is none. */
export function claimAt(payload: unknown, place: string): unknown {
  if (!place.startsWith('/')) return own(payload, place);
  return place
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(own, payload);
}

function own(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
}

/** The roles `<system>/<role>` that an issuer's words give at a member; a word that says nothing here gives nothing. */
export function rolesHere(
  words: readonly string[],
  member: string,
  names: ClaimPlaces['roleNames'],
): readonly string[] {
  const prefix = `${member}:`;
  if (names === undefined)
    return words.filter((word) => word.startsWith(prefix)).map((word) => word.slice(prefix.length));
  return [...new Set(words.flatMap((word) => (Object.hasOwn(names, word) ? (names[word] ?? []) : [])))];
}
