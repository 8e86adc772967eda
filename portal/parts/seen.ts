/** A version of a record on which a form relies: the record's address, and the version as its `ETag` says it. */
export interface Seen {
  readonly href: string;
  readonly at: string;
}

/** No field of an input is called so: theirs have no hyphen. */
const word = 'seen-record';

/** The part of a form's address that tells what it was opened from. */
export function seenQuery({ href, at }: Seen): Readonly<Record<string, string>> {
  return { [word]: `${at} ${href}` };
}

/** What a form's address says it was opened from. */
export function seenOf(search: Readonly<Record<string, string>>): Seen | undefined {
  const [, at, href] = /^(\S+) (\/\S+)$/.exec(search[word] ?? '') ?? [];
  return at === undefined || href === undefined ? undefined : { href, at };
}
