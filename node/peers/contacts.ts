import { createHash, type X509Certificate } from 'node:crypto';

/** Where a member's node is reached and which TLS keys speak for it: SHA-256 of their SPKI, lower-case hex. */
export interface Contact {
  readonly code: string;
  readonly url: string;
  readonly tls: readonly string[];
}

/** The members of the directory in force, looked up anew for every connection and request. */
export interface Contacts {
  of(member: string): Contact | undefined;
  /** Code of the member whose entry names this key. */
  byKey(spki: string): string | undefined;
}

/** Looks members up in whatever `members` returns now; keys are indexed again only when it returns another list. */
export function contactsOf(members: () => readonly Contact[]): Contacts {
  let known: readonly Contact[] | undefined;
  const byCode = new Map<string, Contact>();
  const byKey = new Map<string, string>();
  const refresh = (): void => {
    const now = members();
    if (now === known) return;
    known = now;
    byCode.clear();
    byKey.clear();
    for (const contact of now) {
      byCode.set(contact.code, contact);
      for (const key of contact.tls) byKey.set(key, contact.code);
    }
  };
  return {
    of(member) {
      refresh();
      return byCode.get(member);
    },
    byKey(spki) {
      refresh();
      return byKey.get(spki);
    },
  };
}

/** SHA-256 over the certificate's public key (SubjectPublicKeyInfo), lower-case hex: what the directory lists. */
export function spkiOf(certificate: X509Certificate): string {
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
