/** A kind of thing that messages and records are about. 对象 */
export interface SubjectKind<K extends string = string> {
  readonly kind: K;
  /** Its keys are citizens' numbers: reads of its records go on that person's access page. */
  readonly person: boolean;
}

/** Declares a kind of subject; a subject's wire form is `kind:key`, printable ASCII, at most 120 characters. */
export function subject<K extends string>(kind: K, options?: { person?: boolean }): SubjectKind<K> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(kind))
    throw new Error(`subject kind '${kind}': lower-case letters, digits, hyphens`);
  return { kind, person: options?.person ?? false };
}

/** A natural person; the key is the citizen number (公民身份号码), the same in every system and member. 自然人 */
export const Person = subject('person', { person: true });
